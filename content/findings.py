"""What an editor is told about a text before people read it: what stops it, what should be mended.

A text is stopped if it can't be shown as it is meant; everything else that the content check finds
is left to the editor and the reviewer.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from content.answers import Answer
from content.check import check_answer
from content.directory import PLACEHOLDER, Directory, UnknownPlaceholder
from content.markup import to_html, to_text

#: Characters that a message, and a button, has room for.
LONGEST_BODY, LONGEST_TITLE = 900, 28
#: Kinds of the content check that are told here in other words, or by the list's status.
_TOLD_ELSEWHERE = frozenset(
    ("title_length", "body_length", "empty", "placeholder_unknown", "placeholder_unpublished",
     "placeholder_broken", "outdated", "not_compared", "expired", "expires_soon")
)  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """Something to mend in a field of a text; ``stops``: it can't be published like this."""

    field: str
    message: str
    stops: bool = False
    line: int | None = None


def stops(answer: Answer, directory: Directory, known: Collection[str]) -> list[Notice]:
    """Why a text can't be shown to people; empty if it can. ``known``: ids of all answers."""
    found: list[Notice] = []

    def stop(field: str, message: str) -> None:
        found.append(Notice(field, message, stops=True))

    if not answer.title.strip():
        stop("title", "The title is empty.")
    if len(answer.title) > LONGEST_TITLE:
        stop("title", f"At most {LONGEST_TITLE} characters, now {len(answer.title)}.")
    if "{" in answer.title or "}" in answer.title:
        stop("title", "Titles are shown as they stand: no facts in braces.")
    text, unknown = answer.body, []
    for name in dict.fromkeys(PLACEHOLDER.findall(answer.body)):
        try:
            value = directory.value(name, answer.language)
        except UnknownPlaceholder as error:
            unknown.append(name)
            stop("body", f"{{{name}}}: {str(error).rsplit(': ', 1)[-1]}.")
        else:
            text = text.replace(f"{{{name}}}", value)
    rest = text
    for name in unknown:
        rest = rest.replace(f"{{{name}}}", "")
    if "{" in rest or "}" in rest:
        stop(
            "body", "A brace stands alone. A fact is written as {number.police}, in Latin letters."
        )
    if not answer.body.strip():
        stop("body", "The text is empty.")
    length = len(to_text(to_html(text)))
    if length > LONGEST_BODY:
        stop("body", f"At most {LONGEST_BODY} characters as people read it, now {length}.")
    if not answer.sources:
        stop("sources", "No source. Where does it come from?")
    for other in answer.related:
        if other not in known or other == answer.id:
            stop("related", f"{other} can't be a related topic.")
    return found


def showable(answer: Answer, directory: Directory, known: Collection[str]) -> Answer:
    """The same text with what can't be shown left out, or marked with ⟦ ⟧, for a preview."""

    def mark(found: re.Match[str]) -> str:
        return found[0] if directory.published(found[1], answer.language) else f"⟦{found[1]}⟧"

    related = tuple(one for one in answer.related if one in known)
    return replace(answer, body=PLACEHOLDER.sub(mark, answer.body), related=related)


def findings(
    answer: Answer, english: Answer | None, directory: Directory, known: Collection[str]
) -> list[Notice]:
    """All that is to be said about a text, what stops it first."""
    stopped = stops(answer, directory, known)
    checked = check_answer(answer, english, directory, known=known)
    hints = [
        Notice(one.field, one.message, line=one.line)
        for one in checked
        if one.kind not in _TOLD_ELSEWHERE
    ]
    return stopped + hints
