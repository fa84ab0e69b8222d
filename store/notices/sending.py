"""Who sends which message of a broadcast, so that none is sent twice and none is lost.

One process at a time holds the right to send: all replicas together then keep Telegram's limits.
Each message is claimed before it is sent; a claim whose process died is void after a while.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.notice_tables import (
    BroadcasterRow,
    BroadcastOutboxRow,
    BroadcastRow,
    NoticeRow,
    SubscriptionRow,
)
from store.notices.states import OPEN
from store.tables import now, today

#: After so long without a sign of life another process may send.
HOLD = dt.timedelta(seconds=20)
#: After so long a message that was claimed is sent by who is there; longer than a call may take.
CLAIM = dt.timedelta(seconds=90)
#: Pauses before a message is tried again where Telegram names none, in seconds.
PAUSES = (2, 10, 60, 300)
_ONLY = 1


@dataclass(frozen=True)
class Message:
    """A message that this process may send now."""

    id: int
    broadcast_id: str
    pseudonym: str


async def anything_to_do(connection: AsyncConnection) -> bool:
    """Whether a broadcast is open, or a subscriber must be told of the end; costs no write lock."""
    ending = select(SubscriptionRow.pseudonym).where(
        SubscriptionRow.until == today(), SubscriptionRow.told_end.is_(False)
    )
    for rows in (select(BroadcastRow.id).where(BroadcastRow.state.in_(OPEN)), ending):
        if (await connection.execute(rows.limit(1))).first() is not None:
            return True
    return False


async def hold(session: AsyncSession, me: str) -> bool:
    """Take or keep the right to send for this process, named ``me``; False if another has it."""
    free = or_(
        BroadcasterRow.holder == me,
        BroadcasterRow.held_until.is_(None),
        BroadcasterRow.held_until <= now(),
    )
    mine = update(BroadcasterRow).where(BroadcasterRow.id == _ONLY, free)
    mine = mine.values(holder=me, held_until=now() + HOLD)
    return bool((await session.execute(mine)).rowcount)


async def take_over(session: AsyncSession) -> None:
    """Void all claims, for a start where no other process can be sending."""
    await session.execute(update(BroadcastOutboxRow).values(claimed_until=None))
    await session.execute(update(BroadcasterRow).values(holder=None, held_until=None))


async def claim(session: AsyncSession, limit: int) -> Sequence[Message]:
    """Claim so many messages of running broadcasts whose time it is, the oldest first."""
    row = BroadcastOutboxRow
    due = (
        or_(row.next_try.is_(None), row.next_try <= now()),
        or_(row.claimed_until.is_(None), row.claimed_until <= now()),
    )
    found = (
        select(row.id)
        .join(BroadcastRow, BroadcastRow.id == row.broadcast_id)
        .join(NoticeRow, NoticeRow.id == BroadcastRow.notice_id)
        .where(BroadcastRow.state == "running", NoticeRow.over > now(), *due)
        .order_by(row.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=row)
    )
    ids = (await session.execute(found)).scalars().all()
    # "due" again: claimed by another replica since the statement above began to read
    mine = update(row).where(row.id.in_(ids), *due)
    mine = mine.values(claimed_until=now() + CLAIM, attempts=row.attempts + 1)
    got = await session.execute(mine.returning(row.id, row.broadcast_id, row.pseudonym))
    return sorted((Message(*one) for one in got), key=lambda one: one.id)


async def to_send(
    session: AsyncSession, message: Message
) -> tuple[NoticeRow, SubscriptionRow] | None:
    """What a claimed message says and to whom; None if it must not be sent any more.

    None also while its broadcast is paused: then it waits on.
    """
    broadcast = await session.get(BroadcastRow, message.broadcast_id)
    notice = await session.get(NoticeRow, broadcast.notice_id) if broadcast else None
    subscription = await session.get(SubscriptionRow, message.pseudonym)
    if broadcast is None or notice is None or broadcast.state != "running":
        await _let_go(session, message)
        return None
    if subscription is None or subscription.until < today():
        await session.execute(delete(BroadcastOutboxRow).where(BroadcastOutboxRow.id == message.id))
        return None
    if notice.state != "published" or notice.over <= now():
        await _let_go(session, message)
        return None
    return notice, subscription


async def _let_go(session: AsyncSession, message: Message) -> None:
    mine = update(BroadcastOutboxRow).where(BroadcastOutboxRow.id == message.id)
    await session.execute(mine.values(claimed_until=None))


async def sent(session: AsyncSession, message: Message) -> None:
    """The person has the message."""
    await _done(session, message, sent=1)


async def failed(session: AsyncSession, message: Message) -> None:
    """The message can never be sent."""
    await _done(session, message, failed=1)


async def _done(session: AsyncSession, message: Message, sent: int = 0, failed: int = 0) -> None:
    # the broadcast first, as everybody does who ends one: else two could wait for each other
    broadcast = await session.get(
        BroadcastRow, message.broadcast_id, with_for_update=True, populate_existing=True
    )
    mine = delete(BroadcastOutboxRow).where(BroadcastOutboxRow.id == message.id)
    was_there = bool((await session.execute(mine)).rowcount)
    # also one that was on its way when the broadcast was cancelled; none is counted twice
    if broadcast is not None and (was_there or broadcast.state == "cancelled"):
        broadcast.sent += sent
        broadcast.failed += failed


async def try_again(session: AsyncSession, message: Message, after: float | None = None) -> None:
    """The message could not be sent now: it waits, ``after`` seconds if Telegram says so."""
    mine = BroadcastOutboxRow.id == message.id
    attempts = select(BroadcastOutboxRow.attempts).where(mine)
    tried = (await session.execute(attempts)).scalar_one_or_none() or 1
    pause = after if after is not None else PAUSES[min(tried, len(PAUSES)) - 1]
    later = now() + dt.timedelta(seconds=pause)
    row = update(BroadcastOutboxRow).where(mine)
    await session.execute(row.values(next_try=later, claimed_until=None))
