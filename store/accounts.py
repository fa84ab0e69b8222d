"""What an admin or the operator does to the accounts of others."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.passwords import check_strength, hashed, one_time_password
from store.staff import ROLES, end_sessions, find_account
from store.tables import StaffRow


class LastAdmin(ValueError):
    """Without this account nobody could manage accounts."""

    def __init__(self) -> None:
        super().__init__("this is the last active admin; make another one first")


async def all_accounts(session: AsyncSession) -> list[StaffRow]:
    """All accounts: those switched on first, by name."""
    rows = select(StaffRow).order_by(StaffRow.active.desc(), func.lower(StaffRow.name))
    return list((await session.execute(rows)).scalars())


async def account_to_change(session: AsyncSession, name: str) -> StaffRow | None:
    """The account of a name for a change by somebody else; None if there is none.

    All admins are locked first and in one order: two who switch off each other at once do so one
    after the other, and the second is refused.
    """
    admins = select(StaffRow.name).where(StaffRow.role == "admin").order_by(StaffRow.name)
    await session.execute(admins.with_for_update())
    return await find_account(session, name)


async def set_place(session: AsyncSession, row: StaffRow, role: str, centre: str | None) -> bool:
    """Change role and centre, and end the account's sessions; False if both are as they were.

    Raises ValueError for an unknown role, LastAdmin if nobody else could manage accounts.
    """
    if role not in ROLES:
        raise ValueError(f"role {role}: must be one of {', '.join(ROLES)}")
    if (row.role, row.centre) == (role, centre):
        return False
    if role != "admin":
        await _refuse_last_admin(session, row)
    row.role, row.centre = role, centre
    end_sessions(row)
    return True


async def set_active(session: AsyncSession, row: StaffRow, active: bool) -> bool:
    """Switch an account on or off and end its sessions; False if it was so already.

    Raises LastAdmin if nobody else could manage accounts.
    """
    if row.active == active:
        return False
    if not active:
        await _refuse_last_admin(session, row)
    row.active = active
    end_sessions(row)
    return True


def unlock(row: StaffRow) -> None:
    """Let a locked account sign in again at once."""
    row.failed, row.locked_until = 0, None


def reset_password(row: StaffRow, password: str | None = None) -> str:
    """Replace a password by a one-time one, which is returned, or by one that the operator chose.

    Either must be changed at the next sign-in. Sessions end, and a lock too. Raises ValueError if
    the chosen one is weak.
    """
    new = one_time_password() if password is None else password
    check_strength(new, row.name)
    row.password_hash, row.must_change = hashed(new), True
    unlock(row)
    end_sessions(row)
    return new


async def _refuse_last_admin(session: AsyncSession, row: StaffRow) -> None:
    admins = select(StaffRow.name).where(StaffRow.role == "admin", StaffRow.active)
    if list((await session.execute(admins)).scalars()) == [row.name]:
        raise LastAdmin
