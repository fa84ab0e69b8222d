"""Pictures on Telegram, over the strict local Bot API server."""

import asyncio
import contextlib
import io

import pytest
from PIL import Image

from bot.telegram import front_end as front_end_module
from bot.telegram.front_end import TelegramFrontEnd, make_bot
from bot.telegram.intake import poll
from content.drawing import PictureSource
from content.media import File
from tests.conftest import free_port
from tests.support.telegram_server import TOKEN, TelegramServer

USER, OTHER = 7_345_600_001, 7_345_600_002


@pytest.fixture
def telegram():
    with TelegramServer(free_port()) as server:
        yield server
    assert server.problems == []


@pytest.fixture
async def chat(telegram, desk):
    """The server with a bot that polls it."""
    desk.shelf.add("picture", PictureSource(desk.library.directory))
    front_end = TelegramFrontEnd(make_bot(TOKEN, telegram.url), desk)
    await front_end.open()
    polling = asyncio.create_task(poll(front_end))
    yield telegram
    polling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await polling
    await front_end.close()


async def ask(telegram, text, user=USER):
    return await asyncio.to_thread(telegram.ask, user, text, "en")


def photos(messages):
    return [message for message in messages if "photo" in message]


async def test_pictures_come_after_the_text_with_their_words(chat, nlu):
    nlu.reads("a mine", {"mine_found": 0.95})
    await ask(chat, "/start")
    text, first, second = await ask(chat, "a mine")
    assert "STOP" in text["_text"] and "photo" not in text
    assert first["_text"].startswith("Stop, do not move.")
    assert "ambulance 124, police 122" in second["_text"]
    for message in (first, second):
        with Image.open(io.BytesIO(message["_data"])) as image:
            assert (image.format, image.width) == ("PNG", 720)


async def test_a_picture_is_uploaded_once_and_named_after_that(chat, nlu):
    nlu.reads("mine signs", {"mine_signs": 0.95})
    for user in (USER, OTHER):
        await ask(chat, "/start", user)
        assert len(photos(await ask(chat, "mine signs", user))) == 1
    sent = [given["photo"] for method, given in chat.calls if method == "sendPhoto"]
    assert [isinstance(one, str) for one in sent] == [False, True]
    assert len(chat.uploads) == 1


async def test_with_low_data_no_picture_is_sent_until_it_is_asked_for(chat, nlu):
    nlu.reads("mine signs", {"mine_signs": 0.95})
    await ask(chat, "/start")
    await ask(chat, "/lowdata")
    [text] = await ask(chat, "mine signs")
    assert "photo" not in text
    _title, picture = await asyncio.to_thread(chat.tap, USER, "pic:mine_signs")
    assert picture["_text"].startswith("Mine signs:")


async def test_a_picture_that_telegram_refuses_leaves_the_text(chat, desk, nlu):
    async def too_big(name):
        return File(bytes(10 * 1024 * 1024 + 1), "image/png", name)

    desk.shelf.add("picture", too_big)
    nlu.reads("a mine", {"mine_found": 0.95})
    await ask(chat, "/start")
    [text] = await ask(chat, "a mine")
    assert "STOP" in text["_text"]
    assert await ask(chat, "/menu")
    chat.problems.clear()  # the refusal is what this test wants


async def test_a_slow_picture_holds_up_nobody(chat, desk, nlu, monkeypatch):
    monkeypatch.setattr(front_end_module, "PATIENCE", 0.01)
    ready, drawn = asyncio.Event(), PictureSource(desk.library.directory)

    async def slow(name):
        await ready.wait()
        return await drawn(name)

    desk.shelf.add("picture", slow)
    nlu.reads("mine signs", {"mine_signs": 0.95})
    await ask(chat, "/start")
    [text] = await ask(chat, "mine signs")
    assert "photo" not in text
    [menu] = await ask(chat, "/menu")
    [other] = await ask(chat, "/emergency", OTHER)
    assert "photo" not in menu and "124" in other["_text"]
    ready.set()
    *_before, picture = await asyncio.to_thread(chat.wait, USER, len(chat.messages[USER]) + 1)
    assert "photo" in picture
