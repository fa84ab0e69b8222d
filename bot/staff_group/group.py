"""The group's front-end: updates of the group and ``/link`` in private come in here first."""

import asyncio

import structlog
from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.staff_group import wording
from bot.staff_group.asked import Answer, Pressed, Written
from bot.staff_group.line import Line, Pace
from bot.staff_group.relay import Relay
from bot.staff_group.requests import Requests
from content.answers import Library
from store import group
from store.cases.messages import lock_case
from store.cases.signal import changes, wake
from store.database import DATABASE_ERRORS, Database
from store.keys import Keys
from store.people import first_time
from store.phones import PhoneTaken, account_of, link
from store.presence import touch_phone

log = structlog.get_logger()
#: Seconds between looks at the cases, if nothing was written here before.
EVERY = 1.0
_LINKED = (
    "Linked to the account {name}. In the staff's group you can now take cases; what you write in "
    "the topic of your case goes to the person. Everybody in the group reads it too."
)
_WRONG_CODE = "This code is wrong or over. Make a new one in the console, on your page “Phone”."
_DATABASE = "Nothing was done: the database can't be reached. Please send it again in a minute."
_TAKEN = "This Telegram account is linked to another account. End that link in the console first."


class StaffGroup:
    """Takes updates of the staff's group, and keeps its topics true to the cases."""

    def __init__(
        self,
        bot: ExtBot,
        chat_id: int,
        database: Database,
        keys: Keys,
        library: Library,
        pace: Pace | None = None,
    ):
        self.bot, self.chat_id = bot, chat_id
        self._database, self._keys = database, keys
        self._line = Line(bot, chat_id, pace or Pace())
        self._relay = Relay(self._line, database, keys, library.directory)
        self._requests = Requests(keys, library.directory)
        self._told: set[tuple[int, str]] = set()  # topics and members that know why they fail

    async def open(self) -> None:
        """Connect. Raises telegram.error.TelegramError."""
        await self.bot.initialize()

    async def close(self) -> None:
        """Close the connections."""
        await self.bot.shutdown()

    async def run(self) -> None:
        """Keep the topics true until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._notice())
            tasks.create_task(self._keep_up())

    async def _notice(self) -> None:
        """Look at the topics at once when a case changes."""
        with changes() as found:
            while True:
                if await found.wait(EVERY):
                    self._line.news.set()

    async def _keep_up(self) -> None:
        while True:
            try:
                await self.catch_up()
            except DATABASE_ERRORS as error:
                log.error("database.unavailable", error=type(error).__name__)
            try:
                async with asyncio.timeout(EVERY):
                    await self._line.news.wait()
            except TimeoutError:
                continue
            self._line.news.clear()

    async def catch_up(self) -> int:
        """Send what can be sent now; how many steps. Raises DATABASE_ERRORS."""
        await self._line.answer_all()
        return await self._relay.catch_up()

    async def take(self, update: Update) -> bool:
        """Handle an update of the group or a ``/link``; False if it is neither."""
        message = update.message or update.edited_message
        chat = update.effective_chat
        if chat is None:
            return False
        if chat.id == self.chat_id:
            if update.callback_query:
                await self._pressed(update.update_id, update.callback_query)
            elif message:
                await self._written(update, message)
            wake()  # words for the person are sent at once, and consoles see what changed
            return True
        text = (update.message.text if update.message else None) or ""
        if chat.type == ChatType.PRIVATE and text.split(" ")[0] == "/link":
            await self._link(chat.id, text.removeprefix("/link"))
            return True
        return False

    async def _link(self, telegram_id: int, code: str) -> None:
        try:
            async with self._database.transaction() as session:
                name = await link(session, self._keys, code, telegram_id)
            answer = _LINKED.format(name=name) if name else _WRONG_CODE
        except PhoneTaken:
            answer = _TAKEN
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
            answer = _DATABASE
        try:
            await self.bot.send_message(telegram_id, answer)
        except TelegramError as error:
            log.warning("group.not_answered", error=type(error).__name__)

    async def _written(self, update: Update, message: Message) -> None:
        topic_id, sender = message.message_thread_id, message.from_user
        if topic_id is None or sender is None or sender.is_bot:
            return
        written = Written(
            message.message_id,
            message.text or "",
            edited=message.edit_date if update.edited_message else None,
            other=bool(message.effective_attachment),
        )
        if not written.text and not written.other:
            return  # a notice of Telegram: somebody joined, a topic was renamed
        answer = await self._in_topic(update.update_id, topic_id, sender.id, written)
        if answer:
            self._line.answer(topic_id, answer.text, answer.markup)
        self._line.news.set()

    async def _pressed(self, update_id: int, query: CallbackQuery) -> None:
        topic_id = getattr(query.message, "message_thread_id", None)
        answer = None
        if topic_id is not None and query.data:
            mark = f"tg:button:{query.message.message_id}" if query.message else ""
            answer = await self._in_topic(
                update_id, topic_id, query.from_user.id, Pressed(query.data, mark)
            )
        toast = answer.text if answer and answer.passing else None
        try:
            await self.bot.answer_callback_query(
                query.id, text=toast[:200] if toast else None, show_alert=bool(toast) or None
            )
        except TelegramError:
            log.info("telegram.old_button")
        if answer and not answer.passing and topic_id is not None:
            self._line.answer(topic_id, answer.text, answer.markup)
        self._line.news.set()

    async def _in_topic(
        self, update_id: int, topic_id: int, member: int, what: Written | Pressed
    ) -> Answer | None:
        """What a member wrote or pressed in a topic, done as a whole, once."""
        try:
            return await self._done_once(update_id, topic_id, member, what)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
            return Answer(_DATABASE)

    async def _done_once(
        self, update_id: int, topic_id: int, member: int, what: Written | Pressed
    ) -> Answer | None:
        async with self._database.transaction() as session:
            if not await first_time(session, "group", update_id):
                return None
            topic = await group.topic(session, topic_id)
            if topic is None:
                return None
            account = await account_of(session, self._keys, member)
            if account is None:
                return self._once(topic_id, self._keys.pseudonym("staff", str(member)), what)
            await touch_phone(session, account.name)
            case = await lock_case(session, topic.case_id)
            if case is None:
                return None
            if isinstance(what, Pressed):
                return await self._requests.pressed(session, topic, case, account, what)
            return await self._requests.written(session, topic, case, account, what)

    def _once(self, topic_id: int, member: str, what: Written | Pressed) -> Answer | None:
        if isinstance(what, Pressed):
            return Answer(wording.NOT_LINKED, passing=True)
        if (topic_id, member) in self._told:
            return None
        self._told.add((topic_id, member))
        return Answer(wording.NOT_LINKED)
