"""Brings counsellors' messages to people on Telegram, oldest first, each until it is through."""

import asyncio
import datetime as dt
import time

import structlog
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from actions import talk
from actions.context import Context
from actions.reply import Reply
from bot.conversation.desk import Desk
from bot.telegram.front_end import ONCE
from bot.telegram.rendering import keyboard, parts
from content.directory import DirectoryError
from store.case_tables import CaseMessageRow, CaseRow
from store.cases import outbox, signal
from store.database import DATABASE_ERRORS
from store.keys import CannotDecrypt
from store.people import address_of, forget_address, load_person

log = structlog.get_logger()
#: Seconds between looks at the queue, if no change of a case is told before.
EVERY = 1.0
#: Messages that are on their way to Telegram at the same time, each to another person.
AT_ONCE = 20
#: Seconds between signs that a counsellor types; Telegram shows each for five.
TYPING_EVERY = 4.0


async def deliver(bot: ExtBot, desk: Desk) -> None:
    """Send what waits as soon as it does, and show who types, until cancelled."""
    running: set[asyncio.Task[bool]] = set()
    typing = _Typing(bot, desk)
    if desk.database.is_sqlite:  # then this is the only process
        try:
            async with desk.database.transaction() as session:
                await outbox.take_over(session)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
    with signal.changes() as changes:
        try:
            while True:
                try:
                    running |= await _begin(bot, desk, AT_ONCE - len(running))
                except DATABASE_ERRORS as error:
                    log.error("database.unavailable", error=type(error).__name__)
                news = asyncio.create_task(changes.wait(EVERY))
                await asyncio.wait({news, *running}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                running = {task for task in running if not task.done()}
                types, changes.typing = changes.typing, set()
                await typing.show({case for case, side in types if side == "staff"})
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def deliver_waiting(bot: ExtBot, desk: Desk) -> int:
    """Send what waits now; returns how many messages got through. Raises DATABASE_ERRORS."""
    sent, running = 0, await _begin(bot, desk, AT_ONCE)
    while running:
        done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        sent += sum(task.result() for task in done)
        running |= await _begin(bot, desk, AT_ONCE - len(running))
    return sent


async def _begin(bot: ExtBot, desk: Desk, free: int) -> set[asyncio.Task[bool]]:
    """Claim messages of as many people as there is room for, and begin to send them."""
    if free <= 0:
        return set()
    async with desk.database.reading() as connection:
        if not await outbox.anything_due(connection, "telegram"):
            return set()
    async with desk.database.transaction() as session:
        claimed = await outbox.claim(session, "telegram", free)
    return {asyncio.create_task(_deliver(bot, desk, one)) for one in claimed}


async def _deliver(bot: ExtBot, desk: Desk, claimed: outbox.Claimed) -> bool:
    try:
        return await _deliver_one(bot, desk, claimed)
    except DATABASE_ERRORS as error:
        # the claim is void after a while, and the message is tried again
        log.error("database.unavailable", error=type(error).__name__)
    except Exception:  # noqa: BLE001 - one bad message must not stop those to other people
        log.exception("case.delivery_failed", message=claimed.message_id)
    return False


class _Typing:
    """Shows on Telegram that a counsellor types."""

    def __init__(self, bot: ExtBot, desk: Desk):
        self._bot, self._desk = bot, desk
        self._shown: dict[str, float] = {}

    async def show(self, cases: set[str]) -> None:
        """Show it in the chats of these cases, unless it is shown there already."""
        now = time.monotonic()
        self._shown = {case: at for case, at in self._shown.items() if now - at < TYPING_EVERY}
        for case_id in cases - self._shown.keys():
            self._shown[case_id] = now
            try:
                chat = await self._chat_of(case_id)
                if chat is not None:
                    await self._bot.send_chat_action(chat, ChatAction.TYPING)
            except (TelegramError, *DATABASE_ERRORS) as error:
                log.info("telegram.no_typing", error=type(error).__name__)

    async def _chat_of(self, case_id: str) -> int | None:
        async with self._desk.database.transaction() as session:
            case = await session.get(CaseRow, case_id)
            if case is None or case.channel != "telegram" or case.status != "taken":
                return None
            address = await address_of(session, self._desk.keys, case.pseudonym)
        return int(address[1]) if address else None


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
            await bot.send_message(
                chat_id,
                part,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                rate_limit_args=ONCE,  # the outbox tries again by itself
            )
    except Forbidden as error:
        log.info("case.unreachable", message=claimed.message_id, error=type(error).__name__)
        async with desk.database.transaction() as session:
            await outbox.unreachable(session, desk.keys, claimed.pseudonym, "blocked")
            await forget_address(session, claimed.pseudonym)
        signal.wake()
        return False
    except BadRequest as error:
        log.warning("case.not_delivered", message=claimed.message_id, error=type(error).__name__)
        async with desk.database.transaction() as session:
            await outbox.failed(session, claimed, "refused")
        signal.wake()
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
    signal.wake()
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
        case = await session.get(CaseRow, claimed.case_id)
        try:
            return int(address[1]), talk.to_person(ctx, message, case.topic if case else None)
        except (CannotDecrypt, KeyError, DirectoryError) as error:
            log.error("case.unreadable", message=message.id, error=type(error).__name__)
            await outbox.failed(session, claimed, "unreadable")
            return None
