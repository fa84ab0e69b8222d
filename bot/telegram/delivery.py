"""Brings counsellors' messages to people on Telegram, oldest first, each until it is through."""

import asyncio
import datetime as dt

import structlog
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from actions import talk
from actions.context import Context
from actions.reply import Reply
from bot.conversation.desk import Desk
from bot.telegram.rendering import keyboard, parts
from store.case_tables import CaseMessageRow
from store.cases import outbox
from store.database import DATABASE_ERRORS
from store.people import address_of, load_person

log = structlog.get_logger()
#: Seconds between looks at the queue.
EVERY = 1.0


async def deliver(bot: ExtBot, desk: Desk) -> None:
    """Look for waiting messages and send them, until cancelled."""
    while True:
        try:
            await deliver_waiting(bot, desk)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def deliver_waiting(bot: ExtBot, desk: Desk) -> int:
    """Send what waits now; returns how many messages got through."""
    sent = 0
    while True:
        async with desk.database.transaction() as session:
            claimed = await outbox.claim(session, "telegram")
        if not claimed:
            return sent
        sent += sum(await asyncio.gather(*(_deliver_one(bot, desk, one) for one in claimed)))


async def _deliver_one(bot: ExtBot, desk: Desk, claimed: outbox.Claimed) -> bool:
    # Telegram may take its time: no transaction stays open meanwhile, others want to write.
    prepared = await _prepare(desk, claimed)
    if prepared is None:
        return False
    chat_id, reply = prepared
    texts = parts(reply.html)
    try:
        for i, part in enumerate(texts):
            markup = keyboard(reply) if i == len(texts) - 1 else None
            await bot.send_message(chat_id, part, parse_mode=ParseMode.HTML, reply_markup=markup)
    except Forbidden as error:
        log.info("case.unreachable", message=claimed.message_id, error=type(error).__name__)
        async with desk.database.transaction() as session:
            await outbox.unreachable(session, desk.keys, claimed.pseudonym, "blocked")
        return False
    except BadRequest as error:
        log.warning("case.not_delivered", message=claimed.message_id, error=type(error).__name__)
        async with desk.database.transaction() as session:
            await outbox.failed(session, claimed, "refused")
        return False
    except TelegramError as error:
        after = error.retry_after if isinstance(error, RetryAfter) else None
        seconds = after.total_seconds() if isinstance(after, dt.timedelta) else after
        log.warning("case.delivery_waits", message=claimed.message_id, error=type(error).__name__)
        async with desk.database.transaction() as session:
            await outbox.try_again(session, claimed, type(error).__name__, seconds)
        return False
    async with desk.database.transaction() as session:
        await outbox.delivered(session, claimed)
    return True


async def _prepare(desk: Desk, claimed: outbox.Claimed) -> tuple[int, Reply] | None:
    """The chat and the reply for a claimed message; None if it can't be sent any more."""
    async with desk.database.transaction() as session:
        address = await address_of(session, desk.keys, claimed.pseudonym)
        message = await session.get(CaseMessageRow, claimed.message_id)
        if message is None:
            return None
        if address is None:
            await outbox.failed(session, claimed, "no address")
            return None
        person = await load_person(session, desk.keys, claimed.pseudonym, "telegram")
        ctx = Context(person, desk.library, desk.keys, session)
        return int(address[1]), talk.to_person(ctx, message)
