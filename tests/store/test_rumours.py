"""Rumours in the store, on SQLite and on PostgreSQL: four eyes, days, and who is told."""

import datetime as dt

import pytest

from content.answers import Library, read_answers
from content.directory import Directory
from rahnuma.fresh_content import FreshContent
from rahnuma.published_rumours import rumours_loader
from store.rumour_tables import RumourRow
from store.rumours import (
    FourEyes,
    NotADraft,
    all_rumours,
    publish,
    published_rumours,
    rewritten,
    withdraw,
)
from store.tables import today

DAY = dt.timedelta(days=1)


async def add(database, **more) -> str:
    """A draft by Ana; its id."""
    usual = {
        "heard": {"en": "heard", "fa": "شنیده"},
        "known": {"en": "known"},
        "as_of": today() - DAY,
        "valid_until": today(),
        "sources": ["a source"],
        "written_by": "ana",
    }
    row = RumourRow(**(usual | more))
    async with database.transaction() as session:
        session.add(row)
    return row.id


async def do(database, id: str, what, *arguments) -> None:
    async with database.transaction() as session:
        await what(session, await session.get(RumourRow, id), *arguments)


async def ids(database, day: dt.date) -> set[str]:
    async with database.looking() as session:
        return {row.id for row in await published_rumours(session, day)}


async def test_only_another_editor_than_the_last_writer_publishes(each_database):
    id = await add(each_database)
    with pytest.raises(FourEyes):
        await do(each_database, id, publish, "ana")
    assert await ids(each_database, today()) == set()
    await do(each_database, id, publish, "bea")
    assert await ids(each_database, today()) == {id}
    with pytest.raises(NotADraft):
        await do(each_database, id, publish, "cem")
    await do(each_database, id, rewritten, "bea")
    assert await ids(each_database, today()) == set()
    with pytest.raises(FourEyes):
        await do(each_database, id, publish, "bea")
    await do(each_database, id, publish, "ana")
    await do(each_database, id, withdraw)
    assert await ids(each_database, today()) == set()
    with pytest.raises(NotADraft):
        await do(each_database, id, publish, "bea")
    async with each_database.looking() as session:
        [row] = await all_rumours(session)
    assert (row.state, row.heard["fa"], row.sources) == ("withdrawn", "شنیده", ["a source"])


async def test_a_rumour_goes_with_its_last_day(each_database):
    id = await add(each_database)
    await do(each_database, id, publish, "bea")
    assert await ids(each_database, today()) == {id}
    assert await ids(each_database, today() + DAY) == set()


async def test_every_process_reads_what_another_published_and_withdrew(each_database):
    library = Library(read_answers(), Directory.load())
    fresh = FreshContent(each_database)
    fresh.add(rumours_loader(each_database, library))
    id = await add(each_database)
    await fresh.load()
    assert library.rumours.current(today()) == []
    await do(each_database, id, publish, "bea")
    assert await fresh.load()
    [rumour] = library.rumours.current(today())
    assert (rumour.id, rumour.heard_in("fa"), rumour.sources) == (id, "heard", ("a source",))
    await do(each_database, id, rewritten, "bea")
    assert await fresh.load() and library.rumours.current(today()) == []
    await do(each_database, id, publish, "ana")
    await do(each_database, id, withdraw)
    assert await fresh.load() and library.rumours.current(today()) == []
