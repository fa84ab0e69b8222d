"""Links between answers, and links of a kind that no channel can show."""

import re
from collections.abc import Iterator

from content.checks.finding import Finding
from content.checks.subject import Subject

_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)>\s]*)")
_SCHEME = re.compile(r"https?://\S", re.IGNORECASE)


def check_links(subject: Subject) -> Iterator[Finding]:
    """``related`` and ``ask:`` links lead to other answers that exist; others to the web."""
    answer = subject.answer
    for place, other in enumerate(answer.related):
        if problem := _dead(subject, other):
            yield Finding("dead_link", f"related: {problem}", field="related")
        elif other in answer.related[:place]:
            yield Finding("dead_link", f"related: {other} stands there twice", field="related")
    for line, content in enumerate(answer.body.splitlines(), 1):
        for target in _LINK.findall(content):
            intent = target.removeprefix("ask:")
            if intent != target and (problem := _dead(subject, intent)):
                yield Finding("dead_link", f"link: {problem}", line)
            elif intent != target:
                message = f"{target}: links between answers are buttons; put it under related"
                yield Finding("link_scheme", message, line)
            elif not _SCHEME.match(target):
                message = f"{target or 'an empty link'}: links begin with https:// or http://"
                yield Finding("link_scheme", message, line)


def _dead(subject: Subject, other: str) -> str | None:
    if other == subject.answer.id:
        return f"{other} leads to itself"
    return None if other in subject.known else f"{other} does not exist"
