"""What stands in the staff's Telegram group: the topic of each case, and who may work on it now."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.case_tables import CaseMessageRow, CaseRow
from store.group_tables import GroupTopicRow
from store.tables import now

#: After so long a claim is void: the process that sent is taken for dead.
CLAIM = dt.timedelta(seconds=60)
WAITS = ("queued", "offered")


async def due(connection: AsyncConnection) -> Sequence[str]:
    """Ids of cases of which the group doesn't show everything, danger first, then by waiting."""
    topic, case = GroupTopicRow, CaseRow
    free = or_(topic.until.is_(None), topic.until <= now())
    new = and_(topic.case_id.is_(None), case.status.in_(WAITS))
    rows = (
        select(case.id)
        .outerjoin(topic, topic.case_id == case.id)
        .where(or_(new, and_(topic.shown_rev != case.rev, free)))
        .order_by(case.danger.desc(), case.waiting_since)
    )
    found = list((await connection.execute(rows)).scalars())
    gone = (
        select(topic.case_id)
        .outerjoin(case, case.id == topic.case_id)
        .where(case.id.is_(None), free)
    )
    return found + list((await connection.execute(gone)).scalars())


async def claim(session: AsyncSession, case: CaseRow | None, case_id: str) -> GroupTopicRow | None:
    """The topic of a case (which is locked) for this process alone, made if there is none.

    None if another process works on it, or if both are gone. Give it back with ``settle``.
    """
    rows = select(GroupTopicRow).where(GroupTopicRow.case_id == case_id).with_for_update()
    row = (await session.execute(rows)).scalar_one_or_none()
    if row is None:
        if case is None:
            return None
        row = GroupTopicRow(case_id=case_id)
        session.add(row)
        await session.flush()
    if row.until is not None and row.until > now():
        return None
    row.until = now() + CLAIM
    return row


async def settle(session: AsyncSession, case_id: str, wait: float = 0, **values: object) -> None:
    """End a claim and note what was done; nobody works on it for ``wait`` seconds."""
    row = await session.get(GroupTopicRow, case_id)
    if row is None:
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.until = now() + dt.timedelta(seconds=wait) if wait else None


async def forget(session: AsyncSession, case_id: str) -> None:
    """Nothing of a case stands in the group any more."""
    await session.execute(delete(GroupTopicRow).where(GroupTopicRow.case_id == case_id))


async def topic(session: AsyncSession, topic_id: int) -> GroupTopicRow | None:
    """The row of a topic by Telegram's number, or None."""
    rows = select(GroupTopicRow).where(GroupTopicRow.topic_id == topic_id)
    return (await session.execute(rows)).scalar_one_or_none()


async def failed_after(session: AsyncSession, case_id: str, after: int) -> list[int]:
    """Ids of the staff's messages after an id that could not be delivered to the person."""
    rows = select(CaseMessageRow.id).where(
        CaseMessageRow.case_id == case_id,
        CaseMessageRow.id > after,
        CaseMessageRow.delivery == "failed",
        CaseMessageRow.kind != "notice",
    )
    return list((await session.execute(rows.order_by(CaseMessageRow.id))).scalars())
