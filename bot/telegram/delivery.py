"""Brings counsellors' messages to people on Telegram, oldest first, each until it is through."""

import asyncio

import structlog
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from actions import handoff
from actions.context import Context
from actions.reply import Reply
from bot.conversation.desk import Desk
from bot.telegram.rendering import parts
from store.cases import waiting_messages
from store.database import DATABASE_ERRORS
from store.people import address_of, load_person
from store.tables import CaseMessageRow

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
    async with desk.database.transaction() as session:
        waiting = [(m.id, c.pseudonym) for m, c in await waiting_messages(session)]
    for message_id, pseudonym in waiting:
        sent += await _deliver_one(bot, desk, message_id, pseudonym)
    return sent


async def _deliver_one(bot: ExtBot, desk: Desk, message_id: int, pseudonym: str) -> bool:
    # Telegram may take its time: no transaction stays open meanwhile, others want to write.
    prepared = await _prepare(desk, message_id, pseudonym)
    if prepared is None:
        return False
    chat_id, reply = prepared
    try:
        for part in parts(reply.html):
            await bot.send_message(chat_id, part, parse_mode=ParseMode.HTML)
        outcome = "delivered"
    except (Forbidden, BadRequest) as error:
        log.warning("case.not_delivered", message=message_id, error=type(error).__name__)
        outcome = "failed"
    except TelegramError as error:
        log.warning("case.delivery_waits", message=message_id, error=type(error).__name__)
        return False
    async with desk.database.transaction() as session:
        message = await session.get(CaseMessageRow, message_id)
        if message is not None:
            message.delivery = outcome
    return outcome == "delivered"


async def _prepare(desk: Desk, message_id: int, pseudonym: str) -> tuple[int, Reply] | None:
    """The chat and the reply for a waiting message; None if it can't or needn't be sent here."""
    async with desk.database.transaction() as session:
        address = await address_of(session, desk.keys, pseudonym)
        message = await session.get(CaseMessageRow, message_id)
        if address is None or address[0] != "telegram":
            return None  # the web chat fetches its own; without an address nothing can be sent
        if message is None or message.delivery != "waiting":
            return None
        person = await load_person(session, desk.keys, pseudonym, "telegram")
        ctx = Context(person, desk.library, desk.keys, session)
        return int(address[1]), handoff.from_counsellor(ctx, desk.keys.cases.open(message.body))
