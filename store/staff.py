"""Staff accounts and the audit log."""

import datetime as dt
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import AuditRow, StaffRow, now

Role = Literal["counsellor", "supervisor", "aap", "protection", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_FAILURES, LOCK = 5, dt.timedelta(minutes=15)
_HASHER = PasswordHasher()  # argon2id with the library's current parameters (RFC 9106, low memory)
_NOBODY = _HASHER.hash("no account has this password")


class AccountLocked(Exception):
    """Too many wrong passwords; ``until`` says when to try again (UTC)."""

    def __init__(self, until: dt.datetime):
        super().__init__(f"locked until {until:%H:%M} UTC")
        self.until = until


async def add_staff(
    session: AsyncSession,
    name: str,
    role: str,
    password: str,
    *,
    must_change: bool = False,
    centre: str | None = None,
) -> StaffRow:
    """Make an account. Raises ValueError for an unknown role, a weak password or a taken name.

    ``centre``: where this member of the staff works; what is said about its staff is not shown.
    """
    if role not in ROLES:
        raise ValueError(f"role {role}: must be one of {', '.join(ROLES)}")
    if len(password) < 12:
        raise ValueError("password: at least 12 characters")
    if await session.get(StaffRow, name):
        raise ValueError(f"account {name} exists already")
    row = StaffRow(
        name=name,
        role=role,
        password_hash=_HASHER.hash(password),
        must_change=must_change,
        centre=centre,
    )
    session.add(row)
    return row


async def sign_in(session: AsyncSession, name: str, password: str) -> StaffRow | None:
    """The account if name and password fit, else None. Raises AccountLocked.

    An unknown name takes as long as a wrong password, so that names can't be guessed by time.
    """
    row = await session.get(StaffRow, name)
    if row and row.locked_until and row.locked_until > now():
        raise AccountLocked(row.locked_until)
    try:
        _HASHER.verify(row.password_hash if row else _NOBODY, password)
    except VerifyMismatchError:
        if row:
            row.failed += 1
            if row.failed >= MAX_FAILURES:
                row.failed, row.locked_until = 0, now() + LOCK
        return None
    if row is None:
        return None
    row.failed, row.locked_until = 0, None
    return row


def set_password(row: StaffRow, password: str) -> None:
    """Replace a password; raises ValueError if it is shorter than 12 characters."""
    if len(password) < 12:
        raise ValueError("password: at least 12 characters")
    row.password_hash, row.must_change = _HASHER.hash(password), False


async def has_staff(session: AsyncSession) -> bool:
    """Whether there is any account."""
    return (await session.execute(select(func.count()).select_from(StaffRow))).scalar_one() > 0


async def names_with_role(session: AsyncSession, role: str) -> list[str]:
    """The names of a role's accounts, in order."""
    rows = select(StaffRow.name).where(StaffRow.role == role).order_by(StaffRow.name)
    return list((await session.execute(rows)).scalars())


async def note(session: AsyncSession, staff: str, action: str, thing: str) -> None:
    """Add a line to the audit log."""
    session.add(AuditRow(staff=staff, action=action, thing=thing))
