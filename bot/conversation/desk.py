"""Between a channel and the conversation: who writes, one message at a time, kept as a whole.

Everything that a message changes (the person's place, a feedback item, a case) is one database
transaction together with the note that the update was handled.
"""

import asyncio
import copy
import time
from collections import OrderedDict
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from actions.context import Context
from actions.guessing import Guesses
from actions.reply import Reply
from actions.voices import Voices
from booklet.shelf import Booklets
from bot.conversation import requests
from bot.conversation.commands import command_in
from bot.conversation.conversation import respond
from bot.conversation.in_talk import not_done
from bot.conversation.incoming import Incoming
from bot.conversation.nlu_client import NluClient, Parse
from content.answers import Library
from content.media import Shelf
from store.cases import signal
from store.cases.opening import open_case_of
from store.database import DATABASE_ERRORS, Database
from store.keys import Keys
from store.people import Person, erase_person, first_time, load_person, save_person
from store.recent import MemoryRecent, Recent

log = structlog.get_logger()

MESSAGES = Counter(
    "rahnuma_messages", "Messages handled", ["channel", "kind", "language", "route", "danger"]
)
OVERHEAD = Histogram(
    "rahnuma_overhead_seconds",
    "Time for a message without the NLU calls",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1),
)
NLU = Histogram(
    "rahnuma_nlu_seconds",
    "Time of a message's NLU calls",
    buckets=(0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 3),
)
#: People remembered in memory while the database can't be reached.
REMEMBERED = 2000
#: Last replies remembered in memory, for pages that ask for them again.
ANSWERED = 500


class Locks(Protocol):
    """Gives a lock by name: in this process, or through Redis for several replicas."""

    def lock(self, name: str) -> AbstractAsyncContextManager[object]:
        """An asynchronous context in which nobody else has the same name."""


class Desk:
    """Takes messages of all channels and gives their replies."""

    def __init__(
        self,
        database: Database,
        library: Library,
        keys: Keys,
        nlu: NluClient,
        locks: Locks,
        *,
        operator: str,
        only_reviewed: bool = False,
        unclear_days: int = 0,
        recent: Recent | None = None,
        shelf: Shelf | None = None,
        voices: Voices | None = None,
        booklets: Booklets | None = None,
    ):
        self.database, self.library, self.keys, self.nlu = database, library, keys, nlu
        self._locks, self._operator, self._only_reviewed = locks, operator, only_reviewed
        self._unclear_days = unclear_days
        self._guesses = Guesses()
        self._recent = recent or MemoryRecent()
        self.shelf = shelf or Shelf()
        self._voices = voices or Voices()
        self._booklets = booklets
        self._remembered: OrderedDict[str, Person] = OrderedDict()
        self._answered: OrderedDict[int, list[Reply]] = OrderedDict()

    async def handle(
        self,
        channel: str,
        external_id: str,
        incoming: Incoming,
        *,
        update_id: int | None = None,
        address: str | None = None,
    ) -> list[Reply]:
        """The replies to a message of a channel's user; none if the update was handled before
        (or the same again, if this process gave them not long ago).

        ``address`` is where a later message can be delivered (kept only if a case needs it).
        """
        pseudonym = self.keys.pseudonym(channel, external_id)
        async with self._locks.lock(pseudonym):
            started = time.perf_counter()
            parse = await self._parse(incoming)
            # before the transaction: it must not stay open while Redis is asked
            recent = tuple(await self._recent.of(pseudonym))
            understood = time.perf_counter()
            try:
                replies = await self._turn(
                    pseudonym, channel, incoming, parse, update_id, address, recent
                )
            except Exception:  # noqa: BLE001 - whatever failed, the person gets an honest answer
                log.exception("conversation.failed")
                person = self._last_known(pseudonym, channel)
                replies = [not_done(self._context(person, None, address))]
            replies = self._same_again(channel, update_id, replies)
            OVERHEAD.observe(time.perf_counter() - understood)
            if parse is not None:
                NLU.observe(understood - started)
        self._note(channel, incoming, replies)
        return replies

    def _same_again(self, channel: str, update_id: int | None, replies: list[Reply]) -> list[Reply]:
        """The replies of the first time, for a web page whose connection broke before they came."""
        if update_id is None or channel != "web":
            return replies
        if not replies:
            return self._answered.get(update_id, [])
        self._answered[update_id] = replies
        while len(self._answered) > ANSWERED:
            self._answered.popitem(last=False)
        return replies

    async def _parse(self, incoming: Incoming) -> Parse | None:
        text = incoming.text.strip()
        if incoming.kind not in ("text", "edited", "file") or not text or command_in(text):
            return None
        return await requests.ask(self.nlu, text)

    async def _turn(
        self,
        pseudonym: str,
        channel: str,
        incoming: Incoming,
        parse: Parse | None,
        update_id: int | None,
        address: str | None,
        recent: tuple[str, ...],
    ) -> list[Reply]:
        try:
            async with self.database.transaction() as session:
                if update_id is not None and not await first_time(session, channel, update_id):
                    return []
                person = await load_person(session, self.keys, pseudonym, channel)
                ctx = self._context(person, session, address)
                ctx.recent = recent
                replies = await respond(ctx, incoming, parse)
                if not ctx.forget:
                    await save_person(session, self.keys, person)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
            person = self._last_known(pseudonym, channel)
            ctx = self._context(person, None, address)
            replies = await respond(ctx, incoming, parse)
        self._remember(person, forget=ctx.forget)
        if ctx.forget or ctx.case is not None:
            # erased, or with a counsellor now: nothing more is kept beside the case
            await self._recent.forget(pseudonym)
        elif ctx.recall:
            await self._recent.add(pseudonym, ctx.recall)
        if ctx.case is not None or incoming.choice.startswith("person"):
            signal.wake()
        return replies

    def _last_known(self, pseudonym: str, channel: str) -> Person:
        """The person as this process remembers them, for when the database can't say."""
        return copy.deepcopy(self._remembered.get(pseudonym) or Person(pseudonym, channel))

    def _context(self, person: Person, session: AsyncSession | None, address: str | None):
        return Context(
            person,
            self.library,
            self.keys,
            session,
            address,
            only_reviewed=self._only_reviewed,
            operator=self._operator,
            unclear_days=self._unclear_days,
            guesses=self._guesses,
            voices=self._voices,
            booklets=self._booklets,
        )

    def _remember(self, person: Person, *, forget: bool) -> None:
        self._remembered.pop(person.pseudonym, None)
        if forget:
            return
        self._remembered[person.pseudonym] = copy.deepcopy(person)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    def _note(self, channel: str, incoming: Incoming, replies: list[Reply]) -> None:
        for reply in replies[:1]:
            MESSAGES.labels(
                channel, incoming.kind, reply.language, reply.route, reply.danger or "none"
            ).inc()

    async def takes_files(self, channel: str, external_id: str) -> bool:
        """Whether a channel's user has an open case; False while the database can't be reached."""
        try:
            async with self.database.transaction() as session:
                pseudonym = self.keys.pseudonym(channel, external_id)
                return await open_case_of(session, pseudonym) is not None
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
            return False

    async def left(self, channel: str, external_id: str) -> None:
        """A person left quickly: what they wrote is remembered no more."""
        pseudonym = self.keys.pseudonym(channel, external_id)
        self._remembered.pop(pseudonym, None)
        await self._recent.forget(pseudonym)

    async def forget(self, channel: str, external_id: str) -> dict[str, int]:
        """Erase what is kept of a channel's user (they blocked the bot, or an operator erases)."""
        pseudonym = self.keys.pseudonym(channel, external_id)
        async with self._locks.lock(pseudonym):
            self._remembered.pop(pseudonym, None)
            await self._recent.forget(pseudonym)
            async with self.database.transaction() as session:
                return await erase_person(session, pseudonym)


class LocalLocks:
    """Locks within this process; each exists only while somebody holds or awaits it."""

    def __init__(self):
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    def lock(self, name: str) -> "_Held":
        """The lock of a name."""
        return _Held(self._locks, name)


class _Held:
    def __init__(self, locks: dict[str, tuple[asyncio.Lock, int]], name: str):
        self._locks, self._name = locks, name

    async def __aenter__(self):
        lock, users = self._locks.get(self._name, (asyncio.Lock(), 0))
        self._locks[self._name] = (lock, users + 1)
        try:
            await lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_error):
        self._locks[self._name][0].release()
        self._leave()

    def _leave(self) -> None:
        lock, users = self._locks[self._name]
        if users == 1:
            del self._locks[self._name]
        else:
            self._locks[self._name] = (lock, users - 1)
