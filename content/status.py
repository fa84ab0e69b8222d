"""How an answer stands in one language, as editors see it in the console's list."""

import datetime as dt
from collections.abc import Collection
from typing import Literal

from content.answers import Answer
from content.languages import DEFAULT_LANGUAGE
from content.source_hash import source_hash

#: A text that holds for fewer days than this, or as many, is expiring.
SOON = dt.timedelta(days=30)

Status = Literal["missing", "expired", "outdated", "not compared", "expiring", "draft", "reviewed"]
#: What each status means, the most urgent first.
STATUSES: dict[Status, str] = {
    "missing": "nothing is written; people get the English text",
    "expired": "the day until which it holds has passed",
    "outdated": "the English text has changed since it was translated",
    "not compared": "nobody has noted from which English text it was translated",
    "expiring": f"holds for {SOON.days} days or fewer",
    "draft": "no named person has checked it",
    "reviewed": "a named person has checked it",
}


def statuses(answer: Answer | None, english: Answer | None, today: dt.date) -> tuple[Status, ...]:
    """All that is true of an answer that is in force, the most urgent first.

    ``english`` is the English answer of the same id that is in force. A missing answer is nothing
    else; any other is either a draft or reviewed, and may be more beside that.
    """
    if answer is None:
        return ("missing",)
    found: set[Status] = {answer.status}
    if answer.expired(today):
        found.add("expired")
    elif answer.valid_until - today <= SOON:
        found.add("expiring")
    if answer.language != DEFAULT_LANGUAGE and english is not None:
        if not answer.made_from:
            found.add("not compared")
        elif answer.made_from != source_hash(english):
            found.add("outdated")
    return tuple(status for status in STATUSES if status in found)


def file_changed(in_file: str | None, known: Collection[str | None]) -> bool:
    """Whether the file says something that no version knows of.

    ``in_file`` is the digest of the file's text (content/overlay.py), None if there is none;
    ``known`` the digests that the versions were made from or hold.
    """
    return in_file is not None and in_file not in known
