"""Freshness: texts that have run out or soon will, translations older than their English source."""

import datetime as dt
from collections.abc import Iterator

from content.checks.finding import Finding
from content.checks.subject import Subject
from content.source_hash import source_hash

#: How long before its end a text is named.
SOON = dt.timedelta(days=30)


def check_freshness(subject: Subject) -> Iterator[Finding]:
    """An answer's last day against today, and its ``made_from`` against the present English."""
    answer, today = subject.answer, subject.today
    if type(answer.valid_until) is dt.date:
        left = (answer.valid_until - today).days
        if left < 0:
            message = f"expired on {answer.valid_until}: check it and set checked and valid_until"
            yield Finding("expired", message, field="valid_until")
        elif left <= SOON.days:
            message = f"expires in {left} days, on {answer.valid_until}"
            yield Finding("expires_soon", message, field="valid_until")
    if subject.english is None:
        return
    stamp = f"rahnuma content stamp --language {answer.language} {answer.id}"
    if not answer.made_from:
        message = f"not yet compared with the English text; afterwards: {stamp}"
        yield Finding("not_compared", message, field="made_from")
    elif str(answer.made_from) != source_hash(subject.english):
        message = f"the English text has changed since; compare, then: {stamp}"
        yield Finding("outdated", message, field="made_from")
