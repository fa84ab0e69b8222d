"""The group's line to Telegram, with a client of its own and at the pace that a group allows.

The people's client waits for everybody when Telegram asks one chat to wait (AIORateLimiter): a busy
group must not keep people from their answers.
"""

import asyncio
import datetime as dt
import mimetypes
import time
from collections import deque
from collections.abc import Sequence

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

log = structlog.get_logger()
#: Telegram takes so many messages a minute in one group.
A_MINUTE = 20
#: Telegram's longest caption of a file, in characters.
LONGEST_CAPTION = 1024
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview shows Telegram's servers the link


def make_group_bot(token: str, api_url: str) -> ExtBot:
    """A Bot API client for the group. Raises telegram.error.InvalidToken."""
    base = api_url.rstrip("/")
    return ExtBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=4, read_timeout=20, media_write_timeout=30),
    )


def seconds_of(error: RetryAfter) -> float:
    """For how long Telegram wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)


class Pace:
    """Turns within a limit: at most so many in any minute, none while Telegram says to wait."""

    def __init__(self, a_minute: int = A_MINUTE, seconds: float = 60):
        self._times: deque[float] = deque(maxlen=a_minute)
        self._seconds, self._not_before = seconds, 0.0

    def left(self) -> float:
        """Seconds until the next turn."""
        at = self._not_before
        if len(self._times) == self._times.maxlen:
            at = max(at, self._times[0] + self._seconds)
        return max(0.0, at - time.monotonic())

    def take(self) -> None:
        """Take a turn; whoever takes one too early is told so by Telegram."""
        self._times.append(time.monotonic())

    def pause(self, seconds: float) -> None:
        """No turn for so long."""
        self._not_before = max(self._not_before, time.monotonic() + seconds)


class Line:
    """What the group's topics are told. Everything raises telegram.error.TelegramError."""

    def __init__(self, bot: ExtBot, group: int, pace: Pace):
        self.bot, self.group, self.pace = bot, group, pace
        self._answers: deque[tuple[int, str, InlineKeyboardMarkup | None]] = deque()
        self.news = asyncio.Event()

    def answer(self, topic: int, text: str, markup: InlineKeyboardMarkup | None = None) -> None:
        """Answer the staff in a topic as soon as there is a turn. Answers are kept in memory only:
        whoever misses one asks again."""
        self._answers.append((topic, text, markup))
        self.news.set()

    async def answer_all(self) -> None:
        """Send the answers that wait; those that Telegram refuses are logged and dropped."""
        while self._answers and self.pace.left() == 0:
            self.pace.take()
            topic, text, markup = self._answers.popleft()
            try:
                await self.say(topic, [text], markup)
            except RetryAfter as error:
                self._answers.appendleft((topic, text, markup))
                self.pace.pause(seconds_of(error))
            except TelegramError as error:
                log.warning("group.not_answered", error=type(error).__name__)

    async def say(
        self,
        topic: int,
        texts: Sequence[str],
        markup: InlineKeyboardMarkup | None = None,
        quiet: bool = False,
    ) -> None:
        """Write in a topic, buttons under the last part. The caller took the first one's turn."""
        for i, text in enumerate(texts):
            if i:
                self.pace.take()
            await self.bot.send_message(
                self.group,
                text,
                message_thread_id=topic,
                reply_markup=markup if i == len(texts) - 1 else None,
                link_preview_options=_NO_PREVIEW,
                disable_notification=quiet,
            )

    async def send(
        self, topic: int, kind: str, media_type: str, data: bytes, caption: str
    ) -> Message:
        """Send a photo, a voice note or a document into a topic."""
        caption = caption[:LONGEST_CAPTION]
        if kind == "photo":
            return await self.bot.send_photo(
                self.group, data, caption=caption, message_thread_id=topic
            )
        if kind == "voice":
            return await self.bot.send_voice(
                self.group, data, caption=caption, message_thread_id=topic
            )
        return await self.bot.send_document(
            self.group,
            data,
            caption=caption,
            filename="file" + (mimetypes.guess_extension(media_type) or ""),
            message_thread_id=topic,
        )
