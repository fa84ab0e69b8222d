"""What the open consoles are told, in one process, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from console import live as live_module
from console.access import Session, Ticket
from console.live import MOST, Console, Live
from store.case_tables import PresenceRow
from store.cases.messages import add_message, lock_case
from store.cases.moving import give_back, take
from store.cases.opening import add_case
from store.cases.signal import follow, wake
from store.cases.typing import typing
from store.presence import leave, there


def session(name: str, role: str = "counsellor") -> Session:
    return Session(Ticket(name, 0, 0, "csrf", True), role)


async def good() -> bool:
    return True


class Reader:
    """Reads the events of a stream."""

    def __init__(self, stream: AsyncIterator[str]):
        self._stream = stream

    async def next(self) -> tuple[str, dict]:
        async with asyncio.timeout(10):
            event, data = (await anext(self._stream)).strip().split("\n")
        return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def close(self) -> None:
        await self._stream.aclose()


@pytest.fixture
async def live(each_database, keys) -> AsyncIterator[Live]:
    made = Live(each_database, keys)
    tasks = [asyncio.create_task(follow(each_database)), asyncio.create_task(made.run())]
    await asyncio.sleep(0.2)  # the first look only learns what is there
    yield made
    for task in tasks:
        task.cancel()


async def a_case(database, keys, **more) -> str:
    wanted = {"pseudonym": "p", "language": "fa", "centre": None, "danger": False, "text": "words"}
    async with database.transaction() as db:
        return (await add_case(db, keys, **wanted | more)).id


async def test_each_console_is_told_what_its_user_may_see(live, each_database, keys):
    mira, amir = (Reader(live.stream(session(name), good)) for name in ("mira", "amir"))
    assert await mira.next() == await amir.next() == ("hello", {})
    case = await a_case(each_database, keys, name="Karim")
    wake()
    for one in (mira, amir):
        event, mark = await one.next()
        assert (event, mark["id"], mark["status"]) == ("case", case, "queued")
        assert "name" not in mark and "unread" not in mark
    async with each_database.transaction() as db:
        await take(db, keys, case, "mira")
    wake()
    event, mark = await mira.next()
    assert (event, mark["holder"], mark["name"]) == ("case", "mira", "Karim")
    assert await amir.next() == ("gone", {"id": case})
    typing(case, "person")
    assert await mira.next() == ("typing", {"id": case})
    async with each_database.transaction() as db:
        row = await lock_case(db, case)
        await add_message(db, keys, row, "more words", from_person=True)
    wake()
    assert (await mira.next())[1]["unread"] == 1
    async with each_database.transaction() as db:
        await give_back(db, keys, case, "mira", "given back")
    wake()
    # of what happened while the case was not theirs amir was told nothing
    assert (await amir.next())[1]["status"] == "queued"
    for one in (mira, amir):
        await one.close()


async def test_who_has_a_console_open_is_there_until_they_leave(live, each_database):
    mira = Reader(live.stream(session("mira"), good))
    await mira.next()
    async with each_database.transaction() as db:
        assert await there(db) == {"mira"}
    await mira.close()
    async with each_database.transaction() as db:
        await leave(db, "mira")
        assert await there(db) == set()
        assert (await db.execute(select(PresenceRow.staff))).scalars().all() == ["mira"]


async def test_a_stream_ends_with_its_session_or_when_it_is_time_to_come_again(live, monkeypatch):
    monkeypatch.setattr(live_module, "BEAT", 0.05)

    async def over() -> bool:
        return False

    ending = Reader(live.stream(session("mira"), over))
    assert [(await ending.next())[0] for _n in range(2)] == ["hello", "bye"]
    monkeypatch.setattr(live_module, "LASTS", 0.2)
    renewed = Reader(live.stream(session("mira"), good))
    seen = [(await renewed.next())[0] for _n in range(3)]
    while seen[-1] != "renew":
        seen.append((await renewed.next())[0])
    assert seen[0] == "hello" and set(seen[1:-1]) == {"beat"}
    with pytest.raises(StopAsyncIteration):
        await renewed.next()


async def test_a_console_that_is_too_slow_is_told_to_fetch_everything(keys):
    slow = Console(session("mira"), keys)
    for n in range(MOST + 1):
        slow.tell("case", {"id": str(n)})
    assert await slow.events(1) == [("again", {})]
    assert await slow.events(0.01) == []
