"""Staff accounts in the database: second factor, lockout, changes by an admin, the audit log."""

import asyncio
import datetime as dt
import time

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from store.accounts import (
    LastAdmin,
    account_to_change,
    all_accounts,
    reset_password,
    set_active,
    set_place,
    unlock,
)
from store.audit import SHOWN, AuditFilter, audit_choices, audit_lines
from store.second_factor import (
    CODES,
    drop_second_factor,
    recovery_codes_left,
    right_code,
    set_second_factor,
)
from store.staff import (
    MAX_FAILURES,
    UNKNOWN,
    AccountLocked,
    add_staff,
    find_account,
    names_with_role,
    note,
    set_password,
    sign_in,
)
from store.tables import AuditRow, RecoveryCodeRow, StaffRow, now
from store.totp import STEP, code_at, new_secret

PASSWORD = "correct horse battery"


def step_now() -> int:
    return int(time.time()) // STEP


async def with_second_factor(database, keys, name="ana", role="aap") -> tuple[str, list[str]]:
    """An account with a second factor; its secret and recovery codes."""
    secret = new_secret()
    async with database.transaction() as session:
        row = await add_staff(session, name, role, PASSWORD)
        await session.flush()
        codes = await set_second_factor(session, keys, row, secret, code_at(secret, step_now()))
        row.totp_step = None
    return secret, codes


async def lines(database) -> list[tuple[str, str, str]]:
    async with database.transaction() as session:
        rows = (await session.execute(select(AuditRow).order_by(AuditRow.id))).scalars()
        return [(row.staff, row.action, row.thing) for row in rows]


async def test_a_second_factor_needs_a_code_of_its_secret_and_is_unreadable_in_the_table(
    each_database, keys
):
    secret = new_secret()
    async with each_database.transaction() as session:
        row = await add_staff(session, "ana", "aap", PASSWORD)
        await session.flush()
        epoch = row.epoch
        wrong = code_at(new_secret(), step_now())
        assert await set_second_factor(session, keys, row, secret, wrong) is None
        assert row.totp is None and row.epoch == epoch
        codes = await set_second_factor(session, keys, row, secret, code_at(secret, step_now()))
        assert len(set(codes)) == CODES and row.epoch > epoch
    async with each_database.transaction() as session:
        row = await session.get(StaffRow, "ana")
        assert secret.encode() not in row.totp
        hashes = list((await session.execute(select(RecoveryCodeRow.code_hash))).scalars())
        assert len(hashes) == CODES
        assert not {code.replace("-", "") for code in codes} & set(hashes)
        assert not await right_code(session, keys, row, code_at(secret, step_now())), "once only"


async def test_a_code_works_once_and_a_recovery_code_works_once(each_database, keys):
    secret, codes = await with_second_factor(each_database, keys)
    code = code_at(secret, step_now())
    for typed, works, left in (
        (code, True, 10),
        (code, False, 10),
        (codes[3].upper().replace("-", " "), True, 9),
        (codes[3], False, 9),
        (codes[4], True, 8),
    ):
        async with each_database.transaction() as session:
            row = await find_account(session, "ana")
            assert await right_code(session, keys, row, typed) is works, typed
            assert await recovery_codes_left(session, "ana") == left
    used = [line for line in await lines(each_database) if line[1] == "use recovery code"]
    assert used == [("ana", "use recovery code", "9 left"), ("ana", "use recovery code", "8 left")]


async def test_recovery_codes_are_those_of_one_account_and_go_with_its_second_factor(
    each_database, keys
):
    _, codes = await with_second_factor(each_database, keys)
    await with_second_factor(each_database, keys, "bo")
    async with each_database.transaction() as session:
        assert not await right_code(session, keys, await find_account(session, "bo"), codes[0])
        row = await find_account(session, "ana")
        await drop_second_factor(session, row)
        assert row.totp is None
        assert await recovery_codes_left(session, "ana") == 0
        assert await recovery_codes_left(session, "bo") == CODES


async def test_wrong_codes_lock_an_account_also_with_the_right_password_between_them(
    each_database, keys
):
    secret, codes = await with_second_factor(each_database, keys)
    for n in range(MAX_FAILURES):
        async with each_database.transaction() as session:
            assert await sign_in(session, "ana", PASSWORD), n
        async with each_database.transaction() as session:
            row = await find_account(session, "ana")
            assert not await right_code(session, keys, row, f"{n:06}"[:5])
    async with each_database.transaction() as session:
        row = await find_account(session, "ana")
        for typed in (code_at(secret, step_now()), codes[0]):
            with pytest.raises(AccountLocked):
                await right_code(session, keys, row, typed)
        with pytest.raises(AccountLocked):
            await sign_in(session, "ana", PASSWORD)
        unlock(row)
        assert await right_code(session, keys, row, code_at(secret, step_now()))
    assert [line[1] for line in await lines(each_database)][-2:] == [
        "sign in failed",
        "account locked",
    ]


async def test_failed_sign_ins_are_noted_and_a_flood_of_unknown_names_fills_no_log(each_database):
    async with each_database.transaction() as session:
        await add_staff(session, "ana", "aap", PASSWORD)
    for name in ("ana", "secret typed as name", "x", "y"):
        async with each_database.transaction() as session:
            assert await sign_in(session, name, "wrong") is None
    assert await lines(each_database) == [
        ("ana", "sign in failed", "wrong password"),
        (UNKNOWN, "sign in failed", "unknown name"),
    ]


async def test_a_switched_off_account_is_not_let_in(each_database):
    async with each_database.transaction() as session:
        row = await add_staff(session, "ana", "aap", PASSWORD)
        await session.flush()
        epoch = row.epoch
        assert await set_active(session, row, False)
        assert not await set_active(session, row, False), "it is off already"
        assert row.epoch == epoch + 1
        assert await sign_in(session, "ana", PASSWORD) is None
        await set_active(session, row, True)
        assert await sign_in(session, "ana", PASSWORD)


async def test_the_last_active_admin_can_neither_be_switched_off_nor_be_given_another_role(
    each_database,
):
    async with each_database.transaction() as session:
        one = await add_staff(session, "one", "admin", PASSWORD)
        two = await add_staff(session, "two", "admin", PASSWORD)
        await session.flush()
        await set_active(session, two, False)
        with pytest.raises(LastAdmin):
            await set_active(session, one, False)
        with pytest.raises(LastAdmin):
            await set_place(session, one, "aap", None)
        assert await set_place(session, one, "admin", "lipa"), "a centre changes nothing in it"
        await set_active(session, two, True)
        assert await set_place(session, one, "aap", None)
        with pytest.raises(LastAdmin):
            await set_place(session, two, "editor", None)
        with pytest.raises(ValueError, match="role"):
            await set_place(session, one, "boss", None)
        assert [row.name for row in await all_accounts(session)] == ["one", "two"]


async def test_two_admins_who_switch_off_each_other_at_once_leave_one(each_database):
    async with each_database.transaction() as session:
        for name in ("one", "two"):
            await add_staff(session, name, "admin", PASSWORD)

    async def switch_off(name: str) -> None:
        async with each_database.transaction() as session:
            row = await account_to_change(session, name)
            await asyncio.sleep(0.05)  # both are under way
            await set_active(session, row, False)

    done = await asyncio.gather(switch_off("one"), switch_off("two"), return_exceptions=True)
    assert sorted(type(result).__name__ for result in done) == ["LastAdmin", "NoneType"]
    async with each_database.transaction() as session:
        assert len(await names_with_role(session, "admin")) == 1


async def test_a_code_that_is_sent_twice_at_once_works_once(each_database, keys):
    secret, codes = await with_second_factor(each_database, keys)

    async def send(code: str) -> bool:
        async with each_database.transaction() as session:
            return await right_code(session, keys, await find_account(session, "ana"), code)

    for code in (code_at(secret, step_now()), codes[0]):
        assert sorted(await asyncio.gather(send(code), send(code))) == [False, True]


async def test_a_name_that_no_database_can_hold_is_unknown(each_database):
    async with each_database.transaction() as session:
        assert await sign_in(session, "a\0b", PASSWORD) is None


async def test_every_change_of_an_account_ends_its_sessions(each_database, keys):
    async with each_database.transaction() as session:
        row = await add_staff(session, "ana", "aap", PASSWORD)
        await session.flush()
        epochs = [row.epoch]
        set_password(row, "another long password")
        epochs.append(row.epoch)
        reset_password(row)
        epochs.append(row.epoch)
        await set_place(session, row, "editor", None)
        epochs.append(row.epoch)
        await drop_second_factor(session, row)
        epochs.append(row.epoch)
    assert len(set(epochs)) == 5


async def test_a_reset_password_works_once_and_must_be_changed_to_another(each_database):
    async with each_database.transaction() as session:
        row = await add_staff(session, "ana", "aap", PASSWORD)
        row.locked_until = now() + dt.timedelta(minutes=5)
        await session.flush()
        password = reset_password(row)
        assert (await sign_in(session, "ana", password)).must_change
        with pytest.raises(ValueError, match="old one"):
            set_password(row, password)
        set_password(row, PASSWORD)
        assert not row.must_change
        assert await sign_in(session, "ana", password) is None


@pytest.mark.parametrize(
    "name", ["", " ana", "ana ", "a/b", "a\nb", "-a", "(no account)", "command line", "x" * 65]
)
async def test_names_that_can_stand_in_no_address_or_for_somebody_else_are_refused(database, name):
    async with database.transaction() as session:
        with pytest.raises(ValueError, match="name"):
            await add_staff(session, name, "aap", PASSWORD)


REFUSED = [
    "UPDATE audit SET staff = 'somebody else'",
    "UPDATE audit SET thing = 'x' WHERE id = 1",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE id = 1",
]
OF_KIND = {
    "sqlite": [
        "INSERT OR REPLACE INTO audit (id, at, staff, action, thing)"
        " VALUES (1, '2025-01-01', 'x', 'x', 'x')"
    ],
    "postgresql": ["TRUNCATE audit", "TRUNCATE audit CASCADE"],
}


async def test_the_database_refuses_to_change_or_delete_lines_of_the_audit_log(each_database):
    async with each_database.transaction() as session:
        await note(session, "ana", "read case", "1")
    before = await lines(each_database)
    for sql in REFUSED + OF_KIND[each_database.engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"):
            async with each_database.transaction() as session:
                await session.execute(text(sql))
    with pytest.raises(DBAPIError, match="append-only"):
        async with each_database.transaction() as session:
            await session.execute(update(AuditRow).values(action="nothing"))
    assert await lines(each_database) == before
    async with each_database.transaction() as session:
        await note(session, "ana", "read case", "2")
        assert (await session.execute(select(func.count(AuditRow.id)))).scalar_one() == 2


async def test_the_log_is_read_by_staff_action_and_day_page_by_page(each_database):
    day = dt.datetime(2025, 3, 1)
    async with each_database.transaction() as session:
        for n in range(2 * SHOWN + 1):
            session.add(AuditRow(staff="ana", action="read case", thing=f"{n}"))
        for at in (day - dt.timedelta(seconds=1), day, day + dt.timedelta(hours=23, minutes=59)):
            session.add(AuditRow(staff="bo", action="sign in", thing="x", at=at))
    async with each_database.transaction() as session:
        assert await audit_choices(session) == (["ana", "bo"], ["read case", "sign in"])
        found, _ = await audit_lines(session, AuditFilter(day=day.date()))
        assert len(found) == 2
        found, following = await audit_lines(session, AuditFilter(staff="bo", action="sign in"))
        assert (len(found), following) == (3, None)
        seen, before = [], None
        while True:
            found, before = await audit_lines(session, AuditFilter(staff="ana"), before)
            seen += [line.thing for line in found]
            if before is None:
                break
        assert seen == [f"{n}" for n in reversed(range(2 * SHOWN + 1))], "each line once"
