"""Which Telegram account belongs to which member of the staff, kept as a keyed hash only."""

import datetime as dt
import secrets

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.group_tables import PhoneRow
from store.keys import Keys
from store.staff import note
from store.tables import StaffRow, now

#: A code can be used for so long, once.
CODE_LIFE = dt.timedelta(minutes=10)
#: Without letters and digits that look alike.
_LETTERS, _LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 8
#: Roles that may have cases.
ROLES = ("counsellor", "supervisor")


class PhoneTaken(Exception):
    """This Telegram account is linked to another account of the staff."""


async def new_code(session: AsyncSession, keys: Keys, staff: str) -> str:
    """A fresh code with which they link their Telegram account; an older one ends."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    row = await session.get(PhoneRow, staff)
    if row is None:
        row = PhoneRow(staff=staff)
        session.add(row)
    row.code_hash, row.code_until = keys.code_hash(f"phone:{code}"), now() + CODE_LIFE
    return code


async def link(session: AsyncSession, keys: Keys, code: str, telegram_id: int) -> str | None:
    """Link a Telegram account; the name of the staff's account, or None for a wrong or old code.

    One that was linked to the account before is replaced. Raises PhoneTaken.
    """
    hashed = keys.code_hash(f"phone:{code.strip().upper()}")
    rows = select(PhoneRow).where(PhoneRow.code_hash == hashed).with_for_update()
    row = (await session.execute(rows)).scalar_one_or_none()
    if row is None or row.code_until is None or row.code_until < now():
        return None
    if await _may(session, row.staff) is None:
        return None
    mine = keys.pseudonym("staff", str(telegram_id))
    others = select(PhoneRow.staff).where(
        PhoneRow.telegram_hash == mine, PhoneRow.staff != row.staff
    )
    if (await session.execute(others)).first() is not None:
        raise PhoneTaken
    row.telegram_hash, row.code_hash, row.code_until = mine, None, None
    await note(session, row.staff, "link phone", "own account")
    return row.staff


async def unlink_phone(session: AsyncSession, staff: str) -> bool:
    """End the link and any code of an account; False if there was none."""
    gone = await session.execute(delete(PhoneRow).where(PhoneRow.staff == staff))
    return gone.rowcount > 0


async def has_phone(session: AsyncSession, staff: str) -> bool:
    """Whether an account that may have cases has a linked Telegram account."""
    row = await session.get(PhoneRow, staff)
    return row is not None and row.telegram_hash is not None and bool(await _may(session, staff))


async def account_of(session: AsyncSession, keys: Keys, telegram_id: int) -> StaffRow | None:
    """The account that a Telegram account is linked to, if it may have cases; else None."""
    mine = keys.pseudonym("staff", str(telegram_id))
    rows = select(PhoneRow.staff).where(PhoneRow.telegram_hash == mine)
    staff = (await session.execute(rows)).scalar_one_or_none()
    return await _may(session, staff) if staff is not None else None


async def _may(session: AsyncSession, staff: str) -> StaffRow | None:
    account = await session.get(StaffRow, staff)
    if account is None or not account.active or account.role not in ROLES:
        return None
    return account
