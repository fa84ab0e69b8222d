"""The Telegram front-end: one update in, its replies out."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram import Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from actions import files
from actions.reply import Reply
from bot.conversation.desk import Desk
from bot.conversation.incoming import Incoming
from bot.telegram.beside import Beside
from bot.telegram.commands import described_numbers, set_commands
from bot.telegram.rendering import keyboard, parts
from bot.telegram.updates import Arrived, Blocked, InGroup, Sent, read
from content.languages import DEFAULT_LANGUAGE, from_phone
from content.sentences import sentence

log = structlog.get_logger()
#: Kinds of updates that we ask Telegram for.
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
#: How often a call is repeated after Telegram's ``retry_after``.
REPEAT = 3
#: Seconds that a turn waits for files and points beside its texts.
PATIENCE = 1.0
#: Says of a call that it is not to be repeated (0 would be taken for "nothing said").
ONCE = "once"


def make_bot(token: str, api_url: str) -> ExtBot:
    """A Bot API client that keeps Telegram's flow limits and repeats after ``retry_after``.

    Raises telegram.error.InvalidToken if the token has not the form of one.
    """
    return ExtBot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, read_timeout=20),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=35),
        rate_limiter=_Limits(),
    )


class _Limits(AIORateLimiter):
    """Telegram's flow limits.

    A call with ``rate_limit_args=ONCE`` raises RetryAfter at once instead of being repeated here:
    the outbox keeps its own time, and others are not held up meanwhile.
    """

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    async def process_request(self, callback, args, kwargs, endpoint, data, rate_limit_args):
        repeat = 0 if rate_limit_args == ONCE else REPEAT
        return await super().process_request(callback, args, kwargs, endpoint, data, repeat)


class TelegramFrontEnd:
    """Takes updates, asks the desk, sends the replies."""

    def __init__(self, bot: ExtBot, desk: Desk):
        self.bot, self._desk = bot, desk
        self._beside = Beside(bot, desk.shelf)
        #: Sees each update first and says whether it was its own (the staff's group).
        self.before: Callable[[Update], Awaitable[bool]] | None = None
        self._greeted_groups: set[int] = set()
        self._uploads: set[asyncio.Task[None]] = set()

        self._described: dict[str, str] | None = None

    async def open(self) -> None:
        """Connect and check the token. Raises telegram.error.TelegramError."""
        await self.bot.initialize()

    async def introduce(self) -> None:
        """Tell Telegram our commands and descriptions; people are answered also without them."""
        numbers = described_numbers(self._desk.library.directory)
        try:
            await set_commands(self.bot, numbers)
        except TelegramError as error:
            log.warning("telegram.commands_not_set", error=type(error).__name__)
        else:
            self._described = numbers

    def describes_otherwise(self) -> bool:
        """Whether the description at Telegram has other numbers than the directory has now."""
        return self._described != described_numbers(self._desk.library.directory)

    async def close(self) -> None:
        """Close the connections; what is still on its way beside a text is given up."""
        for task in self._uploads:
            task.cancel()
        await asyncio.gather(*self._uploads, return_exceptions=True)
        await self.bot.shutdown()

    async def take(self, update: Update) -> None:
        """Handle one update. Errors of Telegram while answering are logged, never raised."""
        if self.before is not None and await self.before(update):
            return
        arrived = read(update, self.bot.username)
        try:
            if isinstance(arrived, Arrived):
                await self._answer(update, arrived)
            elif isinstance(arrived, Blocked):
                await self._desk.forget("telegram", str(arrived.chat_id))
            elif isinstance(arrived, InGroup):
                await self._ask_for_private(arrived)
        except Forbidden:
            if isinstance(arrived, Arrived):
                log.info("telegram.blocked")
                await self._desk.forget("telegram", str(arrived.chat_id))
        except TelegramError as error:
            log.error("telegram.not_sent", error=type(error).__name__)

    async def _answer(self, update: Update, arrived: Arrived) -> None:
        query = arrived.callback
        if query is not None:
            await self._confirm(query)
        replies, _typing = await asyncio.gather(
            self._desk.handle(
                "telegram",
                str(arrived.chat_id),
                await self._with_file(arrived),
                update_id=update.update_id,
                address=str(arrived.chat_id),
            ),
            self._type(arrived),
        )
        for reply in replies:
            await self._send(arrived, reply)
        await self._send_beside(arrived.chat_id, [r for r in replies if r.media or r.points])

    async def _send_beside(self, chat_id: int, replies: list[Reply]) -> None:
        """Send what stands beside the texts, once all of them went out.

        A slow upload goes on by itself after PATIENCE: nobody's next answer waits for a picture.
        """
        if not replies:
            return
        task = asyncio.create_task(self._all_beside(chat_id, replies))
        self._uploads.add(task)
        task.add_done_callback(self._uploads.discard)
        done, _going_on = await asyncio.wait({task}, timeout=PATIENCE)
        for finished in done:
            finished.result()

    async def _all_beside(self, chat_id: int, replies: list[Reply]) -> None:
        try:
            for reply in replies:
                await self._beside.send(chat_id, reply)
        except Forbidden:
            log.info("telegram.blocked")
            await self._desk.forget("telegram", str(chat_id))

    async def _with_file(self, arrived: Arrived) -> Incoming:
        """The message, with its file if the person has a case that takes it.

        Nothing is loaded from Telegram for anybody else.
        """
        file, incoming = arrived.file, arrived.incoming
        if file is None or not await self._desk.takes_files("telegram", str(arrived.chat_id)):
            return incoming
        attachment, refused = None, None
        try:
            attachment = await self._fetch(file)
        except files.FileRefused as error:
            refused = error.why
        except TelegramError as error:
            log.warning("telegram.file_not_loaded", error=type(error).__name__)
            refused = "lost"
        return Incoming(
            "file",
            text=incoming.text,
            language=incoming.language,
            attachment=attachment,
            refused=refused,
        )

    async def _fetch(self, file: Sent) -> files.Attachment:
        if file.file_id is None:
            raise files.FileRefused("type")
        if file.size > files.MOST:
            raise files.FileRefused("size")
        loaded = await (await self.bot.get_file(file.file_id)).download_as_bytearray()
        return await asyncio.to_thread(files.check, bytes(loaded))

    async def _type(self, arrived: Arrived) -> None:
        """Show that an answer is coming, while it is found; the answer does not wait for this."""
        if arrived.incoming.kind != "text":
            return
        try:
            await self.bot.send_chat_action(arrived.chat_id, ChatAction.TYPING)
        except TelegramError:
            log.info("telegram.no_typing")

    async def _confirm(self, query) -> None:
        try:
            await query.get_bot().answer_callback_query(query.id)
        except BadRequest:
            # the button was pressed too long ago for a confirmation; the answer still counts
            log.info("telegram.old_button")

    async def _send(self, arrived: Arrived, reply: Reply) -> None:
        texts = parts(reply.html)
        query = arrived.callback
        if reply.navigates and query is not None and query.message and len(texts) == 1:
            try:
                await self.bot.edit_message_text(
                    texts[0],
                    chat_id=arrived.chat_id,
                    message_id=query.message.message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=keyboard(reply),
                )
                return
            except BadRequest as error:
                if "not modified" in str(error).lower():
                    return
                # too old to edit, or deleted: a new message does as well
        for i, text in enumerate(texts):
            await self.bot.send_message(
                arrived.chat_id,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply) if i == len(texts) - 1 else None,
            )

    async def _ask_for_private(self, group: InGroup) -> None:
        """Once a group: others read here, so nothing personal is talked about."""
        if group.chat_id in self._greeted_groups:
            return
        self._greeted_groups.add(group.chat_id)
        language = from_phone(group.language) or DEFAULT_LANGUAGE
        await self.bot.send_message(
            group.chat_id,
            sentence(language, "Others can read here. Please write to me in a private chat.")
            + f"\nhttps://t.me/{self.bot.username}",
        )
