"""Which of the staff are there, and who of them can take a case in which language."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.case_tables import PresenceRow
from store.tables import StaffRow, now

#: A console says that it is there every TOUCH; without a word for GONE its user is not there.
TOUCH, GONE = dt.timedelta(seconds=10), dt.timedelta(seconds=40)
#: After a word from the staff's group, its writer is taken to be there for so long.
ON_PHONE = dt.timedelta(minutes=30)


async def touch(session: AsyncSession, names: Iterable[str]) -> None:
    """Note that these members of the staff are connected now."""
    names = set(names)
    there = update(PresenceRow).where(PresenceRow.staff.in_(names)).values(seen_at=now())
    await session.execute(there)
    known = set(
        (
            await session.execute(select(PresenceRow.staff).where(PresenceRow.staff.in_(names)))
        ).scalars()
    )
    session.add_all(PresenceRow(staff=name) for name in names - known)


async def leave(session: AsyncSession, name: str) -> None:
    """They signed out: from now on they are not there."""
    gone = update(PresenceRow).where(PresenceRow.staff == name)
    await session.execute(gone.values(seen_at=now() - 2 * GONE))


async def touch_phone(session: AsyncSession, name: str) -> None:
    """Note that they wrote from their phone; that alone does not make them connected."""
    row = await session.get(PresenceRow, name)
    if row is None:
        row = PresenceRow(staff=name, seen_at=now() - 2 * GONE)
        session.add(row)
    row.phone_at = now()


async def set_available(session: AsyncSession, name: str, available: bool) -> None:
    """Whether they are offered new cases while they are there."""
    row = await session.get(PresenceRow, name)
    if row is None:
        session.add(PresenceRow(staff=name, available=available))
    else:
        row.available = available


async def is_available(session: AsyncSession, name: str) -> bool:
    """Whether they want new cases (yes, if they never said)."""
    row = await session.get(PresenceRow, name)
    return row is None or row.available


async def there(session: AsyncSession | AsyncConnection) -> set[str]:
    """The names of those who are connected."""
    rows = select(PresenceRow.staff).where(PresenceRow.seen_at > now() - GONE)
    return set((await session.execute(rows)).scalars())


async def is_there(session: AsyncSession, name: str) -> bool:
    """Whether a member of the staff is connected, or wrote from a phone not long ago."""
    row = await session.get(PresenceRow, name)
    if row is None:
        return False
    on_phone = row.phone_at is not None and row.phone_at > now() - ON_PHONE
    return on_phone or row.seen_at > now() - GONE


async def somebody_for(session: AsyncSession, languages: Iterable[str]) -> bool:
    """Whether a counsellor is there who speaks one of the languages."""
    rows = select(StaffRow.languages).join(PresenceRow, PresenceRow.staff == StaffRow.name)
    rows = rows.where(
        StaffRow.role == "counsellor",
        StaffRow.active.is_(True),
        PresenceRow.available.is_(True),
        PresenceRow.seen_at > now() - GONE,
    )
    wanted = set(languages)
    return any(wanted & set(spoken or ()) for spoken in (await session.execute(rows)).scalars())
