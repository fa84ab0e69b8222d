"""What the database itself remembers of a write must not lead from feedback to a person."""

from sqlalchemy import text

from store.feedback import add_feedback
from store.people import Person, save_person
from store.unlink import unlink

ITEM = {
    "language": "fa",
    "channel": "web",
    "type": "complaint",
    "category": "food",
    "text": "سرد است",
}


async def _column(database, query: str) -> list[str]:
    async with database.transaction() as session:
        return list((await session.execute(text(query))).scalars())


async def test_after_a_while_no_hidden_column_or_order_leads_from_feedback_to_a_person(
    each_database, keys
):
    for n in range(30):  # each in the transaction in which the conversation is kept
        async with each_database.transaction() as session:
            await save_person(session, keys, Person(f"{n:064}", "web"))
            await add_feedback(session, **ITEM, code_hash=f"{n}")
    if each_database.engine.dialect.name == "sqlite":
        assert await unlink(each_database) == 0  # nothing hidden is kept
        ids = await _column(each_database, "SELECT id FROM feedback NOT INDEXED")
        assert ids == sorted(ids)
        return
    people = set(await _column(each_database, "SELECT xmin::text FROM people"))
    linked = "SELECT xmin::text FROM feedback"
    assert set(await _column(each_database, linked)) <= people  # what must not stay so
    assert await unlink(each_database) == 30
    assert not set(await _column(each_database, linked)) & people
    ids = await _column(each_database, "SELECT id FROM feedback ORDER BY ctid")
    assert ids == sorted(ids)
    assert await unlink(each_database) == 0


async def test_a_single_new_row_among_many_is_taken_in(each_database, keys):
    if each_database.engine.dialect.name == "sqlite":
        return
    async with each_database.transaction() as session:
        for n in range(40):
            await add_feedback(session, **ITEM, code_hash=f"old {n}")
    await unlink(each_database)
    async with each_database.transaction() as session:
        await save_person(session, keys, Person("p" * 64, "web"))
        await add_feedback(session, **ITEM, code_hash="new")
    assert await unlink(each_database) == 1
    people = set(await _column(each_database, "SELECT xmin::text FROM people"))
    assert not set(await _column(each_database, "SELECT xmin::text FROM feedback")) & people
