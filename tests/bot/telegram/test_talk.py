"""A talk with a counsellor on Telegram, over the strict local Bot API server."""

import asyncio
import contextlib
import time

import pytest
from sqlalchemy import select

from bot.telegram.delivery import deliver
from bot.telegram.front_end import TelegramFrontEnd, make_bot
from bot.telegram.intake import poll
from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow
from store.cases import moving, signal, typing
from store.cases.files import open_file
from store.cases.messages import add_message, lock_case
from store.presence import touch
from store.tables import DeliveryRow
from tests.conftest import free_port
from tests.support.pictures import OGG, photo
from tests.support.telegram_server import TOKEN, ApiError, TelegramServer

USER = 7_345_600_001


@pytest.fixture
def telegram():
    with TelegramServer(free_port()) as server:
        yield server
    assert server.problems == []


class Chat:
    """The person's side over HTTP, the counsellor's through the store."""

    def __init__(self, telegram, desk):
        self.telegram, self.desk = telegram, desk

    async def sends(self, user=USER, **content):
        before = len(self.telegram.messages.get(user, []))
        await asyncio.to_thread(self.telegram.settle, self.telegram.send(user, **content))
        return [m["_text"] for m in self.telegram.messages.get(user, [])[before:]]

    async def taps(self, value, user=USER):
        return await asyncio.to_thread(self.telegram.tap, user, value)

    async def asks_for_a_person(self, user=USER):
        await self.sends(user, text="/start", language="en")
        await self.sends(user, text="/person")
        await self.taps("person:yes", user)
        await self.taps("person:skip", user)

    async def rows(self, table):
        async with self.desk.database.transaction() as session:
            return list((await session.execute(select(table))).scalars())

    async def case(self, user=USER):
        pseudonym = self.desk.keys.pseudonym("telegram", str(user))
        [case] = [c for c in await self.rows(CaseRow) if c.pseudonym == pseudonym]
        return case

    async def taken(self, user=USER):
        before = len(self.telegram.messages[user])
        case = await self.case(user)
        async with self.desk.database.transaction() as session:
            await touch(session, ["mira"])
            await moving.take(session, self.desk.keys, case.id, "mira")
        signal.wake()
        await asyncio.to_thread(self.telegram.wait, user, before + 1)

    async def counsellor_says(self, text, user=USER):
        case = await self.case(user)
        async with self.desk.database.transaction() as session:
            case = await lock_case(session, case.id)
            await add_message(session, self.desk.keys, case, text, from_person=False, author="mira")
        signal.wake()

    async def got(self, text, user=USER, seconds=10.0):
        """Wait until a text arrived; AssertionError if it does not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(text in m["_text"] for m in self.telegram.messages.get(user, [])):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} did not arrive")

    def lines(self, user=USER):
        return [
            m["_text"].split("\n", 1)[1]
            for m in self.telegram.messages[user]
            if "counsellor writes" in m["_text"]
        ]


@pytest.fixture
async def chat(telegram, desk):
    front_end = TelegramFrontEnd(make_bot(TOKEN, telegram.url), desk)
    await front_end.open()
    tasks = [
        asyncio.create_task(work)
        for work in (
            poll(front_end),
            deliver(front_end.bot, desk),
            signal.follow(desk.database),
        )
    ]
    yield Chat(telegram, desk)
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    await front_end.close()


async def test_words_come_at_once_in_order_and_once(chat):
    await chat.asks_for_a_person()
    await chat.taken()
    began = time.monotonic()
    for n in range(5):
        await chat.counsellor_says(f"line {n}")
    await chat.got("line 0")
    assert time.monotonic() - began < 1.0
    await chat.got("line 4", seconds=20)
    assert chat.lines() == [f"line {n}" for n in range(5)]
    assert await chat.sends(text="thank you") == []


async def test_retry_after_holds_up_one_person_and_loses_nothing(chat):
    other = USER + 1
    for user in (USER, other):
        await chat.asks_for_a_person(user)
        await chat.taken(user)
    chat.telegram.fail_next.append(ApiError(429, "Too Many Requests", retry_after=2))
    await chat.counsellor_says("first")
    await asyncio.sleep(0.3)
    await chat.counsellor_says("second")
    began = time.monotonic()
    await chat.counsellor_says("for the other", other)
    await chat.got("for the other", other)
    assert time.monotonic() - began < 1.5
    await chat.got("second")
    assert chat.lines() == ["first", "second"]


async def test_who_blocked_the_bot_is_unreachable_and_their_address_goes(chat):
    await chat.asks_for_a_person()
    await chat.taken()
    chat.telegram.blocked.add(USER)
    await chat.counsellor_says("are you there")
    for _ in range(200):
        states = [m.delivery for m in await chat.rows(CaseMessageRow) if m.author == "mira"]
        if "failed" in states:
            break
        await asyncio.sleep(0.02)
    assert "failed" in states and await chat.rows(DeliveryRow) == []


async def test_photos_and_voice_reach_the_case_without_place_and_camera(chat):
    await chat.asks_for_a_person()
    await chat.taken()
    chat.telegram.files |= {"small": photo(size=(4, 4)), "large": photo(), "v": OGG}
    photos = [
        {"file_id": name, "file_unique_id": name, "width": 4, "height": 4, "file_size": 100}
        for name in ("small", "large")
    ]
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 1, "file_size": 80}
    assert await chat.sends(photo=photos, caption="my paper") == []
    assert await chat.sends(voice=voice) == []
    case, kept = await chat.case(), await chat.rows(CaseFileRow)
    async with chat.desk.database.transaction() as session:
        opened = [await open_file(session, chat.desk.keys, case.id, file.id) for file in kept]
    assert sorted(kind for kind, _data in opened) == ["audio/ogg", "image/jpeg"]
    assert not any(b"Camera" in data for _kind, data in opened)
    messages = [m for m in await chat.rows(CaseMessageRow) if m.from_person]
    assert [m.kind for m in messages] == ["photo", "voice"]
    assert chat.desk.keys.cases.open(messages[0].body) == "my paper"


async def test_what_cannot_be_taken_is_explained(chat):
    await chat.asks_for_a_person()
    await chat.taken()
    chat.telegram.files["exe"] = b"MZ" + bytes(80)
    document = {"file_id": "exe", "file_unique_id": "e", "file_name": "x.pdf", "file_size": 82}
    [refused] = await chat.sends(document=document)
    assert "PDF" in refused
    [refused] = await chat.sends(document=document | {"file_size": 9 * 1024 * 1024})
    assert "8 MB" in refused
    video = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1, "duration": 1}
    [refused] = await chat.sends(video=video)
    assert "PDF" in refused
    assert await chat.rows(CaseFileRow) == []


async def test_without_a_case_nothing_is_loaded_from_telegram(chat):
    await chat.sends(text="/start", language="en")
    photos = [{"file_id": "p", "file_unique_id": "p", "width": 4, "height": 4, "file_size": 9}]
    [answer] = await chat.sends(photo=photos)
    assert "can't see" in answer
    assert "getFile" not in [method for method, _given in chat.telegram.calls]


async def test_the_person_sees_that_the_counsellor_types(chat):
    await chat.asks_for_a_person()
    await chat.taken()
    chat.telegram.calls.clear()
    typing.typing((await chat.case()).id, "staff")
    for _ in range(100):
        if ("sendChatAction", {"chat_id": str(USER), "action": "typing"}) in chat.telegram.calls:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no sign of typing")
