"""Counsellors' messages on their way to Telegram."""

import asyncio

import pytest
from telegram.error import Forbidden, TimedOut

from bot.telegram.delivery import deliver_waiting
from store.case_tables import CaseMessageRow
from store.cases.messages import add_message
from store.cases.opening import open_case_of
from tests.support.talk import Talk


class Bot:
    """Takes messages as ExtBot does; ``error`` is raised instead, ``hold`` is waited for."""

    def __init__(self):
        self.sent: list[tuple[int, str]] = []
        self.error: Exception | None = None
        self.hold = asyncio.Event()
        self.hold.set()

    async def send_message(self, chat_id: int, text: str, **_more: object) -> None:
        await self.hold.wait()
        if self.error:
            raise self.error
        self.sent.append((chat_id, text))


@pytest.fixture
async def waiting(desk) -> int:
    """A person on Telegram with one message of a counsellor; returns the message's id."""
    person = Talk(desk, "777", "telegram")
    for value in ("start", "person", "person:yes", "person:skip"):
        await person.presses(value)
    async with desk.database.transaction() as session:
        case = await open_case_of(session, desk.keys.pseudonym("telegram", "777"))
        message = await add_message(session, desk.keys, case, "a < b", from_person=False)
        return message.id


async def state(desk, message_id: int) -> str:
    async with desk.database.transaction() as session:
        return (await session.get(CaseMessageRow, message_id)).delivery


async def test_a_message_is_sent_once_and_marked(desk, waiting):
    bot = Bot()
    assert [await deliver_waiting(bot, desk) for _ in range(2)] == [1, 0]
    [(chat, text)] = bot.sent
    assert chat == 777 and "a &lt; b" in text
    assert await state(desk, waiting) == "delivered"


async def test_a_blocked_bot_is_a_failure_that_is_not_tried_again(desk, waiting):
    bot = Bot()
    bot.error = Forbidden("blocked")
    assert await deliver_waiting(bot, desk) == 0
    assert await state(desk, waiting) == "failed"


async def test_a_message_waits_while_telegram_is_slow_or_gone(desk, waiting):
    bot = Bot()
    bot.error = TimedOut()
    assert await deliver_waiting(bot, desk) == 0
    assert await state(desk, waiting) == "waiting"
    bot.error = None
    assert await deliver_waiting(bot, desk) == 0  # not at once again
    async with desk.database.transaction() as session:
        (await session.get(CaseMessageRow, waiting)).next_try = None
    assert await deliver_waiting(bot, desk) == 1


async def test_people_are_answered_while_a_delivery_hangs(desk, waiting):
    bot = Bot()
    bot.hold.clear()
    delivery = asyncio.create_task(deliver_waiting(bot, desk))
    await asyncio.sleep(0.05)
    [menu] = await asyncio.wait_for(Talk(desk, "778", "telegram").presses("menu"), 2)
    assert menu.choices
    bot.hold.set()
    assert await delivery == 1
