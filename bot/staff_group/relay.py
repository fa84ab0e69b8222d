"""Brings the cases into the group, one step at a time, each noted when it is through.

A topic is claimed before a step and settled after it, so that several replicas never do one step
twice. Where a process dies between the two nobody knows whether Telegram got it: then the words are
sent once more, marked as such, since they must not be lost.
"""

import structlog
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.staff_group import wording
from bot.staff_group.line import Line, seconds_of
from bot.staff_group.steps import Step, next_step
from content.directory import Directory
from store import group
from store.cases.messages import lock_case
from store.database import DATABASE_ERRORS, Database
from store.keys import CannotDecrypt, Keys

log = structlog.get_logger()
#: Seconds until the next try after Telegram could not be reached, and after it refused us.
UNREACHABLE, REFUSED = 5.0, 60.0
#: What Telegram says of a topic that somebody deleted by hand.
_GONE = ("thread not found", "topic_id_invalid", "topic_deleted", "topic not found")
#: What it says of a step that was done already.
_DONE = ("not_modified", "not modified")


class Relay:
    """Works on the cases that are due."""

    def __init__(self, line: Line, database: Database, keys: Keys, directory: Directory):
        self._line, self._database, self._keys = line, database, keys
        self._directory = directory

    async def catch_up(self) -> int:
        """Do what can be done now; how many steps were done. Raises DATABASE_ERRORS."""
        async with self._database.reading() as connection:
            cases = await group.due(connection)
        done = 0
        for case_id in cases:
            try:
                while self._line.pace.left() == 0 and await self._step(case_id):
                    done += 1
            except DATABASE_ERRORS:
                raise
            except Exception:  # noqa: BLE001 - one bad case must not stop the others
                log.exception("group.case_failed", case=case_id)
        return done

    async def _step(self, case_id: str) -> bool:
        """The next step of a case; False if there is none, or Telegram didn't take it now."""
        claimed = await self._claim(case_id)
        if claimed is None:
            return False
        topic, step = claimed
        self._line.pace.take()
        try:
            more = await self._do(topic, step)
        except RetryAfter as error:
            log.info("group.too_fast")
            self._line.pace.pause(seconds_of(error))
            await self._settle(case_id, sending_to=0)
            return False
        except (BadRequest, Forbidden) as error:
            return await self._refused(case_id, topic, step, error)
        except TelegramError as error:
            # it may have arrived all the same: what was being sent stays noted
            log.warning("group.unreachable", error=type(error).__name__)
            self._line.pace.pause(UNREACHABLE)
            await self._settle(case_id)
            return False
        await self._done(case_id, step, more)
        return True

    async def _claim(self, case_id: str) -> tuple[int, Step] | None:
        """The number of the topic (0: none yet) and its next step; None if there is none."""
        async with self._database.transaction() as session:
            case = await lock_case(session, case_id)
            topic = await group.claim(session, case, case_id)
            if topic is None:
                return None
            if case is None:
                if topic.topic_id is not None:
                    return topic.topic_id, Step("delete")
                await session.delete(topic)
                return None
            try:
                step = await next_step(session, self._keys, self._directory, topic, case)
            except CannotDecrypt:
                log.error("group.cannot_decrypt", case=case_id)
                step = None
            if step is None:
                topic.shown_rev, topic.until = case.rev, None
                return None
            topic.sending_to = step.up_to
            return topic.topic_id or 0, step

    async def _do(self, topic: int, step: Step) -> dict[str, object]:
        """Tell Telegram; returns what is to be noted beside the step's own marks."""
        bot, chat = self._line.bot, self._line.group
        if step.what == "create":
            made = await bot.create_forum_topic(chat, step.name)
            return {"topic_id": made.message_thread_id}
        if step.what == "say":
            await self._line.say(topic, step.texts, step.markup, step.quiet)
        elif step.what == "file" and step.file is not None:
            await self._line.send(topic, *step.file, step.texts[0])
        elif step.what == "rename":
            await bot.edit_forum_topic(chat, topic, name=step.name)
        elif step.what == "close":
            await bot.close_forum_topic(chat, topic)
        elif step.what == "open":
            await bot.reopen_forum_topic(chat, topic)
        elif step.what == "delete":
            await bot.delete_forum_topic(chat, topic)
        return {}

    async def _done(self, case_id: str, step: Step, more: dict[str, object]) -> None:
        async with self._database.transaction() as session:
            if step.what == "delete":
                await group.forget(session, case_id)
            else:
                await group.settle(session, case_id, sending_to=0, **step.marks, **more)

    async def _settle(self, case_id: str, wait: float = 0, **values: object) -> None:
        async with self._database.transaction() as session:
            await group.settle(session, case_id, wait, **values)

    async def _refused(self, case_id: str, topic: int, step: Step, error: TelegramError) -> bool:
        why = str(error).lower()
        if any(mark in why for mark in _DONE):
            await self._done(case_id, step, {})
            return True
        if any(mark in why for mark in _GONE):
            if step.what == "delete":
                await self._done(case_id, step, {})
                return True
            log.info("group.topic_deleted_by_hand", case=case_id)
            fresh = {"topic_id": None, "introduced": False, "is_open": True}
            fresh |= {"holder": None, "words_to": -1}
            await self._settle(case_id, sending_to=0, **fresh)
            return True
        if isinstance(error, BadRequest) and step.what in ("say", "file") and step.up_to:
            # one message that Telegram doesn't take must not hold up those behind it
            log.warning("group.not_shown", case=case_id, error=type(error).__name__)
            await self._done(case_id, step, {})
            self._line.answer(topic, wording.NOT_SHOWN)
            return True
        # most likely the bot may not manage topics or delete messages, or the chat is no forum
        log.error("group.refused", step=step.what, setting="STAFF_GROUP")
        every_case = step.what == "create" or isinstance(error, Forbidden)
        if every_case:
            self._line.pace.pause(REFUSED)
        await self._settle(case_id, sending_to=0, wait=0 if every_case else REFUSED)
        return False
