"""Right-to-left text: numbers and Latin words stand between isolates, which are balanced.

By the classes of the Unicode bidirectional algorithm (UAX #9): in a right-to-left paragraph a
character of class L or EN outside an isolate can pull its neighbours to the wrong side.
"""

import re
import unicodedata
from collections.abc import Iterator

from content.checks.finding import Finding
from content.languages import direction
from content.markup import LRI, PDI, isolate, to_html, to_text

_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LEFT_TO_RIGHT = ("L", "EN")
_PICTURES = "ℹ"  # by Unicode a letter
_OTHER_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"  # an error of their own
_LIST_NUMBER = re.compile(r"^\d+\. ")
# Two isolates with nothing but signs between them: shown in the wrong order in one address.
_SPLIT = re.compile(f"[^{PDI}\\s]*{PDI}[?=#%~*&;!]+{LRI}[^{PDI}\\s]*")


def isolation_problem(paragraph: str) -> str | None:
    """What is wrong with a right-to-left paragraph as people get it, plain text; None: nothing."""
    rest = _LIST_NUMBER.sub("", paragraph)
    depth = 0
    for place, sign in enumerate(rest):
        if sign == LRI:
            depth += 1
        elif sign == PDI:
            depth -= 1
        elif depth == 0 and _pulls(sign):
            return f"not isolated from the text around it: {rest[place:][:12].split()[0]}"
        if depth not in (0, 1):
            return "isolates are nested or closed twice"
    if depth:
        return "an isolate is not closed"
    if split := _SPLIT.search(rest):
        word = re.sub(f"[{LRI}{PDI}]", "", split[0])
        return f"read in the wrong order, since signs part it: {word}"
    return None


def check_direction(title: str, language: str) -> Iterator[Finding]:
    """A title stands alone on a button, which takes its direction from the first letter."""
    classes = (unicodedata.bidirectional(sign) for sign in title)
    first = next((one for one in classes if one in ("L", "R", "AL")), None)
    if direction(language) == "rtl" and first == "L":
        message = "begins with a Latin letter: a button would be read from the left"
        yield Finding("title_direction", message, field="title")


def _pulls(sign: str) -> bool:
    """Whether a sign is a letter or number that reads left to right; pictures are neither."""
    if sign in _OTHER_DIGITS or sign in _PICTURES or unicodedata.category(sign) == "So":
        return False
    return unicodedata.bidirectional(sign) in _LEFT_TO_RIGHT


def check_isolation(text: str, language: str) -> Iterator[Finding]:
    """A text as written, its facts filled in: each line as it will be shown."""
    for number, line in enumerate(text.splitlines(), 1):
        if control := _CONTROLS.search(line):
            message = (
                f"invisible sign U+{ord(control[0]):04X}; numbers and names are isolated later"
            )
            yield Finding("bidi_control", message, number)
        elif direction(language) == "rtl":
            shown = to_text(isolate(to_html(line), language))
            if problem := isolation_problem(shown):
                yield Finding("not_isolated", problem, number)
