"""Linked phones and the topics of the staff's group, on SQLite and on PostgreSQL."""

import asyncio

import pytest
from sqlalchemy import delete

from store import group
from store.case_tables import CaseRow, PresenceRow
from store.cases.messages import lock_case
from store.cases.moving import take
from store.cases.opening import add_case
from store.phones import PhoneTaken, account_of, has_phone, link, new_code, unlink_phone
from store.presence import there, touch_phone
from store.staff import add_staff
from store.tables import StaffRow


async def opened(database, keys, pseudonym="p", **more) -> str:
    """A new case; its id."""
    more = {"language": "ps", "centre": None, "danger": False, "text": "x"} | more
    async with database.transaction() as session:
        return (await add_case(session, keys, pseudonym=pseudonym, **more)).id


async def due(database) -> list[str]:
    async with database.reading() as connection:
        return list(await group.due(connection))


async def claimed(database, case_id):
    async with database.transaction() as session:
        return await group.claim(session, await lock_case(session, case_id), case_id)


async def test_of_many_processes_one_works_on_a_topic(each_database, keys):
    case_id = await opened(each_database, keys)
    got = await asyncio.gather(*(claimed(each_database, case_id) for _ in range(6)))
    assert len([row for row in got if row is not None]) == 1
    assert await due(each_database) == []
    async with each_database.transaction() as session:
        await group.settle(session, case_id, topic_id=7)
        assert (await group.topic(session, 7)).case_id == case_id
    assert await due(each_database) == [case_id]


async def test_cases_are_due_while_something_of_them_is_not_shown(each_database, keys):
    first = await opened(each_database, keys)
    danger = await opened(each_database, keys, "q", danger=True)
    held = await opened(each_database, keys, "r")
    async with each_database.transaction() as session:
        await take(session, keys, held, "mira")  # in the console, before it had a topic
    assert await due(each_database) == [danger, first]
    row = await claimed(each_database, first)
    async with each_database.transaction() as session:
        rev = (await session.get(CaseRow, first)).rev
        await group.settle(session, row.case_id, shown_rev=rev)
    assert await due(each_database) == [danger]
    async with each_database.transaction() as session:
        await take(session, keys, first, "mira")
    assert await due(each_database) == [danger, first]


async def test_a_topic_outlives_its_case_until_it_is_forgotten(each_database, keys):
    case_id = await opened(each_database, keys)
    await claimed(each_database, case_id)
    async with each_database.transaction() as session:
        await group.settle(session, case_id, topic_id=7)
        await session.execute(delete(CaseRow))
    assert await due(each_database) == [case_id]
    async with each_database.transaction() as session:
        await group.forget(session, case_id)
    assert await due(each_database) == []


async def test_a_phone_belongs_to_one_account_that_may_have_cases(each_database, keys):
    async with each_database.transaction() as session:
        for name, role in (("mira", "counsellor"), ("sara", "supervisor"), ("omar", "aap")):
            await add_staff(session, name, role, "correct horse battery")
    async with each_database.transaction() as session:
        codes = [await new_code(session, keys, name) for name in ("mira", "sara", "omar")]
        assert await link(session, keys, codes[0], 5) == "mira"
        assert await link(session, keys, codes[0], 5) is None  # used
        assert await link(session, keys, codes[2], 6) is None  # no cases for this role
        with pytest.raises(PhoneTaken):
            await link(session, keys, codes[1], 5)
        assert (await account_of(session, keys, 5)).name == "mira"
    async with each_database.transaction() as session:
        (await session.get(StaffRow, "mira")).role = "editor"
    async with each_database.transaction() as session:
        assert await account_of(session, keys, 5) is None
        assert not await has_phone(session, "mira")
        assert await unlink_phone(session, "mira") and not await unlink_phone(session, "mira")
        assert await link(session, keys, codes[1], 5) == "sara"


async def test_a_word_from_the_phone_does_not_make_somebody_connected(each_database):
    async with each_database.transaction() as session:
        await touch_phone(session, "mira")
    async with each_database.transaction() as session:
        assert (await session.get(PresenceRow, "mira")).phone_at is not None
        assert await there(session) == set()
