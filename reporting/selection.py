"""Which feedback a view is about: whole months, and at most one centre, language and type.

Only whole values can be chosen, so no view is about a handful of people by its making.
"""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_

from content.coding import TYPES
from content.languages import LANGUAGES
from store.tables import FeedbackRow

#: Stands for feedback without a centre, in filters and exports.
NOT_GIVEN = "not given"
#: The longest period in months.
LONGEST = 60


class SelectionError(ValueError):
    """A filter can't be used; the message says which."""


def month_of(day: dt.date) -> dt.date:
    """The first day of a day's month."""
    return day.replace(day=1)


def months_before(month: dt.date, n: int) -> dt.date:
    """The first day of the month ``n`` months before (after, if negative) that of a day."""
    count = month.year * 12 + month.month - 1 - n
    return dt.date(count // 12, count % 12 + 1, 1)


def read_month(text: str) -> dt.date:
    """The first day of a month written ``YYYY-MM``; raises SelectionError."""
    try:
        if not re.fullmatch(r"2\d{3}-\d{2}", text, re.ASCII):
            raise ValueError
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise SelectionError("a month must be written as 2025-03") from error


@dataclass(frozen=True)
class Selection:
    """Months ``first`` to ``last`` (their first days, both included), and filters (None: all)."""

    first: dt.date
    last: dt.date
    centre: str | None = None
    language: str | None = None
    type: str | None = None

    @property
    def end(self) -> dt.date:
        """The day after the last day."""
        return months_before(self.last, -1)

    @property
    def months(self) -> list[dt.date]:
        """The first days of the months, oldest first."""
        span = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return [months_before(self.first, -n) for n in range(span + 1)]

    @property
    def is_filtered(self) -> bool:
        """Whether it is about one centre, language or type."""
        return any((self.centre, self.language, self.type))

    def of_period(self) -> "Selection":
        """The same months of all centres, languages and types."""
        return replace(self, centre=None, language=None, type=None)

    def condition(self) -> ColumnElement[bool]:
        """The rows of the table that belong to it. Sensitive items are never among them."""
        wanted = [
            FeedbackRow.sensitive.is_(False),
            FeedbackRow.given_on >= self.first,
            FeedbackRow.given_on < self.end,
        ]
        if self.centre:
            centre = None if self.centre == NOT_GIVEN else self.centre
            wanted.append(FeedbackRow.centre.is_not_distinct_from(centre))
        if self.language:
            wanted.append(FeedbackRow.language == self.language)
        if self.type:
            wanted.append(FeedbackRow.type == self.type)
        return and_(*wanted)

    def query(self) -> str:
        """It as the query part of an address."""
        return urlencode(self.fields())

    def fields(self) -> dict[str, str]:
        """It as the fields of a form, as ``select`` reads them."""
        period = {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}
        kept = {"centre": self.centre, "language": self.language, "type": self.type}
        return period | {name: value for name, value in kept.items() if value}

    def __str__(self) -> str:
        """It in a line of the audit log."""
        return " ".join(self.fields().values())


def select_feedback(
    today: dt.date,
    centres: Collection[str],
    *,
    first: str = "",
    last: str = "",
    centre: str = "",
    language: str = "",
    type: str = "",
) -> Selection:
    """A selection from what a form sent; empty means all, or the last three months up to today.

    ``centres``: the known ids. Raises SelectionError for what is unknown, a period that ends before
    it begins, ends after this month or is longer than ``LONGEST`` months.
    """
    this = month_of(today)
    until = read_month(last) if last else this
    since = read_month(first) if first else months_before(until, 2)
    if until > this:
        raise SelectionError("the period ends after this month")
    if since > until:
        raise SelectionError("the period ends before it begins")
    if since < months_before(until, LONGEST - 1):
        raise SelectionError(f"the period is longer than {LONGEST} months")
    for name, value, known in (
        ("centre", centre, {NOT_GIVEN, *centres}),
        ("language", language, LANGUAGES),
        ("type", type, TYPES),
    ):
        if value and value not in known:
            raise SelectionError(f"unknown {name}")
    return Selection(since, until, centre or None, language or None, type or None)
