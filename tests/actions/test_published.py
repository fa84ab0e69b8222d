"""What is published lies over the files, until the files say it too."""

import datetime as dt

import pytest

from actions.published import PublishedContent
from content.answers import Library, read_answers
from content.directory import Directory
from content.overlay import fact_at, of_fact
from rahnuma.fresh_content import FreshContent
from store import versions
from store.versions import Thing

PHONE = Thing("fact", "organisations.iom.phone")


@pytest.fixture
def own() -> Library:
    """A library of one test: others must not see what it publishes."""
    return Library(read_answers(), Directory.load())


async def publish(database, thing: Thing, body: dict, until: dt.date | None = None) -> None:
    async with database.transaction() as session:
        row = await versions.save(session, thing, body, base=None, edits=0, by="ana")
        await versions.ask_review(session, row)
        await versions.publish(session, row, "emir", until, edits=1)


async def states(database, thing: Thing) -> list[str]:
    async with database.looking() as session:
        return [row.state for row in await versions.history(session, thing)]


def number(value: str) -> dict:
    return of_fact(fact_at(Directory.load().data, PHONE.key)) | {"value": value}


async def test_a_version_that_the_file_says_too_is_history_after_the_next_start(each_database, own):
    there = Directory.load().value("org.iom.phone", "en")
    await publish(each_database, PHONE, number(there))
    running = PublishedContent(each_database, own)
    await running.load()
    assert await states(each_database, PHONE) == ["filed"]
    # what is published later goes back to the file, not to what was taken into it
    await publish(each_database, PHONE, number("+387 33 000 111"))
    await running.load()
    assert own.directory.value("org.iom.phone", "fa") == "+387 33 000 111"
    async with each_database.transaction() as session:
        assert await versions.undo(session, PHONE, "ana", "wrong") is None
    await running.load()
    assert own.directory.value("org.iom.phone", "fa") == there


async def test_a_version_that_says_something_else_stays_in_force(each_database, own):
    await publish(each_database, PHONE, number("+387 33 000 111"))
    for _start in range(2):
        await PublishedContent(each_database, own).load()
        assert own.directory.value("org.iom.phone", "ar") == "+387 33 000 111"
    assert await states(each_database, PHONE) == ["published"]


async def test_a_version_that_can_not_be_shown_does_not_hold_up_the_others(database, own):
    await publish(database, Thing("fact", "numbers.police"), {"value": "129"})  # no source
    await publish(database, PHONE, number("+387 33 000 111"))
    await PublishedContent(database, own).load()
    assert own.directory.value("org.iom.phone", "ar") == "+387 33 000 111"
    assert own.directory.number("police") == "122"


async def test_when_the_database_is_gone_the_last_known_numbers_are_told(
    database, own, monkeypatch
):
    fresh = FreshContent(database)
    fresh.add(PublishedContent(database, own).load)
    ambulance = of_fact(fact_at(Directory.load().data, "numbers.ambulance")) | {"value": "1240"}
    await publish(database, Thing("fact", "numbers.ambulance"), ambulance)
    await fresh.look()
    assert own.directory.number("ambulance") == "1240"

    def gone():
        raise OSError("no connection")

    monkeypatch.setattr(database, "reading", gone)
    await fresh.look()
    assert own.directory.number("ambulance") == "1240"


async def test_a_loader_that_fails_holds_up_no_other_and_is_tried_again(database, own):
    fresh, calls = FreshContent(database), []

    async def broken():
        calls.append("broken")
        if len(calls) < 3:
            raise KeyError("a fault of ours")

    fresh.add(broken)
    fresh.add(PublishedContent(database, own).load)
    await publish(database, PHONE, number("+387 33 000 111"))
    assert not await fresh.look()  # the start goes on, and so does the watch
    assert own.directory.value("org.iom.phone", "ar") == "+387 33 000 111"
    revision = own.revision
    assert not await fresh.look()
    assert await fresh.look()
    assert not await fresh.look()
    assert (len(calls), own.revision) == (3, revision)
