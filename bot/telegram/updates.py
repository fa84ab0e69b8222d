"""From a Telegram update to what the conversation takes in; None for what gets silence."""

from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.conversation.incoming import Incoming


@dataclass(frozen=True)
class Sent:
    """A file in a message: its id at Telegram (None: of a kind that is never taken), its bytes."""

    file_id: str | None
    size: int = 0


@dataclass(frozen=True)
class Arrived:
    """A message for the conversation, from a private chat.

    ``file`` counts only while the person has an open case; ``incoming`` is right otherwise.
    """

    chat_id: int
    incoming: Incoming
    callback: CallbackQuery | None = None
    file: Sent | None = None


@dataclass(frozen=True)
class Blocked:
    """A person blocked or left the bot: they are forgotten."""

    chat_id: int


@dataclass(frozen=True)
class InGroup:
    """Somebody spoke to the bot in a group, where others read: it asks to write in private."""

    chat_id: int
    language: str | None


def read(update: Update, bot_name: str) -> Arrived | Blocked | InGroup | None:
    """What an update means for us. Channel posts and talk in groups give None."""
    if change := update.my_chat_member:
        gone = change.new_chat_member.status in ("kicked", "left")
        private = change.chat.type == ChatType.PRIVATE
        return Blocked(change.chat.id) if gone and private else None
    if query := update.callback_query:
        return _from_button(query)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    language = message.from_user.language_code
    if message.chat.type != ChatType.PRIVATE:
        spoken_to = f"@{bot_name}".lower() in (message.text or "").lower()
        return InGroup(message.chat.id, language) if spoken_to and update.message else None
    if update.edited_message:
        if not message.text or message.text.startswith("/"):
            return None
        return Arrived(message.chat.id, Incoming("edited", message.text, language=language))
    incoming = _from_message(message, language)
    return Arrived(message.chat.id, incoming, file=_file_in(message)) if incoming else None


def _file_in(message: Message) -> Sent | None:
    file = message.voice or message.audio or message.document
    if message.photo:
        file = message.photo[-1]  # the largest
    # an animation also comes as a document: it is none
    if message.video or message.animation or message.video_note:
        return Sent(None)
    return Sent(file.file_id, file.file_size or 0) if file else None


def _from_button(query: CallbackQuery) -> Arrived | None:
    if query.message is None or query.message.chat.type != ChatType.PRIVATE or not query.data:
        return None
    incoming = Incoming("choice", choice=query.data, language=query.from_user.language_code)
    return Arrived(query.message.chat.id, incoming, query)


def _from_message(message: Message, language: str | None) -> Incoming | None:
    text = message.text or message.caption
    if message.text and message.text.startswith("/start centre_"):
        # a poster's link: t.me/<bot>?start=centre_lipa
        centre = message.text.removeprefix("/start centre_").strip()
        return Incoming("choice", choice="start", language=language, centre=centre)
    if text:
        # a caption is read like a text: the picture can't be, but the words may be a cry for help
        return Incoming("text", text=text, language=language)
    if point := message.location or (message.venue and message.venue.location):
        return Incoming(
            "location", language=language, latitude=point.latitude, longitude=point.longitude
        )
    for kind, there in {
        "voice": message.voice or message.audio or message.video_note,
        "sticker": message.sticker or message.dice,
        "contact": message.contact,
        "photo": message.photo or message.document or message.video or message.animation,
    }.items():
        if there:
            return Incoming(kind, language=language)
    # what is left are notices of Telegram (a pinned message, a changed title) and novelties
    return Incoming("photo", language=language) if message.poll else None
