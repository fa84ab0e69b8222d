"""When a notice takes place: once, or every week at the same local time.

Stored times are in UTC without a zone; weeks are counted on the clocks of Bosnia and Herzegovina,
so that "every Tuesday at 14:00" stays so when summer time begins or ends.
"""

import datetime as dt

from store.local_time import from_local, local
from store.notice_tables import NoticeRow

WEEK = dt.timedelta(days=7)
#: A weekly series is at most this long, so that looking for its next time is quick.
LONGEST_SERIES = dt.timedelta(days=366)

#: Start (None: it only holds until its end) and end of one time, in UTC.
Time = tuple[dt.datetime | None, dt.datetime]


def times(starts: dt.datetime | None, ends: dt.datetime, until: dt.date | None) -> list[Time]:
    """All times at which something takes place, the first one first."""
    if starts is None or until is None:
        return [(starts, ends)]
    first, end = (local(at).replace(tzinfo=None) for at in (starts, ends))
    weeks = max(0, (min(until, first.date() + LONGEST_SERIES) - first.date()).days // 7)
    return [(from_local(first + n * WEEK), from_local(end + n * WEEK)) for n in range(weeks + 1)]


def over(starts: dt.datetime | None, ends: dt.datetime, until: dt.date | None) -> dt.datetime:
    """When the last time ends (UTC)."""
    return times(starts, ends, until)[-1][1]


def next_time(notice: NoticeRow, at: dt.datetime) -> Time | None:
    """The first time that has not ended at ``at`` (UTC); None if all have."""
    found = times(notice.starts, notice.ends, notice.until)
    return next((time for time in found if time[1] > at), None)
