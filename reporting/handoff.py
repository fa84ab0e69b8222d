"""The handoff in numbers: what the supervision page draws, and its monthly export."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from content.spreadsheet import safe_cell
from reporting.overview import Line, Table
from reporting.selection import months_before
from store.cases.messages import FIRST_REPLY
from store.cases.moving import OUTCOMES
from store.supervision.past import FEWEST, Count, Kept, by_month

#: Months that are looked back on.
MONTHS = 12
#: The buckets of the time until a first reply, and how they are called.
REPLY_BUCKETS = {
    "5m": "5 min",
    "15m": "15 min",
    "1h": "1 hour",
    "4h": "4 hours",
    "1d": "1 day",
    "more": "longer",
}
assert set(REPLY_BUCKETS) == {name for _limit, name in FIRST_REPLY} | {"more"}
#: How outcomes are called.
OUTCOME_NAMES = {
    "solved": "solved",
    "informed": "informed",
    "referred": "referred",
    "unreached": "not reached",
    "other": "other",
    "left": "person left",
}
assert set(OUTCOME_NAMES) == set(OUTCOMES)
COLUMNS = ("month", "what", "key", "language", "count")
#: What a line of the export counts.
EXPORTED = {
    "case_opened": "opened",
    "case_reply": "first reply within",
    "case_closed": "closed",
    "case_reopened": "reopened by",
    "case_rating": "rated",
    "case_no_hours": "opened out of hours",
}


@dataclass(frozen=True)
class Month:
    """What was counted in a month. ``average`` of the ratings: None of fewer than ``FEWEST``."""

    first: dt.date
    opened: int
    replies: dict[str, int]
    closed: dict[str, int]
    reopened: int
    ratings: int
    average: float | None
    out_of_hours: dict[str, int]


def months(counts: Sequence[Count], last: dt.date) -> list[Month]:
    """The last ``MONTHS`` months up to the one of ``last`` (its first day)."""
    opened = by_month(counts, "case_opened", lambda _topic: "")
    replies, closed = by_month(counts, "case_reply"), by_month(counts, "case_closed")
    reopened = by_month(counts, "case_reopened", lambda _who: "")
    rated, no_hours = by_month(counts, "case_rating"), by_month(counts, "case_no_hours")
    found = []
    for back in range(MONTHS - 1, -1, -1):
        month = months_before(last, back)
        stars = {int(key): n for key, n in rated.get(month, {}).items() if key.isdecimal()}
        ratings = sum(stars.values())
        total = sum(star * n for star, n in stars.items())
        found.append(
            Month(
                first=month,
                opened=sum(opened.get(month, {}).values()),
                replies=replies.get(month, {}),
                closed=closed.get(month, {}),
                reopened=sum(reopened.get(month, {}).values()),
                ratings=ratings,
                average=round(total / ratings, 1) if ratings >= FEWEST else None,
                out_of_hours=no_hours.get(month, {}),
            )
        )
    return found


def opened_chart(months: Sequence[Month]) -> Table:
    """Cases opened, by month."""
    lines = tuple(Line(f"{m.first:%B %Y}", m.opened, short=f"{m.first:%b}") for m in months)
    total = sum(month.opened for month in months)
    said = f"{total:,} cases were opened in the last {len(months)} months."
    return Table("opened", "Cases opened", "Month", lines, said, over_time=True)


def reply_chart(kept: Kept) -> Table:
    """The median minutes until the first reply, by week."""
    lines = tuple(
        Line(
            f"Week of {week:%d %b %Y}",
            None if paces.first_reply.median is None else round(paces.first_reply.median),
            short=f"{week:%d %b}",
        )
        for week, paces in kept.weeks.items()
    )
    said = "Median minutes until the first reply, without dangers, by week of asking."
    return Table("reply", "Minutes until the first reply", "Week", lines, said, over_time=True)


def duration(minutes: float | None) -> str:
    """A time as it is said: ``4 min``, ``1 h 20 min``, ``3 d 2 h``; None: too few cases."""
    if minutes is None:
        return f"fewer than {FEWEST} cases"
    whole = round(minutes)
    if whole < 60:
        return f"{whole} min"
    if whole < 24 * 60:
        return f"{whole // 60} h {whole % 60} min" if whole % 60 else f"{whole // 60} h"
    hours = round(whole / 60)
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"


def export_counts(counts: Sequence[Count]) -> str:
    """The counters as CSV, by month and language; topics are summed up."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for one in counts:
        if one.what in EXPORTED:
            key = "" if one.what == "case_opened" else one.key
            cell = (f"{one.month:%Y-%m}", EXPORTED[one.what], key, one.language)
            sums[cell] = sums.get(cell, 0) + one.n
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for cell, n in sorted(sums.items()):
        writer.writerow([safe_cell(value) for value in (*cell, n)])
    return out.getvalue()
