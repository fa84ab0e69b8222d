"""Sends notices to who subscribed: slowly, after everything that somebody waits for.

Counsellors' messages go first: before each few messages it looks whether one waits. A chat that
Telegram asks us to spare is tried again later by itself, while the others go on.
"""

import asyncio
import datetime as dt
import uuid
from dataclasses import dataclass, field

import structlog
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from actions.context import Context
from actions.notice_text import last_message, message
from actions.reply import Reply
from bot.conversation.desk import Desk
from bot.telegram.front_end import ONCE
from bot.telegram.rendering import keyboard, parts
from content.directory import DirectoryError
from store.cases import outbox
from store.database import DATABASE_ERRORS
from store.keys import CannotDecrypt
from store.notice_tables import SubscriptionRow
from store.notices import broadcasts, sending, subscriptions
from store.notices.states import NotPossible
from store.notices.times import next_time
from store.people import Person
from store.tables import PersonRow, now, today

log = structlog.get_logger()
#: Messages a second, of all processes together: half of what Telegram allows a bot.
A_SECOND = 15
#: Messages between two looks at what is more urgent; they go out beside each other.
AT_ONCE = 5
#: Seconds between looks while nothing is to be sent, and while counsellors' messages go first.
EVERY, BEHIND = 1.0, 0.2
#: Seconds until who could not be told of an end is told, where Telegram names none.
LATER = 60.0
#: Chats in a row after whose "too many requests" the whole bot, not a chat, is taken to be meant.
FLOOD = 3


@dataclass
class Broadcaster:
    """What one process knows while it sends; ``a_second``: its pace."""

    bot: ExtBot
    desk: Desk
    a_second: float = A_SECOND
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    _refused: int = 0  # chats in a row that were refused for too many requests
    _quiet_until: float = 0  # on the loop's clock: until then nobody is told of an end
    _rest: float = 0  # seconds for which Telegram wants to be left alone

    async def run(self) -> None:
        """Send what is to be sent, until cancelled."""
        if self.desk.database.is_sqlite:  # then this is the only process
            await self._void_claims()
        while True:
            pause = EVERY
            try:
                pause = await self.step()
            except DATABASE_ERRORS as error:
                log.error("database.unavailable", error=type(error).__name__)
            except Exception:  # noqa: BLE001 - one notice that can't be sent must not stop the others
                log.exception("broadcast.failed")
            await asyncio.sleep(pause)

    async def _void_claims(self) -> None:
        try:
            async with self.desk.database.transaction() as session:
                await sending.take_over(session)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)

    async def step(self) -> float:
        """Send the next few messages, or do what else is due; seconds until the next step.

        Raises one of DATABASE_ERRORS; then the claims are void after a while.
        """
        database = self.desk.database
        async with database.reading() as connection:
            if await outbox.anything_due(connection, "telegram"):
                return BEHIND
            if not await sending.anything_to_do(connection):
                return EVERY
        async with database.transaction() as session:
            if not await sending.hold(session, self.name):
                return EVERY
            claimed = await sending.claim(session, AT_ONCE)
        self._rest = 0
        await asyncio.gather(*(self._send(one) for one in claimed))
        if not claimed:
            await self._tell_ends()
            await self._end()
            return EVERY
        return max(len(claimed) / self.a_second, self._rest)

    async def _end(self) -> None:
        async with self.desk.database.looking() as session:
            found = await broadcasts.to_end(session)
        for broadcast_id, step in found:
            try:
                async with self.desk.database.transaction() as session:
                    await broadcasts.take_step(session, broadcast_id, step)
            except NotPossible:
                log.info("broadcast.ended_meanwhile", broadcast=broadcast_id)
            else:
                log.info("broadcast.ended", broadcast=broadcast_id, step=step)

    async def _send(self, claimed: sending.Message) -> None:
        database = self.desk.database
        async with database.transaction() as session:
            found = await sending.to_send(session, claimed)
            if found is None:
                return
            notice, subscriber = found
            person = await session.get(PersonRow, subscriber.pseudonym)
            time = next_time(notice, now())
        try:
            chat, ctx = self._chat(subscriber), self._context(subscriber, person)
            soon = subscriber.until <= today() + dt.timedelta(days=subscriptions.LAST_DAYS)
            reply = message(
                ctx,
                notice,
                time or (notice.starts, notice.ends),
                ends_on=subscriber.until if soon else None,
            )
            await self._out(chat, reply)
        except Forbidden:
            async with database.transaction() as session:
                await sending.failed(session, claimed)
            async with database.transaction() as session:
                await subscriptions.unsubscribe(session, claimed.pseudonym)
            log.info("broadcast.blocked", broadcast=claimed.broadcast_id)
        except (BadRequest, CannotDecrypt, ValueError, KeyError, DirectoryError) as error:
            async with database.transaction() as session:
                await sending.failed(session, claimed)
            log.warning("broadcast.not_sent", message=claimed.id, error=type(error).__name__)
        except TelegramError as error:
            after = self._wait_of(error)
            async with database.transaction() as session:
                await sending.try_again(session, claimed, after)
            log.info("broadcast.waits", message=claimed.id, error=type(error).__name__)
        else:
            self._refused = 0
            async with database.transaction() as session:
                await sending.sent(session, claimed)

    def _wait_of(self, error: TelegramError) -> float | None:
        """Seconds for which Telegram wants a chat to be left alone; None where it says nothing."""
        if not isinstance(error, RetryAfter):
            return None
        after = error.retry_after
        seconds = after.total_seconds() if isinstance(after, dt.timedelta) else float(after)
        self._refused += 1
        if self._refused >= FLOOD:
            self._rest = max(self._rest, seconds)
        return seconds

    async def _tell_ends(self) -> None:
        """Tell who is subscribed through today that it ends."""
        clock = asyncio.get_running_loop().time
        if clock() < self._quiet_until:
            return
        async with self.desk.database.transaction() as session:
            rows = await subscriptions.ending(session, AT_ONCE)
            people = {row.pseudonym: await session.get(PersonRow, row.pseudonym) for row in rows}
        for row in rows:
            ctx = self._context(row, people[row.pseudonym])
            try:
                await self._out(self._chat(row), last_message(ctx))
            except (Forbidden, BadRequest, CannotDecrypt, ValueError):
                async with self.desk.database.transaction() as session:
                    await subscriptions.unsubscribe(session, row.pseudonym)
            except TelegramError as error:
                log.info("subscription.end_not_told", error=type(error).__name__)
                self._quiet_until = clock() + (self._wait_of(error) or LATER)
                async with self.desk.database.transaction() as session:
                    await subscriptions.tell_end_later(session, row.pseudonym)

    def _chat(self, row: SubscriptionRow) -> int:
        return int(self.desk.keys.delivery.open(row.address))

    def _context(self, row: SubscriptionRow, known: PersonRow | None) -> Context:
        """What a subscriber is written with: in the language that they use now, if it is known."""
        language = (known.language if known else None) or row.language
        person = Person(row.pseudonym, row.channel, language, centre=row.centre)
        return Context(person, self.desk.library, self.desk.keys, None)

    async def _out(self, chat: int, reply: Reply) -> None:
        texts = parts(reply.html)
        for i, text in enumerate(texts):
            await self.bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply) if i == len(texts) - 1 else None,
                rate_limit_args=ONCE,  # tried again by its own time, not here
            )


async def broadcast(bot: ExtBot, desk: Desk) -> None:
    """Send notices to who subscribed, until cancelled."""
    await Broadcaster(bot, desk).run()
