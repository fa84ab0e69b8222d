"""Short texts that staff write in up to six languages: what of them a person is shown.

English is always there; where a language is missing, people get the English text.
"""

import html
from collections.abc import Mapping

from content.languages import DEFAULT_LANGUAGE, LANGUAGES, direction
from content.markup import LRI, PDI, isolate

#: A text by language code; an empty or absent one is missing.
Texts = Mapping[str, str]


def language_shown(language: str, *texts: Texts) -> str:
    """The language in which texts that belong together are shown: theirs if all are in it."""
    return language if all(text.get(language) for text in texts) else DEFAULT_LANGUAGE


def missing(*texts: Texts) -> list[str]:
    """Codes of the languages in which at least one of some texts is missing."""
    return [code for code in LANGUAGES if not all(text.get(code) for text in texts)]


def light_html(text: str, written_in: str, shown_to: str) -> str:
    """A text as light HTML inside a message in another or the same language.

    A left-to-right text in a right-to-left message is isolated line by line, so that its full
    stop does not jump to the wrong end (UAX #9: an isolate ends with its paragraph).
    """
    safe = html.escape(text, quote=False)
    if direction(written_in) == direction(shown_to):
        return isolate(safe, written_in)
    if direction(written_in) == "rtl":
        return safe
    return "\n".join(f"{LRI}{line}{PDI}" if line.strip() else line for line in safe.split("\n"))
