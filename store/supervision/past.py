"""The handoff over time: from the cases that are still kept, and from counters that stay.

Medians and 90 % marks are of at least ``FEWEST`` cases: of fewer they would say how one of the
staff did with one person.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.case_tables import CaseRow
from store.local_time import DAYS, HOURS, local, read_hour_key
from store.tables import CountRow, now

FEWEST = 5
#: Weeks for which cases are looked at (most are deleted 30 days after closing).
WEEKS = 8
#: What is counted of cases.
COUNTED = (
    *("case_opened", "case_reply", "case_closed", "case_reopened", "case_rating"),
    *("case_hour", "case_no_hours"),
)


@dataclass(frozen=True)
class Times:
    """How long something took: of how many cases, and in minutes; None where they are too few."""

    cases: int
    median: float | None
    most: float | None  # nine of ten took no longer

    @classmethod
    def of(cls, minutes: list[float]) -> "Times":
        """Of single times."""
        if len(minutes) < FEWEST:
            return cls(len(minutes), None, None)
        most = quantiles(minutes, n=10, method="inclusive")[8]
        return cls(len(minutes), median(minutes), most)


@dataclass(frozen=True)
class Paces:
    """How fast the cases of a group went."""

    first_reply: Times
    to_close: Times
    danger_reply: Times


@dataclass
class _Group:
    first_reply: list[float] = field(default_factory=list)
    to_close: list[float] = field(default_factory=list)
    danger_reply: list[float] = field(default_factory=list)

    def paces(self) -> Paces:
        return Paces(*(Times.of(t) for t in (self.first_reply, self.to_close, self.danger_reply)))


@dataclass(frozen=True)
class Kept:
    """What the kept cases say, by week in which they were opened (its Monday) and by language."""

    weeks: dict[dt.date, Paces]
    languages: dict[str, Paces]


async def kept_cases(connection: AsyncConnection, language: str | None = None) -> Kept:
    """The paces of the last ``WEEKS`` weeks; ``language``: the weeks of that language alone."""
    c = CaseRow
    this_week = _monday(now())
    first = this_week - dt.timedelta(weeks=WEEKS - 1)
    # a day more: local time is before UTC's, and each case is put into its local week
    since = dt.datetime.combine(first, dt.time()) - dt.timedelta(days=1)
    columns = (c.language, c.danger, c.opened_at, c.first_reply_at, c.closed_at)
    rows = (await connection.execute(select(*columns).where(c.opened_at >= since))).all()
    weeks = {first + dt.timedelta(weeks=n): _Group() for n in range(WEEKS)}
    languages: dict[str, _Group] = {}
    for row in rows:
        groups = [languages.setdefault(row.language, _Group())]
        week = _monday(row.opened_at)
        if week in weeks and language in (None, row.language):
            groups.append(weeks[week])
        for group in groups:
            if row.first_reply_at is not None:
                replies = group.danger_reply if row.danger else group.first_reply
                replies.append(_minutes(row.opened_at, row.first_reply_at))
            if row.closed_at is not None:
                group.to_close.append(_minutes(row.opened_at, row.closed_at))
    return Kept(
        {week: group.paces() for week, group in weeks.items()},
        {code: group.paces() for code, group in sorted(languages.items())},
    )


def _monday(at: dt.datetime) -> dt.date:
    day = local(at).date()
    return day - dt.timedelta(days=day.weekday())


def _minutes(begin: dt.datetime, end: dt.datetime) -> float:
    return (end - begin).total_seconds() / 60


@dataclass(frozen=True)
class Count:
    """How often something was counted in a month (its first day)."""

    month: dt.date
    what: str
    key: str
    language: str
    n: int


async def counted(
    connection: AsyncConnection, first: dt.date, language: str | None = None
) -> list[Count]:
    """The counters of cases since the month that begins on ``first``, summed up by month."""
    rows = select(CountRow.day, CountRow.what, CountRow.key, CountRow.language, CountRow.n)
    rows = rows.where(CountRow.what.in_(COUNTED), CountRow.day >= first)
    if language is not None:
        rows = rows.where(CountRow.language == language)
    sums: dict[tuple[dt.date, str, str, str], int] = {}
    for row in await connection.execute(rows):
        cell = (row.day.replace(day=1), row.what, row.key, row.language)
        sums[cell] = sums.get(cell, 0) + row.n
    return [Count(*cell, n) for cell, n in sorted(sums.items())]


def by_month(
    counts: Iterable[Count], what: str, key: Callable[[str], str] = lambda key: key
) -> dict[dt.date, dict[str, int]]:
    """How often each key was counted in each month."""
    found: dict[dt.date, dict[str, int]] = {}
    for one in counts:
        if one.what == what:
            month = found.setdefault(one.month, {})
            month[key(one.key)] = month.get(key(one.key), 0) + one.n
    return found


def demand(counts: Iterable[Count]) -> list[list[int]]:
    """How many cases were opened in each hour of each weekday, local time, Monday first."""
    grid = [[0] * HOURS for _day in range(DAYS)]
    for one in counts:
        if one.what == "case_hour" and (at := read_hour_key(one.key)):
            grid[at[0]][at[1]] += one.n
    return grid
