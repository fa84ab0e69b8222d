"""What runs in one process: the desk, Telegram, background work; opened and closed together."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

import structlog
from telegram.error import InvalidToken, TelegramError

from actions.booklet import PARTS
from actions.published import PublishedContent
from actions.voices import Voices
from booklet.contents import Places
from booklet.shelf import Booklets
from bot.conversation.danger_words import find
from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from bot.staff_group.group import StaffGroup
from bot.staff_group.line import make_group_bot
from bot.telegram.broadcasting import broadcast
from bot.telegram.delivery import deliver
from bot.telegram.front_end import WANTED, TelegramFrontEnd, make_bot
from bot.telegram.intake import poll
from console.live import Live
from content.answers import Library
from content.drawing import PictureSource
from content.media import Shelf
from content.pictures import pictures
from rahnuma.alerts import (
    EVERY,
    OVERDUE_SUBJECT,
    REMIND_EVERY,
    SUBJECT,
    Sender,
    alert_waiting,
    by_email,
    remind_overdue,
    watch,
)
from rahnuma.case_work import case_work
from rahnuma.fresh_content import FreshContent
from rahnuma.keys import keys_of
from rahnuma.published_rumours import rumours_loader
from rahnuma.search_start import learn_questions, prepare_search
from rahnuma.settings import Settings, SettingsError
from rahnuma.target_alerts import TARGETS_SUBJECT, alert_missed
from rahnuma.upkeep import retain
from store.database import DATABASE_ERRORS, Database
from store.locks import RedisLocks
from store.recent import RedisRecent
from store.unlink import unlink

log = structlog.get_logger()
#: Seconds between runs of the retention job.
RETENTION_EVERY = 6 * 3600
#: Seconds between times at which new rows are taken apart from their writers.
UNLINK_EVERY = 1800
#: Seconds between tries to reach a database that was gone at the start.
MIGRATE_AGAIN = 5


def unclear_days_of(settings: Settings) -> int:
    """Days for which messages not understood are kept; 0 where the operator didn't ask for it."""
    return settings.unclear_days if settings.keep_unclear else 0


class Service:
    """Everything that runs in one process, opened and closed together."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.keys = keys_of(settings)
        try:
            self.database = Database(settings.database_url)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        self.library = Library.load()
        find("")  # compile the danger words now: a broken file stops the start, not a cry for help
        pictures()  # likewise: a broken list of pictures must not cost a person their answer
        self.nlu = NluClient(settings.nlu_url)
        try:
            self.redis = RedisLocks.connect(settings.redis_url) if settings.redis_url else None
        except ValueError as error:
            raise SettingsError(f"REDIS_URL: {error}") from error
        self.shelf = Shelf()
        self.pictures = PictureSource(self.library.directory)
        self.shelf.add("picture", self.pictures)
        self.fresh = FreshContent(self.database)
        self.published = PublishedContent(self.database, self.library)
        self.fresh.add(self.published.load)
        self.voices = Voices()
        self.fresh.add(partial(self.voices.load, self.database))
        self.shelf.add("recording", self.voices.source(self.database))
        self.fresh.add(rumours_loader(self.database, self.library))
        self.booklets = Booklets(
            self.library,
            PARTS,
            operator=settings.operator,
            places=self._places,
            only_reviewed=settings.content == "reviewed",
        )
        self.shelf.add("booklet", self.booklets.source)
        self.desk = Desk(
            self.database,
            self.library,
            self.keys,
            self.nlu,
            self.redis or LocalLocks(),
            operator=settings.operator,
            only_reviewed=settings.content == "reviewed",
            unclear_days=unclear_days_of(settings),
            recent=self.redis and RedisRecent(self.redis.client, self.keys),
            shelf=self.shelf,
            voices=self.voices,
            booklets=self.booklets,
        )
        self.live = Live(self.database, self.keys)
        self.telegram = self._telegram()
        self.group = self._group(self.telegram)
        self.fresh.add(self._describe)
        self.telegram_ok = False
        self._tasks: list[asyncio.Task[None]] = []

    def _places(self) -> Places:
        """Where the chat is; the bot's name as Telegram says it, where no setting does."""
        bot = self.settings.telegram_bot
        if bot is None and self.telegram and self.telegram_ok:
            bot = self.telegram.bot.username
        return Places(bot, self.settings.public_url)

    def _telegram(self) -> TelegramFrontEnd | None:
        if self.settings.telegram_token is None:
            return None
        token = self.settings.telegram_token.get_secret_value()
        if self.settings.telegram_webhook_url and not self.settings.telegram_webhook_secret:
            raise SettingsError("TELEGRAM_WEBHOOK_SECRET: needed with TELEGRAM_WEBHOOK_URL")
        try:
            return TelegramFrontEnd(make_bot(token, self.settings.telegram_api_url), self.desk)
        except InvalidToken as error:
            raise SettingsError("TELEGRAM_TOKEN: this is not a bot token") from error

    def _group(self, front_end: TelegramFrontEnd | None) -> StaffGroup | None:
        settings = self.settings
        if settings.staff_group is None:
            return None
        if front_end is None or settings.telegram_token is None:
            raise SettingsError("STAFF_GROUP: needs TELEGRAM_TOKEN")
        bot = make_group_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        group = StaffGroup(bot, settings.staff_group, self.database, self.keys, self.library)
        front_end.before = group.take
        return group

    async def open(self) -> None:
        """Migrate the database and start the background work."""
        if await self._migrate():
            await self.fresh.look()  # nobody reads a number of the files that was corrected since
        else:
            # the answers and the emergency numbers need no database: serve them meanwhile
            self._start(self._migrate_later())
        self._start(self._retention())
        self._start(self._unlink())
        self.fresh.add(lambda: prepare_search(self.library))  # after all that it searches
        self._start(learn_questions(self.library))
        self._start(self.fresh.watch())
        self._start(self.pictures.prepare())
        self._start(self.booklets.keep_ready())
        for work in case_work(self.database, self.keys, self.live):
            self._start(work)
        settings = self.settings
        desk = self._senders(settings.alert_email, settings.alert_telegram_chat, SUBJECT)
        officers = self._senders(settings.aap_email, settings.aap_telegram_chat, OVERDUE_SUBJECT)
        if not desk:
            log.warning("alerts.off", setting="ALERT_EMAIL or ALERT_TELEGRAM_CHAT")
        else:
            self._start(watch(alert_waiting, self.database, desk, EVERY))
        if officers:
            self._start(watch(remind_overdue, self.database, officers, REMIND_EVERY))
        supervisors = self._senders(
            settings.supervisor_email, settings.supervisor_telegram_chat, TARGETS_SUBJECT
        )
        if supervisors:
            self._start(watch(alert_missed, self.database, supervisors, EVERY))
        if self.telegram:
            self._start(self._run_telegram(self.telegram))

    def _senders(self, email: str | None, chat: int | None, subject: str) -> list[Sender]:
        """The ways to tell somebody that something waits."""
        by_mail, front_end = by_email(self.settings, email, subject), self.telegram
        senders = [by_mail] if by_mail else []
        if chat is not None and front_end is not None:

            async def send(line: str) -> None:
                await front_end.bot.send_message(chat, line)

            senders.append(send)
        return senders

    async def _describe(self) -> None:
        """Tell Telegram the bot's description again if its numbers are others now."""
        if self.telegram and self.telegram_ok and self.telegram.describes_otherwise():
            self._start(self.telegram.introduce())

    async def _migrate(self) -> bool:
        try:
            await self.database.open()
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
            return False
        return True

    async def _migrate_later(self) -> None:
        while True:
            await asyncio.sleep(MIGRATE_AGAIN)
            if await self._migrate():
                return

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def close(self) -> None:
        """Stop the background work and close all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.telegram:
            await self.telegram.close()
        if self.group:
            await self.group.close()
        await self.nlu.close()
        if self.redis:
            await self.redis.close()
        await self.database.close()

    async def _run_telegram(self, front_end: TelegramFrontEnd) -> None:
        pause = 1.0
        while not self.telegram_ok:
            try:
                await front_end.open()
                if self.group:
                    await self.group.open()
                await self._connect(front_end)
                self.telegram_ok = True
            except InvalidToken:
                log.error("telegram.token_refused", setting="TELEGRAM_TOKEN")
                return
            except TelegramError as error:
                log.warning("telegram.unreachable", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60)
        log.info("telegram.ready", mode="webhook" if self.settings.telegram_webhook_url else "poll")
        deliveries = asyncio.create_task(deliver(front_end.bot, self.desk))
        broadcasts = asyncio.create_task(broadcast(front_end.bot, self.desk))
        introduction = asyncio.create_task(front_end.introduce())
        group = asyncio.create_task(self.group.run()) if self.group else None
        try:
            if self.settings.telegram_webhook_url:
                await deliveries
            else:
                await poll(front_end)
        finally:
            deliveries.cancel()
            broadcasts.cancel()
            introduction.cancel()
            if group:
                group.cancel()

    async def _connect(self, front_end: TelegramFrontEnd) -> None:
        url = self.settings.telegram_webhook_url
        if url is None:
            await front_end.bot.delete_webhook()
            return
        secret = self.settings.telegram_webhook_secret
        await front_end.bot.set_webhook(
            f"{url}/telegram/webhook",
            secret_token=secret.get_secret_value() if secret else None,
            allowed_updates=WANTED,
        )

    async def _retention(self) -> None:
        while True:
            try:
                await retain(self.database, self.settings)
            except DATABASE_ERRORS as error:
                log.error("retention.failed", error=type(error).__name__)
            await asyncio.sleep(RETENTION_EVERY)

    async def _unlink(self) -> None:
        while True:
            try:
                await unlink(self.database)
            except DATABASE_ERRORS as error:
                log.error("unlink.failed", error=type(error).__name__)
            await asyncio.sleep(UNLINK_EVERY)

    async def ready(self) -> dict[str, str]:
        """The state of each thing that the service needs: ``ok``, ``down`` or ``off``."""
        states = {
            "database": "ok" if await self.database.alive() else "down",
            "nlu": "ok" if await self.nlu.alive() else "down",
            "telegram": "off",
        }
        if self.telegram:
            states["telegram"] = "ok" if self.telegram_ok else "down"
        if self.redis:
            states["redis"] = "ok" if await self.redis.alive() else "down"
        return states
