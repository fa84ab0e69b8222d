"""Places on the map on Telegram, over the strict local Bot API server."""

import asyncio
import contextlib

import pytest

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from bot.telegram.front_end import TelegramFrontEnd, make_bot
from bot.telegram.intake import poll
from tests.conftest import free_port
from tests.support.places import CENTRE, OFFICE, pinned
from tests.support.telegram_server import TOKEN, TelegramServer

USER = 7_345_600_301


@pytest.fixture
def telegram():
    with TelegramServer(free_port()) as server:
        yield server
    assert server.problems == []


@pytest.fixture
async def front_end(telegram, database, keys, nlu):
    client = NluClient("http://nlu.test", transport=nlu.transport)
    desk = Desk(database, pinned(), keys, client, LocalLocks(), operator="The test team")
    opened = TelegramFrontEnd(make_bot(TOKEN, telegram.url), desk)
    await opened.open()
    polling = asyncio.create_task(poll(opened))
    yield opened
    polling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await polling
    await opened.close()
    await client.close()


async def test_a_shared_location_brings_the_numbers_the_list_and_pins(telegram, front_end):
    async def send(**content):
        before = len(telegram.messages.get(USER, []))
        await asyncio.to_thread(telegram.settle, telegram.send(USER, **content))
        return telegram.messages[USER][before:]

    await send(text="/start", language="fa")
    here = {"latitude": 44.8201, "longitude": 15.8652}
    numbers, near, *pins = await send(location=here)
    assert "44.82010, 15.86520" in numbers["_text"] and "121" in numbers["_text"]
    assert "لیپا" in near["_text"]
    values = [button["callback_data"] for button in telegram.buttons(near)]
    assert {"centre:lipa", "ask:mine_areas"} <= set(values)
    lipa, jrs = (pin["venue"] for pin in pins)
    assert lipa["title"] == "لیپا" and "بیهاچ" in lipa["address"]
    assert lipa["location"] == dict(zip(("latitude", "longitude"), CENTRE, strict=True))
    assert jrs["location"] == dict(zip(("latitude", "longitude"), OFFICE, strict=True))
    # the person's own place is repeated in words only, and no town stands for a centre
    assert len(pins) == 2
