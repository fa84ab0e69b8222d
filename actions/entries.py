"""Short texts that staff write in several languages, as people read them: pages of entries."""

from collections.abc import Sequence

from actions.context import Context
from content.languages import DEFAULT_LANGUAGE
from content.translated import Texts, language_shown, light_html

#: Pages that can be asked for: a value of a button is what anybody may send.
MOST_PAGES = 1000


def page_number(value: str) -> int:
    """The page, from 0, that a button asks for; 0 if it asks for none."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0
    return min(number, MOST_PAGES)


def entry(
    ctx: Context, head: str, centre: str | None, parts: Sequence[tuple[str, Texts]]
) -> list[str]:
    """The lines of an entry as light HTML in the person's language, or in English if any of its
    texts is missing there.

    ``head`` is plain text; ``parts`` are sentences marked for translation with a field ``{text}``,
    and what stands in it.
    """
    language = ctx.person.language
    written = language_shown(language, *(texts for _sentence, texts in parts))
    place = ctx.library.directory.centres.get(centre or "")
    if place:
        head += f" · {place.called(language)}"
    lines = [f"<b>{light_html(head, language, language)}</b>"]
    if written != language:
        in_english = ctx.say("In English; not yet translated.")
        lines.append(f"<i>{in_english}</i>")
    for sentence, texts in parts:
        text = light_html(texts.get(written) or texts[DEFAULT_LANGUAGE], written, language)
        lines.append(ctx.label(sentence).replace("{text}", text))
    return lines
