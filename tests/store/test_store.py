"""The store, on SQLite and on PostgreSQL."""

import asyncio
import base64
import datetime as dt
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from store.case_tables import CaseRow
from store.cases.messages import add_message, waiting_for
from store.cases.moving import close
from store.cases.opening import add_case, place_in_queue, queue
from store.database import async_url
from store.feedback import add_feedback, count, feedback_by_code
from store.keys import Box, CannotDecrypt, Keys, load_or_make_secret
from store.locks import RedisLocks
from store.people import Person, erase_person, first_time, keep_address, load_person, save_person
from store.reports import add_report
from store.retention import run_retention
from store.staff import MAX_FAILURES, AccountLocked, add_staff, sign_in
from store.tables import Base, CountRow, FeedbackRow, PersonRow, today


async def test_the_migrations_make_exactly_the_tables_of_the_code(each_database):
    def columns(connection):
        found = inspect(connection)
        return {
            table: {column["name"] for column in found.get_columns(table)}
            for table in found.get_table_names()
            if table != "alembic_version"
        }

    async with each_database.engine.connect() as connection:
        made = await connection.run_sync(columns)
    assert made == {t.name: {c.name for c in t.columns} for t in Base.metadata.sorted_tables}


async def test_the_migrations_make_exactly_the_indexes_of_feedback_of_the_code(each_database):
    async with each_database.engine.connect() as connection:
        made = await connection.run_sync(lambda c: inspect(c).get_indexes("feedback"))
    wanted = {i.name: [c.name for c in i.columns] for i in FeedbackRow.__table__.indexes}
    columns = {index["name"]: index["column_names"] for index in made if not index["unique"]}
    assert columns == wanted


async def test_opening_again_changes_nothing(each_database):
    await each_database.open()
    assert await each_database.alive()


async def test_a_person_is_as_they_were_left_and_their_draft_is_unreadable_in_the_table(
    each_database, keys
):
    person = Person(
        "p" * 64, "web", "ps", True, "lipa", flow={"text": "زما پټه خبره"}, yes="fb:send"
    )
    async with each_database.transaction() as session:
        await save_person(session, keys, person)
    async with each_database.transaction() as session:
        again = await load_person(session, keys, "p" * 64, "web")
        row = await session.get(PersonRow, "p" * 64)
    assert again == person
    assert "پټه".encode() not in row.state


async def test_a_state_made_with_another_key_starts_anew_instead_of_failing(each_database, keys):
    async with each_database.transaction() as session:
        await save_person(session, keys, Person("q" * 64, "web", "fa", flow={"form": "report"}))
        other = Keys("another secret of at least 32 characters")
        again = await load_person(session, other, "q" * 64, "web")
    assert (again.language, again.flow) == ("fa", {})


async def test_an_update_counts_once_also_when_two_come_at_the_same_time(each_database):
    async def take() -> bool:
        async with each_database.transaction() as session:
            return await first_time(session, "telegram", 77)

    assert sorted(await asyncio.gather(take(), take(), take())) == [False, False, True]


async def test_what_fails_half_way_leaves_nothing(each_database):
    with pytest.raises(RuntimeError):
        async with each_database.transaction() as session:
            await add_feedback(session, **_feedback("1"))
            raise RuntimeError
    async with each_database.transaction() as session:
        assert (await session.execute(select(FeedbackRow))).scalars().all() == []


def _feedback(code_hash: str) -> dict[str, str | None]:
    return {
        "language": "ar",
        "channel": "web",
        "centre": None,
        "type": "complaint",
        "category": "food",
        "text": "الأكل بارد",
        "code_hash": code_hash,
    }


async def test_feedback_is_found_by_its_code_only_and_knows_only_its_day(each_database, keys):
    async with each_database.transaction() as session:
        row = await add_feedback(session, **_feedback(keys.code_hash("123456789")))
        assert type(row.given_on) is dt.date
        assert (await feedback_by_code(session, keys.code_hash("123456789"))).id == row.id
        assert await feedback_by_code(session, keys.code_hash("123456780")) is None
    assert not {"pseudonym", "address", "at"} & {c.name for c in FeedbackRow.__table__.columns}


async def test_the_queue_has_danger_first_then_the_longest_wait(each_database, keys):
    async with each_database.transaction() as session:
        cases = []
        for n, danger in enumerate((False, False, True)):
            case = await add_case(
                session,
                keys,
                pseudonym=str(n),
                language="ur",
                centre=None,
                danger=danger,
                text="x",
            )
            case.waiting_since = dt.datetime(2026, 1, 1, 12, n)
            cases.append(case)
        await session.flush()
        assert [c.pseudonym for c in await queue(session)] == ["2", "0", "1"]
        assert [await place_in_queue(session, c) for c in cases] == [2, 3, 1]


async def test_counters_add_up(each_database):
    for _ in range(3):
        async with each_database.transaction() as session:
            await count(session, "useful", "food", "fa")
    async with each_database.transaction() as session:
        assert (await session.execute(select(CountRow.n))).scalars().all() == [3]


async def test_of_many_who_count_the_first_of_a_day_at_once_none_fails(each_database):
    async def one():
        async with each_database.transaction() as session:
            await count(session, "useful", "food", "fa")
            await asyncio.sleep(0.01)

    await asyncio.gather(*(one() for _ in range(6)))
    async with each_database.transaction() as session:
        assert (await session.execute(select(CountRow.n))).scalars().all() == [6]


async def test_retention_takes_what_is_old_and_nothing_else(each_database, keys):
    old = today() - dt.timedelta(days=400)
    async with each_database.transaction() as session:
        await save_person(session, keys, Person("o" * 64, "web"))
        await save_person(session, keys, Person("n" * 64, "web"))
        (await session.get(PersonRow, "o" * 64)).seen_on = old
        (await add_feedback(session, **_feedback("1"))).given_on = old
        await add_feedback(session, **_feedback("2"))
        case = await add_case(
            session, keys, pseudonym="x", language="en", centre=None, danger=False, text="t"
        )
        await add_message(session, keys, case, "hello", from_person=False)
        await close(session, keys, case.id, None, "left")
        case.closed_at -= dt.timedelta(days=31)
        await keep_address(session, keys, Person("z" * 64, "web"), "5", -1)
        for read_on in (today() - dt.timedelta(days=731), today(), None):
            report = await add_report(session, keys, "gbv", "fa", {"text": "words"})
            report.read_on, report.given_on = read_on, old - dt.timedelta(days=400)
    async with each_database.transaction() as session:
        gone = await run_retention(
            session,
            conversation_days=30,
            case_days=30,
            feedback_days=365,
            unclear_days=30,
            report_days=730,
        )
    assert gone == {
        "messages": 3,
        "files": 0,
        "referrals": 0,
        "cases": 1,
        "subscriptions": 0,
        "addresses": 1,
        "conversations": 1,
        "updates": 0,
        "feedback_texts": 1,
        "reports": 1,
        "survey_texts": 0,
        "unclear": 0,
    }
    async with each_database.transaction() as session:
        texts = (await session.execute(select(FeedbackRow.text))).scalars().all()
    assert sorted(texts) == ["", "الأكل بارد"]


async def test_erasing_a_person_takes_all_that_is_theirs(each_database, keys):
    person = Person("e" * 64, "telegram")
    async with each_database.transaction() as session:
        await save_person(session, keys, person)
        await keep_address(session, keys, person, "12345", 30)
        case = await add_case(
            session, keys, pseudonym="e" * 64, language="en", centre=None, danger=False, text="t"
        )
        await add_message(session, keys, case, "hello", from_person=False)
    async with each_database.transaction() as session:
        assert len(await waiting_for(session, "e" * 64)) == 1
        gone = await erase_person(session, "e" * 64)
        assert gone == {
            "messages": 2,
            "files": 0,
            "referrals": 0,
            "cases": 1,
            "subscriptions": 0,
            "addresses": 1,
            "conversation": 1,
        }
        assert (await session.execute(select(CaseRow))).all() == []


async def test_wrong_passwords_lock_an_account_for_a_while(each_database):
    async with each_database.transaction() as session:
        await add_staff(session, "ana", "aap", "correct horse battery")
    for _ in range(MAX_FAILURES):
        async with each_database.transaction() as session:
            assert await sign_in(session, "ana", "wrong") is None
    async with each_database.transaction() as session:
        with pytest.raises(AccountLocked):
            await sign_in(session, "ana", "correct horse battery")


async def test_accounts_need_a_known_role_a_long_password_and_a_free_name(database):
    async with database.transaction() as session:
        await add_staff(session, "ana", "aap", "correct horse battery")
        for name, role, password in (
            ("bo", "boss", "correct horse battery"),
            ("bo", "aap", "short"),
            ("ana", "aap", "correct horse battery"),
        ):
            with pytest.raises(ValueError):
                await add_staff(session, name, role, password)
        assert (await sign_in(session, "ana", "correct horse battery")).role == "aap"
        assert await sign_in(session, "nobody", "correct horse battery") is None


@given(st.text(max_size=500))
def test_what_is_sealed_opens_only_with_the_same_key(text):
    sealed = Box(b"1" * 32).seal(text)
    assert Box(b"1" * 32).open(sealed) == text
    with pytest.raises(CannotDecrypt):
        Box(b"2" * 32).open(sealed)


def test_what_is_sealed_does_not_tell_when():
    # a Fernet token has its time in clear in bytes 1 to 8; rows that know only their day seal too
    token = base64.urlsafe_b64decode(Box(b"1" * 32).seal("words"))
    assert token[1:9] == bytes(8)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_pseudonyms_differ_by_person_channel_and_installation(one, other):
    keys = Keys("a" * 32)
    assert keys.pseudonym("web", one) == keys.pseudonym("web", one)
    assert (keys.pseudonym("web", one) == keys.pseudonym("web", other)) == (one == other)
    assert keys.pseudonym("web", one) != keys.pseudonym("telegram", one)
    assert keys.pseudonym("web", one) != Keys("b" * 32).pseudonym("web", one)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "var" / "secret"
    secret = load_or_make_secret(path)
    assert load_or_make_secret(path) == secret
    assert len(secret) >= 32 and os.stat(path).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
    ],
)
def test_database_addresses_get_the_asynchronous_driver(given, used):
    assert async_url(given) == used


def test_another_kind_of_database_is_refused_in_words():
    with pytest.raises(ValueError, match="sqlite or postgresql"):
        async_url("mysql://h/d")


async def test_a_redis_lock_lets_one_in_at_a_time():
    locks = RedisLocks.connect(os.environ.get("TEST_REDIS", "redis://127.0.0.1:6379"))
    if not await locks.alive():
        pytest.skip("no Redis at 127.0.0.1:6379")
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with locks.lock("test"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(5)))
    await locks.close()
    assert most == 1


async def test_while_redis_is_gone_people_are_let_in_without_the_lock():
    locks = RedisLocks.connect("redis://127.0.0.1:1")
    async with locks.lock("test"):
        assert not await locks.alive()
    await locks.close()
