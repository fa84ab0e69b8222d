"""Notices in the store: those that people can read now, and all of them for the staff."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, get_args

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.notice_tables import NoticeRow
from store.notices.times import Time, next_time
from store.tables import now

State = Literal["draft", "published", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
#: What begins later than in so many days is not shown yet.
AHEAD = dt.timedelta(days=14)
#: Notices on the staff's page.
MOST = 300


async def current(
    session: AsyncSession, centre: str | None, at: dt.datetime | None = None
) -> list[tuple[NoticeRow, Time]]:
    """What people of a centre are shown at a time (UTC; now): notices with their next time.

    Those for all centres are among them; None: only those. What has begun comes first, then the
    others as they begin.
    """
    at = at or now()
    here = NoticeRow.centre.is_(None)
    if centre is not None:
        here = or_(here, NoticeRow.centre == centre)
    rows = select(NoticeRow).where(NoticeRow.state == "published", NoticeRow.over > at, here)
    found = []
    for row in (await session.execute(rows.order_by(NoticeRow.id))).scalars():
        time = next_time(row, at)
        if time is not None and (time[0] is None or time[0] <= at + AHEAD):
            found.append((row, time))
    return sorted(found, key=lambda one: (max(one[1][0] or at, at), one[1][1]))


async def all_notices(session: AsyncSession) -> Sequence[NoticeRow]:
    """The notices that end last, for the staff's page."""
    rows = select(NoticeRow).order_by(NoticeRow.over.desc(), NoticeRow.id).limit(MOST)
    return (await session.execute(rows)).scalars().all()


async def lock_notice(session: AsyncSession, notice_id: str) -> NoticeRow | None:
    """A notice, locked for a change until the transaction ends."""
    return await session.get(NoticeRow, notice_id, with_for_update=True, populate_existing=True)
