"""Markup: only what ``content.markup`` shows, opened and closed on one line."""

import re
from collections.abc import Iterator

from content.checks.finding import Finding
from content.markup import to_html, to_text

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
#: What would be seen as plain characters, or change the text around it.
_UNSUPPORTED = (
    (re.compile(r"^\s{0,3}#{1,6}(\s|$)"), "a heading; use **bold**"),
    (re.compile(r"^\s{0,3}(=+|-{2,}|(\*\s*){3,}|(_\s*){3,})\s*$"), "a line across"),
    (re.compile(r"</?[A-Za-z!][^>]*>?"), "HTML"),
    (re.compile(r"!\[[^\]]*\]"), "a picture"),
    (re.compile(r"^\s*\||\|.*\|"), "a table"),
    (re.compile(r"^\s{0,3}>"), "a quotation block"),
    (re.compile(r"```|~~~|^ {4,}\S|^\t"), "a block of code"),
    (re.compile(r"~~"), "struck out text"),
    (re.compile(r"^\s*\[[^\]]+\]:|\]\["), "a link by reference"),
    (re.compile(r"^\s*(\d+\)|[+*]) "), "a list with other signs than 1. or -"),
    (re.compile(r"(?<!\w)__?(?=\S)|(?<=\S)__?(?!\w)"), "underscores; use * or **"),
)


def check_markup(text: str, _language: str = "") -> Iterator[Finding]:
    """Signs of Markdown that people would see, by line."""
    for number, line in enumerate(text.splitlines(), 1):
        unsupported = [what for pattern, what in _UNSUPPORTED if pattern.search(line)]
        for what in unsupported:
            yield Finding("markup_unsupported", f"{what} can't be shown", number)
        # a link of another scheme is told of as such, not as its brackets
        shown = to_text(to_html(_LINK.sub(r"\1", line)))
        if not unsupported and (signs := re.findall(r"\*+|`+|\]\(", shown)):
            message = (
                f"{signs[0]} must be opened and closed on the same line, without blanks inside"
            )
            yield Finding("markup_unbalanced", message, number)
