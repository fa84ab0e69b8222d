"""Who wants to be told of new notices: an address with an end, and nothing else."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import Keys
from store.notice_tables import BroadcastOutboxRow, SubscriptionRow
from store.tables import today

#: Days until a subscription ends by itself.
DAYS = 60
#: In its last days each message says when it ends.
LAST_DAYS = 7


async def subscribe(
    session: AsyncSession,
    keys: Keys,
    pseudonym: str,
    *,
    channel: str,
    address: str,
    centre: str | None,
    language: str,
) -> SubscriptionRow:
    """Tell a person of new notices from now on for 60 days; renews what there is."""
    row = await session.get(SubscriptionRow, pseudonym)
    if row is None:
        row = SubscriptionRow(pseudonym=pseudonym)
        session.add(row)
    row.channel, row.address = channel, keys.delivery.seal(address)
    row.centre, row.language = centre, language
    row.until, row.told_end = today() + dt.timedelta(days=DAYS), False
    return row


async def subscription_of(session: AsyncSession, pseudonym: str) -> SubscriptionRow | None:
    """A person's subscription, if it has not ended."""
    row = await session.get(SubscriptionRow, pseudonym)
    return row if row is not None and row.until >= today() else None


async def unsubscribe(session: AsyncSession, pseudonym: str) -> int:
    """Erase a person's subscription and what was still to be sent; how many subscriptions (0 or
    1) went."""
    mine = delete(BroadcastOutboxRow).where(BroadcastOutboxRow.pseudonym == pseudonym)
    await session.execute(mine)
    gone = delete(SubscriptionRow).where(SubscriptionRow.pseudonym == pseudonym)
    return (await session.execute(gone)).rowcount


def subscribers(centre: str | None) -> Select:
    """Selects the pseudonyms of who is told of a notice for a centre, or for all (None)."""
    rows = select(SubscriptionRow.pseudonym).where(SubscriptionRow.until >= today())
    return rows if centre is None else rows.where(SubscriptionRow.centre == centre)


async def count_subscribers(session: AsyncSession, centre: str | None) -> int:
    """How many are told of a notice for a centre, or for all (None)."""
    rows = select(func.count()).select_from(subscribers(centre).subquery())
    return (await session.execute(rows)).scalar_one()


async def ending(session: AsyncSession, limit: int) -> Sequence[SubscriptionRow]:
    """Subscriptions that end today and whose last message was not sent; it is noted as sent, so
    that no other process sends it too."""
    rows = select(SubscriptionRow).where(
        SubscriptionRow.until == today(), SubscriptionRow.told_end.is_(False)
    )
    rows = rows.limit(limit).with_for_update(skip_locked=True)
    found = (await session.execute(rows)).scalars().all()
    for row in found:
        row.told_end = True
    return found


async def tell_end_later(session: AsyncSession, pseudonym: str) -> None:
    """The last message could not be sent now."""
    mine = update(SubscriptionRow).where(SubscriptionRow.pseudonym == pseudonym)
    await session.execute(mine.values(told_end=False))


async def delete_ended(session: AsyncSession) -> int:
    """Delete the subscriptions that have ended, with what was still to be sent."""
    alive = select(SubscriptionRow.pseudonym).where(SubscriptionRow.until >= today())
    late = delete(BroadcastOutboxRow).where(BroadcastOutboxRow.pseudonym.not_in(alive))
    await session.execute(late)
    ended = delete(SubscriptionRow).where(SubscriptionRow.until < today())
    return (await session.execute(ended)).rowcount
