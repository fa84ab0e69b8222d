"""The outbox: messages to people on a channel that must be sent to, each until it is through.

A message is claimed before it is sent, so that several replicas never send one twice; a claim whose
process died is void after a while. Of one person only the oldest message is ever claimed, so that
none overtakes another, also across their cases.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.case_tables import CaseMessageRow, CaseRow
from store.cases.messages import add_event, lock_case
from store.keys import Keys
from store.tables import now

#: After so long a claim is void: the process that sent is taken for dead.
CLAIM = dt.timedelta(seconds=60)
#: Pauses before a message is tried again, in seconds; the last one is repeated.
PAUSES = (1, 2, 5, 15, 60, 300)
#: A message that could not be sent for so long is given up, and the counsellor sees it.
GIVE_UP = dt.timedelta(hours=24)
_OPEN = ("waiting", "sending")


@dataclass(frozen=True)
class Claimed:
    """A message that this process may send now."""

    message_id: int
    case_id: str
    pseudonym: str


async def anything_due(connection: AsyncConnection, channel: str) -> bool:
    """Whether there may be something to claim now; costs no write lock."""
    due = or_(CaseMessageRow.next_try.is_(None), CaseMessageRow.next_try <= now())
    rows = select(CaseMessageRow.id).join(CaseRow, CaseRow.id == CaseMessageRow.case_id)
    rows = rows.where(CaseMessageRow.delivery.in_(_OPEN), CaseRow.channel == channel, due)
    return (await connection.execute(rows.limit(1))).first() is not None


async def take_over(session: AsyncSession) -> int:
    """Void all claims; returns how many. For a start where no other process can be sending: else
    the message that was on its way when the last process died would wait until its claim is over.
    """
    claimed = update(CaseMessageRow).where(CaseMessageRow.delivery == "sending")
    return (await session.execute(claimed.values(delivery="waiting", next_try=None))).rowcount


async def claim(session: AsyncSession, channel: str, limit: int = 20) -> Sequence[Claimed]:
    """Claim the oldest waiting message of each of so many people, if it is its time."""
    first = (
        select(func.min(CaseMessageRow.id).label("id"))
        .join(CaseRow, CaseRow.id == CaseMessageRow.case_id)
        .where(CaseMessageRow.delivery.in_(_OPEN), CaseRow.channel == channel)
        .group_by(CaseRow.pseudonym)
        .subquery()
    )
    due = or_(CaseMessageRow.next_try.is_(None), CaseMessageRow.next_try <= now())
    rows = (
        select(CaseMessageRow.id, CaseMessageRow.case_id, CaseRow.pseudonym)
        .join(first, first.c.id == CaseMessageRow.id)
        .join(CaseRow, CaseRow.id == CaseMessageRow.case_id)
        .where(due)
        .order_by(CaseMessageRow.id)
        .limit(limit)
        # another replica's claims are passed over, not waited for
        .with_for_update(skip_locked=True, of=CaseMessageRow)
    )
    found = [Claimed(*row) for row in await session.execute(rows)]
    if found:
        mine = update(CaseMessageRow).where(
            CaseMessageRow.id.in_([one.message_id for one in found]),
            # claimed and sent by another replica since this statement began to read
            CaseMessageRow.delivery.in_(_OPEN),
            due,
        )
        mine = mine.values(
            delivery="sending", next_try=now() + CLAIM, attempts=CaseMessageRow.attempts + 1
        )
        got = set((await session.execute(mine.returning(CaseMessageRow.id))).scalars())
        found = [one for one in found if one.message_id in got]
    return found


async def delivered(session: AsyncSession, claimed: Claimed) -> None:
    """The message is with the person."""
    await _settle(session, claimed, delivery="delivered", next_try=None, failure=None)


async def try_again(
    session: AsyncSession, claimed: Claimed, why: str, after: float | None = None
) -> bool:
    """The message could not be sent now: it is tried again, after ``after`` seconds if the channel
    says so. False if it is given up, since it has waited for a day."""
    row = await session.get(CaseMessageRow, claimed.message_id)
    if row is None:
        return False
    if now() - row.at > GIVE_UP:
        await failed(session, claimed, why)
        return False
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1] if row.attempts else PAUSES[0]
    due = now() + dt.timedelta(seconds=max(after or 0, pause))
    await _settle(session, claimed, delivery="waiting", next_try=due, failure=why)
    return True


async def failed(session: AsyncSession, claimed: Claimed, why: str) -> None:
    """The message can never be sent; the counsellor sees that it was not delivered."""
    await _settle(session, claimed, delivery="failed", next_try=None, failure=why)


async def unreachable(session: AsyncSession, keys: Keys, pseudonym: str, why: str) -> int:
    """Nothing can be sent to a person any more (they blocked the bot): all that waits has failed.

    The staff sees it in each open case; returns how many messages failed.
    """
    cases = select(CaseRow.id).where(CaseRow.pseudonym == pseudonym)
    waiting = update(CaseMessageRow).where(
        CaseMessageRow.case_id.in_(cases), CaseMessageRow.delivery.in_(_OPEN)
    )
    lost = (await session.execute(waiting.values(delivery="failed", failure=why))).rowcount
    still = cases.where(CaseRow.status != "closed")
    for case_id in (await session.execute(still)).scalars().all():
        if case := await lock_case(session, case_id):
            await add_event(session, keys, case, "unreachable", why=why)
    return lost


async def _settle(session: AsyncSession, claimed: Claimed, **values: object) -> None:
    mine = update(CaseMessageRow).where(CaseMessageRow.id == claimed.message_id)
    await session.execute(mine.values(**values))
    changed = update(CaseRow).where(CaseRow.id == claimed.case_id)
    await session.execute(changed.values(rev=CaseRow.rev + 1))
