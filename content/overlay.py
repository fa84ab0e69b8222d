"""What editors have published, laid over the files: published texts and facts come first.

The body of an answer's version has ``title``, ``body``, ``sources``, ``related``, ``checked`` (ISO
day) and ``made_from``; that of a fact is the fact as it stands in ``directory.yml`` (dates as ISO
days).
"""

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from content.answers import Answer, Answers


@dataclass(frozen=True)
class Published:
    """A published version: ``key`` is an intent, or a fact's path (then ``language`` is empty).

    ``valid_until`` is the day until which its reviewer, ``reviewed_by``, vouches for it.
    """

    kind: str
    key: str
    language: str
    body: dict[str, Any]
    valid_until: dt.date | None = None
    reviewed_by: str | None = None


#: Where the hours of the counsellors' desk stand: the one fact that has a week and no value.
DESK_HOURS = "desk.hours"


def overlaid(
    answers: Answers, facts: dict[str, Any], published: Iterable[Published]
) -> tuple[Answers, dict[str, Any]]:
    """Answers and directory data with what is published in the place of the files' own.

    Raises KeyError or ValueError for a body that lacks something. The arguments stay as they are.
    """
    answers, facts = dict(answers), copy.deepcopy(facts)
    for one in published:
        if one.kind == "answer":
            answers[one.language, one.key] = to_answer(one)
        else:
            _put(facts, one.key, to_fact(one.body))
    return answers, facts


def said_by_files(one: Published, answers: Answers, facts: dict[str, Any]) -> bool:
    """Whether the files say by themselves what a published version says."""
    if one.kind == "answer":
        mine, theirs = to_answer(one), answers.get((one.language, one.key))
        return theirs is not None and _comparable(mine) == _comparable(theirs)
    return fact_at(facts, one.key) == to_fact(one.body)


def _comparable(answer: Answer) -> Answer:
    # an empty made_from says nothing, and blanks around a text are not part of it
    body = answer.body.replace("\r\n", "\n").replace("\r", "\n").strip()
    return replace(answer, made_from=answer.made_from or None, body=body)


def to_answer(one: Published) -> Answer:
    """A published version as an answer; two people have looked at it, so it is reviewed."""
    body, checked = one.body, dt.date.fromisoformat(one.body["checked"])
    return Answer(
        id=one.key,
        language=one.language,
        title=body["title"],
        status="reviewed",
        checked=checked,
        valid_until=one.valid_until or checked,
        sources=tuple(body["sources"]),
        related=tuple(body["related"]),
        body=body["body"],
        made_from=body.get("made_from"),
        reviewed_by=one.reviewed_by,
    )


def of_answer(answer: Answer) -> dict[str, Any]:
    """The body that a version of this answer would have."""
    return {
        "title": answer.title,
        "body": answer.body,
        "sources": list(answer.sources),
        "related": list(answer.related),
        "checked": answer.checked.isoformat(),
        "made_from": answer.made_from,
    }


def to_fact(body: dict[str, Any]) -> dict[str, Any]:
    """A fact's version as it stands in the directory: its days are dates there."""
    fact = dict(body)
    if isinstance(fact.get("checked"), str):
        fact["checked"] = dt.date.fromisoformat(fact["checked"])
    if "closed_on" in fact:
        fact["closed_on"] = [dt.date.fromisoformat(day) for day in fact["closed_on"]]
    return fact


def of_fact(fact: dict[str, Any]) -> dict[str, Any]:
    """The body that a version of this fact would have (JSON has no dates)."""
    return {key: _without_dates(value) for key, value in fact.items()}


def _without_dates(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_dates(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def fact_at(facts: dict[str, Any], path: str) -> dict[str, Any] | None:
    """The fact at a path such as ``organisations.iom.phone``; None if there is none."""
    found: Any = facts
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    is_fact = isinstance(found, dict) and ("value" in found or path == DESK_HOURS)
    return found if is_fact else None


def with_fact(facts: dict[str, Any], path: str, fact: dict[str, Any] | None) -> dict[str, Any]:
    """Directory data with another fact at a path (None: without it). The argument stays as it is.

    Raises KeyError if there is no such place.
    """
    changed = copy.deepcopy(facts)
    if fact is not None:
        _put(changed, path, fact)
    else:
        *parents, last = path.split(".")
        at = changed
        for part in parents:
            at = at[part]
        at.pop(last, None)
    return changed


def _put(facts: dict[str, Any], path: str, fact: dict[str, Any]) -> None:
    *parents, last = path.split(".")
    at = facts
    for part in parents:
        at = at[part]
    at[last] = fact


def digest(body: dict[str, Any]) -> str:
    """A short hash of a version's body (SHA-256 of its canonical JSON, 16 hex digits)."""
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
