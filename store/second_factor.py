"""The second factor of an account: its TOTP secret, encrypted, and ten recovery codes, hashed."""

import secrets
import time

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import Keys
from store.staff import end_sessions, note, refuse_locked, wrong_try
from store.tables import RecoveryCodeRow, StaffRow
from store.totp import matching_step, read_code

#: Recovery codes of an account, and characters of each: 49 bits, of letters that are not mistaken.
CODES, LENGTH = 10, 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


async def set_second_factor(
    session: AsyncSession, keys: Keys, row: StaffRow, secret: str, code: str
) -> list[str] | None:
    """Set up a second factor if the code shows that the app has the secret; else None.

    Returns new recovery codes. All sessions of the account end. Wrong codes don't count here: who
    sets it up has the secret before their eyes.
    """
    step = matching_step(secret, read_code(code), time.time(), None)
    if step is None:
        return None
    row.totp, row.totp_step = keys.second_factor.seal(secret), step
    end_sessions(row)
    await note(session, row.name, "set second factor", "own account")
    return await new_recovery_codes(session, keys, row)


async def right_code(session: AsyncSession, keys: Keys, row: StaffRow, typed: str) -> bool:
    """Whether it is a TOTP code or an unused recovery code of the account; either works once.

    A wrong one counts like a wrong password. Raises AccountLocked, and CannotDecrypt if the secret
    was made with another key.
    """
    refuse_locked(row)
    if row.totp is None:
        return False
    code = read_code(typed)
    step = matching_step(keys.second_factor.open(row.totp), code, time.time(), row.totp_step)
    if step is not None:
        row.totp_step = step
        return True
    found = delete(RecoveryCodeRow).where(
        RecoveryCodeRow.staff == row.name,
        RecoveryCodeRow.code_hash == keys.recovery_hash(row.name, code),
    )
    if (await session.execute(found)).rowcount:
        left = await recovery_codes_left(session, row.name)
        await note(session, row.name, "use recovery code", f"{left} left")
        return True
    await wrong_try(session, row, "code")
    return False


async def new_recovery_codes(session: AsyncSession, keys: Keys, row: StaffRow) -> list[str]:
    """Ten new recovery codes, to be shown once; those before no longer work."""
    await _drop_recovery_codes(session, row.name)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(LENGTH)) for _ in range(CODES)]
    session.add_all(
        RecoveryCodeRow(staff=row.name, code_hash=keys.recovery_hash(row.name, code))
        for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


async def recovery_codes_left(session: AsyncSession, name: str) -> int:
    """How many recovery codes of an account were not used yet."""
    count = select(func.count()).where(RecoveryCodeRow.staff == name)
    return (await session.execute(count)).scalar_one()


async def drop_second_factor(session: AsyncSession, row: StaffRow) -> None:
    """Take an account's second factor and recovery codes away, and end its sessions."""
    row.totp = row.totp_step = None
    await _drop_recovery_codes(session, row.name)
    end_sessions(row)


async def _drop_recovery_codes(session: AsyncSession, name: str) -> None:
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff == name))
