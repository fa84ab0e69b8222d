"""Broadcasts: a notice for all who subscribed, with an outbox row for each until it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.notice_tables import BroadcastOutboxRow, BroadcastRow, NoticeRow
from store.notices.posting import lock_notice
from store.notices.states import OPEN, NotPossible, Step, after
from store.notices.subscriptions import subscribers
from store.tables import now, random_id

#: Broadcasts on the staff's page.
MOST = 100


@dataclass(frozen=True)
class Progress:
    """A broadcast in numbers; ``left``: who stopped the messages, or was not reached in time
    before it was cancelled."""

    row: BroadcastRow
    waiting: int

    @property
    def left(self) -> int:
        """How many get nothing and are no failure."""
        return max(0, self.row.total - self.row.sent - self.row.failed - self.waiting)

    @property
    def open(self) -> bool:
        """Whether something may still be sent."""
        return self.row.state in OPEN


async def start(session: AsyncSession, notice_id: str, by: str) -> BroadcastRow:
    """Begin to send a published notice to all who subscribed.

    Raises NotPossible if it is not published, over, or on its way already.
    """
    notice = await lock_notice(session, notice_id)
    if notice is None or notice.state != "published":
        raise NotPossible("Only a published notice can be sent.")
    if notice.over <= now():
        raise NotPossible("This notice is over; nothing is sent any more.")
    if await _open_ones(session, notice_id):
        raise NotPossible("This notice is on its way already.")
    broadcast = BroadcastRow(id=random_id(), notice_id=notice_id, total=0, started_by=by)
    session.add(broadcast)
    await session.flush()
    who = subscribers(notice.centre).add_columns(literal(broadcast.id), literal(0))
    columns = ["pseudonym", "broadcast_id", "attempts"]
    await session.execute(insert(BroadcastOutboxRow).from_select(columns, who))
    broadcast.total = await waiting(session, broadcast.id)
    if not broadcast.total:
        broadcast.state, broadcast.ended_at = "done", now()
    return broadcast


async def waiting(session: AsyncSession, broadcast_id: str) -> int:
    """How many messages of a broadcast are still to be sent."""
    rows = select(func.count()).where(BroadcastOutboxRow.broadcast_id == broadcast_id)
    return (await session.execute(rows)).scalar_one()


async def take_step(session: AsyncSession, broadcast_id: str, step: str) -> BroadcastRow | None:
    """Pause, resume, cancel, finish or expire a broadcast; None if there is no such one.

    Raises NotPossible. What is not sent when it ends is dropped; if the notice is over it counts
    as failed.
    """
    row = await session.get(
        BroadcastRow, broadcast_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        return None
    row.state = after(row.state, step)
    if row.state not in OPEN:
        row.ended_at = now()
        mine = BroadcastOutboxRow.broadcast_id == broadcast_id
        dropped = (await session.execute(delete(BroadcastOutboxRow).where(mine))).rowcount
        if step == "expire":
            row.failed += dropped
    return row


async def withdraw(session: AsyncSession, notice: NoticeRow) -> None:
    """Take a notice back: people can't read it any more, and nothing more of it is sent."""
    notice.state = "withdrawn"
    for broadcast_id in await _open_ones(session, notice.id):
        await take_step(session, broadcast_id, "cancel")


async def to_end(session: AsyncSession) -> list[tuple[str, Step]]:
    """Broadcasts that are through or whose notice is over, each with the step to take: one in a
    transaction, so that none waits for another."""
    late = select(BroadcastRow.id).join(NoticeRow, NoticeRow.id == BroadcastRow.notice_id)
    late = late.where(BroadcastRow.state.in_(OPEN), NoticeRow.over <= now())
    found: list[tuple[str, Step]] = [
        (one, "expire") for one in (await session.execute(late)).scalars()
    ]
    still = select(BroadcastOutboxRow.broadcast_id)
    through = select(BroadcastRow.id).where(
        BroadcastRow.state == "running", BroadcastRow.id.not_in(still)
    )
    known = {one for one, _step in found}
    through_ids = (await session.execute(through)).scalars()
    return found + [(one, "finish") for one in through_ids if one not in known]


async def _open_ones(session: AsyncSession, notice_id: str) -> Sequence[str]:
    rows = select(BroadcastRow.id).where(
        BroadcastRow.notice_id == notice_id, BroadcastRow.state.in_(OPEN)
    )
    return (await session.execute(rows)).scalars().all()


async def progress(session: AsyncSession, notice_id: str | None = None) -> list[Progress]:
    """The newest broadcasts, of one notice or of all, the newest first."""
    counts = select(BroadcastOutboxRow.broadcast_id, func.count()).group_by(
        BroadcastOutboxRow.broadcast_id
    )
    waits = {broadcast: n for broadcast, n in await session.execute(counts)}
    rows = select(BroadcastRow).order_by(BroadcastRow.started_at.desc(), BroadcastRow.id)
    if notice_id is not None:
        rows = rows.where(BroadcastRow.notice_id == notice_id)
    found = (await session.execute(rows.limit(MOST))).scalars()
    return [Progress(row, waits.get(row.id, 0)) for row in found]
