"""Sends what stands beside a reply's text: pictures, documents, recordings, points on the map.

The text went out before, so nothing here may fail the reply: what can't be sent is noted and left
out. A file is loaded up to Telegram once and named by its Telegram id after that.
"""

from collections import OrderedDict

import structlog
from telegram import InputFile, Message
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from actions.reply import Media, Reply
from content.media import File, Shelf
from store.database import DATABASE_ERRORS

log = structlog.get_logger()
#: Characters of a caption, by Telegram's rule.
LONGEST_CAPTION = 1024
#: Files whose ids at Telegram are remembered.
REMEMBERED = 500
#: Seconds that a file may take on its way up; texts have the bot's shorter limit.
UPLOAD = 60


class Beside:
    """Sends files and points; remembers what Telegram has already."""

    def __init__(self, bot: ExtBot, shelf: Shelf):
        self._bot, self._shelf = bot, shelf
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def send(self, chat_id: int, reply: Reply) -> None:
        """Send all that a reply has beside its text. Raises Forbidden if the person is gone."""
        for point in reply.points:
            try:
                await self._bot.send_venue(
                    chat_id, point.latitude, point.longitude, point.title, point.address
                )
            except Forbidden:
                raise
            except TelegramError as error:
                log.warning("telegram.point_not_sent", error=type(error).__name__)
        for media in reply.media:
            try:
                await self._send(chat_id, media)
            except Forbidden:
                raise
            except (TelegramError, *DATABASE_ERRORS) as error:
                log.warning("telegram.file_not_sent", file=media.id, error=type(error).__name__)

    async def _send(self, chat_id: int, media: Media) -> None:
        file = await self._shelf.open(media.id)
        if file is None:
            log.error("telegram.no_such_file", file=media.id)
            return
        key = (media.id, file.digest)
        known = self._known.get(key)
        if known is not None:
            try:
                await self._as(media, chat_id, known)
                return
            except BadRequest:
                # Telegram has forgotten the file: it is loaded up again
                self._known.pop(key, None)
        sent = await self._as(media, chat_id, _upload(file))
        if file_id := _file_id(sent):
            self._known[key] = file_id
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    async def _as(self, media: Media, chat_id: int, what: str | InputFile) -> Message:
        caption = media.alt[:LONGEST_CAPTION]
        limits = {"write_timeout": UPLOAD, "read_timeout": UPLOAD}
        if media.kind == "picture":
            return await self._bot.send_photo(chat_id, what, caption=caption, **limits)
        if media.kind == "voice":
            return await self._bot.send_voice(chat_id, what, caption=caption, **limits)
        return await self._bot.send_document(chat_id, what, caption=caption, **limits)


def _upload(file: File) -> InputFile:
    return InputFile(file.data, filename=file.name)


def _file_id(message: Message) -> str | None:
    """Telegram's id of the file in a message that we sent."""
    file = message.voice or message.document
    if message.photo:
        file = message.photo[-1]
    return file.file_id if file else None
