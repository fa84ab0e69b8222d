"""Staff accounts: making them, passwords, lockout; and lines of the audit log."""

import datetime as dt
import re
from typing import Literal, get_args

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.passwords import NOBODY, check_strength, hashed, matches
from store.tables import AuditRow, StaffRow, now, today

Role = Literal["counsellor", "supervisor", "aap", "protection", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_FAILURES, LOCK = 5, dt.timedelta(minutes=15)
#: Who stands in the audit log for somebody without an account, and for the operator's commands.
UNKNOWN, COMMAND_LINE = "(no account)", "command line"
#: Failed sign-ins without an account are noted once in this time: anybody can send thousands.
_UNKNOWN_EVERY = dt.timedelta(minutes=1)


class AccountLocked(Exception):
    """Too many wrong passwords or codes; ``until`` says when to try again (UTC)."""

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
    """Make an account. Raises ValueError for an unknown role, a weak password, or a name that is
    taken or can't be one.

    ``centre``: where this member of the staff works; what is said about its staff is not shown.
    """
    if role not in ROLES:
        raise ValueError(f"role {role}: must be one of {', '.join(ROLES)}")
    # a name stands in addresses and in the audit log
    if not re.fullmatch(r"[^\W_][\w .@-]{0,63}", name) or name.endswith(" "):
        raise ValueError("name: 1 to 64 letters, digits, spaces and . _ - @, first a letter")
    if name == COMMAND_LINE:
        raise ValueError(f"name: {name} stands for the operator in the audit log")
    check_strength(password, name)
    if await session.get(StaffRow, name):
        raise ValueError(f"account {name} exists already")
    row = StaffRow(
        name=name,
        role=role,
        password_hash=hashed(password),
        must_change=must_change,
        centre=centre,
    )
    session.add(row)
    return row


async def find_account(session: AsyncSession, name: str) -> StaffRow | None:
    """The account of a name, locked for a change until the transaction ends."""
    if "\0" in name:  # PostgreSQL refuses it in a text
        return None
    return await session.get(StaffRow, name, with_for_update=True, populate_existing=True)


async def sign_in(session: AsyncSession, name: str, password: str) -> StaffRow | None:
    """The account if name and password fit and it is switched on, else None. Raises AccountLocked.

    An unknown name takes as long as a wrong password, so that names can't be guessed by time. With
    a second factor the sign-in is not over: wrong tries are forgotten after the code only, or
    somebody who knows the password could try codes without end.
    """
    row = await find_account(session, name)
    if row is None:
        matches(NOBODY, password)
        await _note_unknown(session)
        return None
    if not await right_password(session, row, password):
        return None
    if not row.active:
        await note(session, name, "sign in failed", "switched off")
        return None
    if row.totp is None:
        signed_in(row)
        await note(session, name, "sign in", "password")
    return row


async def right_password(session: AsyncSession, row: StaffRow, password: str) -> bool:
    """Whether it is the account's password; a wrong one counts. Raises AccountLocked."""
    refuse_locked(row)
    if matches(row.password_hash, password):
        return True
    await wrong_try(session, row, "password")
    return False


def refuse_locked(row: StaffRow) -> None:
    """Raises AccountLocked while an account is locked."""
    if row.locked_until and row.locked_until > now():
        raise AccountLocked(row.locked_until)


async def wrong_try(session: AsyncSession, row: StaffRow, what: str) -> None:
    """Count a wrong password or code; the fifth in a row locks the account for 15 minutes."""
    row.failed += 1
    await note(session, row.name, "sign in failed", f"wrong {what}")
    if row.failed >= MAX_FAILURES:
        row.failed, row.locked_until = 0, now() + LOCK
        await note(session, row.name, "account locked", f"until {row.locked_until:%H:%M} UTC")


def signed_in(row: StaffRow) -> None:
    """A sign-in is complete: wrong tries are forgotten."""
    row.failed, row.locked_until, row.last_sign_in = 0, None, today()


def end_sessions(row: StaffRow) -> None:
    """Sign an account out everywhere: sessions of an earlier epoch are no longer valid."""
    row.epoch += 1


def set_password(row: StaffRow, password: str) -> None:
    """Replace a password and end all sessions; raises ValueError for a weak one or the old one."""
    check_strength(password, row.name)
    if matches(row.password_hash, password):
        raise ValueError("password: it is the old one; choose another")
    row.password_hash, row.must_change = hashed(password), False
    end_sessions(row)


async def has_staff(session: AsyncSession) -> bool:
    """Whether there is any account."""
    return (await session.execute(select(func.count()).select_from(StaffRow))).scalar_one() > 0


async def names_with_role(session: AsyncSession, role: str) -> list[str]:
    """The names of a role's accounts that are switched on, in order."""
    rows = select(StaffRow.name).where(StaffRow.role == role, StaffRow.active)
    return list((await session.execute(rows.order_by(StaffRow.name))).scalars())


async def note(session: AsyncSession, staff: str, action: str, thing: str) -> None:
    """Add a line to the audit log."""
    session.add(AuditRow(staff=staff, action=action, thing=thing))


async def _note_unknown(session: AsyncSession) -> None:
    recent = exists().where(AuditRow.staff == UNKNOWN, AuditRow.at > now() - _UNKNOWN_EVERY)
    if not (await session.execute(select(recent))).scalar():
        await note(session, UNKNOWN, "sign in failed", "unknown name")
