"""The next thing that Telegram must be told of a case, decided from what stands in its topic."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup

from bot.staff_group import wording
from bot.staff_group.rules import only_in_console
from content.directory import Directory
from store.case_tables import CaseRow
from store.cases.files import open_file
from store.cases.messages import SAID, Message, messages_of
from store.cases.opening import about
from store.group import WAITS, failed_after
from store.group_tables import GroupTopicRow
from store.keys import Keys
from store.phones import has_phone

#: Telegram's limit is 4,096 UTF-16 units a message; ours leaves room for a line above.
LONGEST = 4000
_EVENTS_WAITING = frozenset({"transferred", "given back", "reopened"})


@dataclass(frozen=True)
class Step:
    """One call of Telegram. ``marks``: what is noted of the topic when it is done.

    ``up_to``: the message that a "say" or a "file" reaches; 0 if none. ``file``: kind, media type,
    content. ``quiet``: phones needn't ring.
    """

    what: Literal["create", "rename", "say", "file", "open", "close", "delete"]
    marks: dict[str, object] = field(default_factory=dict)
    name: str = ""
    texts: Sequence[str] = ()
    markup: InlineKeyboardMarkup | None = None
    file: tuple[str, str, bytes] | None = None
    up_to: int = 0
    quiet: bool = False


async def next_step(
    session: AsyncSession, keys: Keys, directory: Directory, topic: GroupTopicRow, case: CaseRow
) -> Step | None:
    """The next step for a case that exists, or None if its topic shows all. Both are locked.

    Raises store.keys.CannotDecrypt.
    """
    if topic.topic_id is None:
        if case.status not in WAITS:
            return None  # it was taken in the console before it had a topic
        name = wording.topic_name(case, directory)
        return Step("create", {"name": name}, name=name)
    if case.status != "closed" and not topic.is_open:
        return Step("open", {"is_open": True})
    if not topic.introduced:
        return Step(
            "say",
            {"introduced": True},
            texts=[wording.introduction(case, directory)],
            markup=wording.take_buttons(case),
        )
    name = wording.topic_name(case, directory)
    if case.status != "closed" and topic.name != name:
        return Step("rename", {"name": name}, name=name)
    if topic.holder is not None and case.status == "taken" and only_in_console(case):
        # it became a danger, or was passed to the protection desk, while they had it here
        return Step("say", {"holder": None}, texts=[wording.NOW_ONLY_CONSOLE])
    if step := await _news(session, keys, topic, case):
        return step
    if failed := await failed_after(session, case.id, topic.failures_to):
        return Step("say", {"failures_to": failed[-1]}, texts=[wording.NOT_DELIVERED])
    if case.status == "closed" and topic.is_open:
        return Step("close", {"is_open": False})
    return None


async def _relays(session: AsyncSession, topic: GroupTopicRow, case: CaseRow) -> bool:
    """Whether what is said in a case stands in its topic now."""
    return (
        topic.holder is not None
        and case.status == "taken"
        and case.assigned_to == topic.holder
        and not only_in_console(case)
        and await has_phone(session, topic.holder)
    )


async def _news(
    session: AsyncSession, keys: Keys, topic: GroupTopicRow, case: CaseRow
) -> Step | None:
    """What was done and said since, as one message or one file; None if nothing was."""
    relays = await _relays(session, topic, case)
    after = min(topic.events_to, max(topic.words_to, 0)) if relays else topic.events_to
    found = await messages_of(session, keys, case.id, after)
    texts: list[str] = []
    events_to, words_to, up_to = topic.events_to, topic.words_to, 0
    asks = loud = False
    if relays and words_to < 0:
        texts, words_to = wording.about_lines(about(keys, case)), 0
    for message in found:
        row = message.row
        if row.kind == "event":
            if row.id <= topic.events_to:
                continue
            line = wording.event_line(message.what or {}, row.author, case, topic.holder)
            if not _room(texts, line):
                break
            events_to = row.id
            asks = asks or (message.what or {}).get("what") in _EVENTS_WAITING
        elif relays and row.kind in (*SAID, "note") and row.id > topic.words_to:
            if written_here(row.key):
                words_to = row.id
                continue
            if message.file is not None:
                if texts:
                    break
                return await _file(session, keys, case, message, events_to)
            line = wording.said(message)
            if not _room(texts, line):
                break
            words_to, loud = row.id, loud or row.from_person
        else:
            continue
        if line:
            texts.append(line)
            up_to = row.id
    marks: dict[str, object] = {"events_to": events_to, "words_to": words_to}
    if not texts:
        for name, value in marks.items():
            setattr(topic, name, value)
        return None
    markup = wording.take_buttons(case) if asks else None
    body = "\n\n".join(texts)
    # a claim whose process died leaves what it was sending: it may have arrived
    if topic.sending_to:
        body = f"{wording.AGAIN}\n{body}"
    return Step(
        "say", marks, texts=cut(body), markup=markup, up_to=up_to or 1, quiet=not (loud or asks)
    )


async def _file(
    session: AsyncSession, keys: Keys, case: CaseRow, message: Message, events_to: int
) -> Step:
    row = message.row
    marks: dict[str, object] = {"words_to": row.id, "events_to": max(events_to, 0)}
    opened = await open_file(session, keys, case.id, message.file.id) if message.file else None
    if opened is None:
        return Step("say", marks, texts=[wording.NOT_SHOWN], up_to=row.id)
    return Step(
        "file", marks, texts=[wording.said(message)], file=(row.kind, *opened), up_to=row.id
    )


def written_here(key: str | None) -> bool:
    """Whether a message was written in the group, by the sender's key."""
    return key is not None and key.startswith("tg:")


def _room(texts: Sequence[str], line: str) -> bool:
    """Whether a line fits into a message; a first line always does, it is cut when sent."""
    return not texts or not line or units("\n\n".join([*texts, line])) <= LONGEST


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str) -> list[str]:
    """A text in parts that Telegram takes, at lines or spaces where there are any."""
    parts = []
    while units(text) > LONGEST:
        at = LONGEST
        while units(text[:at]) > LONGEST:
            at -= max(1, (units(text[:at]) - LONGEST) // 2)
        gap = max(text.rfind("\n", at // 2, at), text.rfind(" ", at // 2, at))
        at = gap if gap > 0 else at
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [part for part in [*parts, text] if part]
