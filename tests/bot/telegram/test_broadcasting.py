"""Notices on their way to subscribers, over HTTP with the strict Bot API server."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update
from telegram.ext import ExtBot

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from bot.telegram.broadcasting import A_SECOND, BEHIND, EVERY, Broadcaster, broadcast
from bot.telegram.delivery import deliver_waiting
from bot.telegram.front_end import make_bot
from content.sentences import sentence
from store.cases.messages import add_message
from store.cases.opening import add_case
from store.keys import Keys
from store.notice_tables import (
    BroadcastOutboxRow,
    BroadcastRow,
    NoticeRow,
    SubscriptionRow,
)
from store.notices import broadcasts, sending
from store.notices.broadcasts import Progress, progress, take_step, withdraw
from store.people import Person, erase_person, keep_address, save_person
from store.retention import run_retention
from store.tables import now, today
from tests.conftest import free_port
from tests.support.notices import HOUR, put_notice, put_subscriber
from tests.support.telegram_server import TOKEN, ApiError, TelegramServer

PEOPLE = range(101, 113)


class World:
    """Twelve subscribers of Lipa, a notice, and one process that sends step by step."""

    def __init__(self, telegram: TelegramServer, bot: ExtBot, desk: Desk):
        self.telegram, self.bot, self.desk = telegram, bot, desk
        self.database, self.keys = desk.database, desk.keys
        self.sender = Broadcaster(bot, desk)
        self.notice = ""

    async def begin(self) -> str:
        """Start a broadcast of the notice; its id."""
        async with self.database.transaction() as session:
            return (await broadcasts.start(session, self.notice, "ana")).id

    async def state(self) -> Progress:
        """How far the newest broadcast is."""
        async with self.database.looking() as session:
            return (await progress(session, self.notice))[0]

    async def steps(self, n: int = 12) -> None:
        """Some steps, without the pauses between them."""
        for _ in range(n):
            await self.sender.step()

    def got(self, *people: int) -> list[int]:
        """How many messages each person has."""
        return [len(self.telegram.messages.get(one, [])) for one in people or PEOPLE]

    async def due_again(self) -> None:
        """As if the pauses until the next tries were over."""
        async with self.database.transaction() as session:
            await session.execute(update(BroadcastOutboxRow).values(next_try=None))


@pytest.fixture
async def world(each_database, library, keys: Keys, nlu) -> AsyncIterator[World]:
    client = NluClient("http://nlu.test", transport=nlu.transport)
    desk = Desk(each_database, library, keys, client, LocalLocks(), operator="The test team")
    with TelegramServer(free_port()) as telegram:
        bot = make_bot(TOKEN, telegram.url)
        await bot.initialize()
        made = World(telegram, bot, desk)
        made.notice = await put_notice(each_database, fa="جلسهٔ قانون")
        for user in PEOPLE:
            await put_subscriber(each_database, keys, user)
        yield made
        await bot.shutdown()
        assert telegram.problems == []
    await client.close()


async def test_each_subscriber_of_the_centre_gets_it_once_in_their_language(world):
    await put_subscriber(world.database, world.keys, 201, centre="usivak")
    await put_subscriber(world.database, world.keys, 202, centre=None)
    await put_subscriber(world.database, world.keys, 203, language="fa")
    await put_subscriber(world.database, world.keys, 204, days=-1)
    # who uses another language since then is written to in that one
    person = Person(world.keys.pseudonym("telegram", "101"), "telegram", "ps")
    async with world.database.transaction() as session:
        await save_person(session, world.keys, person)
    await world.begin()
    assert (await world.state()).row.total == 13
    await world.steps()
    assert world.got() == [1] * 12 and world.got(201, 202, 203, 204) == [0, 0, 1, 0]
    done = await world.state()
    assert (done.row.state, done.row.sent, done.waiting, done.left) == ("done", 13, 0, 0)
    [farsi] = world.telegram.messages[203]
    assert "جلسهٔ قانون" in farsi["_text"] and "Law session" not in farsi["_text"]
    [pashto] = world.telegram.messages[101]
    assert sentence("ps", "In English; not yet translated.") in pashto["_text"]
    [english] = world.telegram.messages[102]
    assert (
        english["_text"].startswith("📅") and "Law session" not in english["_text"].split("\n")[0]
    )
    buttons = [button["callback_data"] for button in world.telegram.buttons(english)]
    assert buttons == ["today", "notify:off"]
    assert "Announced on" in english["_text"] and "Lipa" in english["_text"]


async def test_the_pace_is_half_of_what_telegram_allows(world):
    await world.begin()
    assert await world.sender.step() == pytest.approx(5 / A_SECOND) and A_SECOND <= 15
    assert sum(world.got()) == 5


async def test_one_chat_that_must_be_spared_does_not_hold_up_the_others(world):
    world.telegram.slow[103] = 40
    await world.begin()
    await world.steps()
    assert world.got() == [1, 1, 0] + [1] * 9
    assert (await world.state()).row.state == "running"
    world.telegram.slow.clear()
    await world.steps(1)
    assert world.got(103) == [0]  # not before Telegram said so
    async with world.database.looking() as session:
        [row] = (await session.execute(select(BroadcastOutboxRow))).scalars()
        assert dt.timedelta(seconds=30) < row.next_try - now() <= dt.timedelta(seconds=40)
    await world.due_again()
    await world.steps(3)
    assert world.got(103) == [1] and (await world.state()).row.state == "done"


async def test_where_every_chat_is_refused_the_whole_bot_rests(world):
    for one in PEOPLE:
        world.telegram.slow[one] = 33
    await world.begin()
    assert await world.sender.step() == 33


async def test_who_blocked_the_bot_is_subscribed_no_more_and_others_get_it(world):
    world.telegram.blocked.add(104)
    await world.begin()
    await world.steps()
    assert sum(world.got()) == 11
    done = await world.state()
    assert (done.row.state, done.row.sent, done.row.failed) == ("done", 11, 1)
    async with world.database.looking() as session:
        gone = world.keys.pseudonym("telegram", "104")
        assert await session.get(SubscriptionRow, gone) is None


async def test_what_telegram_refuses_fails_and_what_is_gone_for_a_moment_waits(world):
    world.telegram.fail_next = [ApiError(400, "Bad Request: chat not found"), ApiError(502, "Bad")]
    await world.begin()
    await world.steps()
    state = await world.state()
    assert (state.row.sent, state.row.failed, state.waiting) == (10, 1, 1)
    await world.due_again()
    await world.steps(2)
    assert (await world.state()).row.sent == 11
    world.telegram.problems.clear()


async def test_a_counsellors_message_goes_before_the_rest_of_a_broadcast(world):
    await world.begin()
    await world.sender.step()
    person = Person(world.keys.pseudonym("telegram", "777"), "telegram")
    async with world.database.transaction() as session:
        await keep_address(session, world.keys, person, "777", 30)
        case = await add_case(
            session,
            world.keys,
            pseudonym=person.pseudonym,
            channel="telegram",
            language="en",
            centre=None,
            danger=False,
            text="help",
        )
        await add_message(session, world.keys, case, "I am here", from_person=False)
    sent = sum(world.got())
    assert await world.sender.step() == BEHIND and sum(world.got()) == sent
    await deliver_waiting(world.bot, world.desk)
    assert "I am here" in world.telegram.messages[777][-1]["_text"]
    await world.steps()
    assert world.got() == [1] * 12


async def test_pause_stops_it_resume_goes_on_and_nobody_gets_it_twice(world):
    broadcast_id = await world.begin()
    await world.sender.step()
    async with world.database.transaction() as session:
        await take_step(session, broadcast_id, "pause")
    await world.steps(4)
    assert sum(world.got()) == 5 and (await world.state()).waiting == 7
    async with world.database.transaction() as session:
        await take_step(session, broadcast_id, "resume")
    await world.steps()
    assert world.got() == [1] * 12


async def test_what_was_claimed_when_it_was_paused_is_not_sent(world):
    broadcast_id = await world.begin()
    async with world.database.transaction() as session:
        claimed = await sending.claim(session, 3)
    async with world.database.transaction() as session:
        await take_step(session, broadcast_id, "pause")
    for one in claimed:
        await world.sender._send(one)
    assert sum(world.got()) == 0 and (await world.state()).waiting == 12


@pytest.mark.parametrize("how", ["cancel", "withdraw", "over"])
async def test_a_broadcast_that_is_cancelled_withdrawn_or_too_late_sends_nothing_more(world, how):
    broadcast_id = await world.begin()
    await world.sender.step()
    async with world.database.transaction() as session:
        notice = await session.get(NoticeRow, world.notice)
        if how == "cancel":
            await take_step(session, broadcast_id, "cancel")
        elif how == "withdraw":
            await withdraw(session, notice)
        else:
            notice.ends = notice.over = now()
    await world.steps(4)
    assert sum(world.got()) == 5
    state = await world.state()
    assert state.waiting == 0 and state.row.ended_at is not None
    if how == "over":
        assert (state.row.state, state.row.failed, state.left) == ("too_late", 7, 0)
    else:
        assert (state.row.state, state.row.failed, state.left) == ("cancelled", 0, 7)


async def test_who_stops_or_deletes_while_it_runs_gets_nothing_more(world):
    await world.begin()
    await world.sender.step()
    async with world.database.transaction() as session:
        gone = await erase_person(session, world.keys.pseudonym("telegram", "112"))
    assert gone["subscriptions"] == 1
    await world.steps()
    assert world.got(112) == [0]
    state = await world.state()
    assert (state.row.state, state.row.sent, state.left) == ("done", 11, 1)


async def test_what_a_killed_process_had_claimed_is_sent_when_its_claim_is_void(world):
    await world.begin()
    async with world.database.transaction() as session:
        assert await sending.hold(session, "killed")
        claimed = await sending.claim(session, 5)
    assert len(claimed) == 5
    await world.steps(2)
    assert sum(world.got()) == 0  # the other one has the right to send
    async with world.database.transaction() as session:
        await sending.hold(session, "killed")
        past = now() - dt.timedelta(seconds=1)
        await session.execute(update(sending.BroadcasterRow).values(held_until=past))
    await world.steps(4)
    assert sum(world.got()) == 7  # what was claimed may be on its way
    async with world.database.transaction() as session:
        await session.execute(update(BroadcastOutboxRow).values(claimed_until=past))
    await world.steps()
    assert world.got() == [1] * 12


async def test_two_processes_send_each_message_once(world):
    await world.begin()
    others = [Broadcaster(world.bot, world.desk) for _ in range(3)]
    for _ in range(6):
        await asyncio.gather(*(one.step() for one in others))
        async with world.database.transaction() as session:  # any of them may be the next
            await session.execute(update(sending.BroadcasterRow).values(held_until=None))
    assert world.got() == [1] * 12 and (await world.state()).row.sent == 12


async def test_it_runs_by_itself_also_after_a_restart(world):
    await world.begin()
    async with world.database.transaction() as session:
        await sending.claim(session, 4)
        if not world.database.is_sqlite:  # there a start knows that nobody else sends
            await sending.take_over(session)
    work = asyncio.create_task(broadcast(world.bot, world.desk))
    for user in PEOPLE:
        await asyncio.to_thread(world.telegram.wait, user, 1)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert world.got() == [1] * 12


async def test_the_last_messages_say_when_it_ends_and_the_last_day_says_good_bye(world):
    await put_subscriber(world.database, world.keys, 301, days=3)
    await put_subscriber(world.database, world.keys, 302, days=0)
    assert await world.sender.step() == EVERY
    assert world.got(301, 302) == [0, 1]
    [bye] = world.telegram.messages[302]
    assert "end today" in bye["_text"]
    assert "notify:go" in [b["callback_data"] for b in world.telegram.buttons(bye)]
    await world.steps(2)
    assert world.got(302) == [1]
    await world.begin()
    await world.steps()
    [soon] = world.telegram.messages[301]
    assert "These messages end on" in soon["_text"]
    assert "These messages end on" not in world.telegram.messages[101][0]["_text"]


async def test_a_good_bye_that_could_not_be_sent_is_sent_later(world):
    await put_subscriber(world.database, world.keys, 302, days=0)
    world.telegram.fail_next = [ApiError(502, "Bad Gateway")]
    await world.steps(2)
    assert world.got(302) == [0]
    world.sender = Broadcaster(world.bot, world.desk)
    async with world.database.transaction() as session:
        await session.execute(update(sending.BroadcasterRow).values(held_until=None))
    await world.steps(1)
    assert world.got(302) == [1]


async def test_an_ended_subscription_goes_with_what_was_to_be_sent(world):
    ended = await put_subscriber(world.database, world.keys, 401)
    await world.begin()
    async with world.database.transaction() as session:
        (await session.get(SubscriptionRow, ended)).until = today() - dt.timedelta(days=1)
    async with world.database.transaction() as session:
        gone = await run_retention(
            session,
            conversation_days=30,
            case_days=30,
            feedback_days=365,
            unclear_days=30,
            report_days=730,
        )
        left = (await session.execute(select(BroadcastOutboxRow.pseudonym))).scalars().all()
    assert gone["subscriptions"] == 1 and ended not in left and len(left) == 12


@pytest.mark.parametrize(
    "why", [{"state": "draft"}, {"ends": now() - HOUR}, {"state": "withdrawn"}]
)
async def test_only_a_published_notice_that_is_not_over_is_sent_and_once_at_a_time(world, why):
    running = await world.begin()
    with pytest.raises(broadcasts.NotPossible):
        await world.begin()
    world.notice = await put_notice(world.database, "Other", **why)
    with pytest.raises(broadcasts.NotPossible):
        await world.begin()
    async with world.database.looking() as session:
        assert [row.id for row in (await session.execute(select(BroadcastRow))).scalars()] == [
            running
        ]
