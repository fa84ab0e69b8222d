"""What is new goes to every open console at once, as server-sent events.

One task a process asks the database once for the cases that changed and tells each console what
its user may see of them (console/case_access.py). No event holds a message: the page then
fetches what is new. After a lost connection it fetches everything anew, so nothing can be missed.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog

from console.access import Session
from console.case_access import holds, mark_for
from store.cases.marks import Mark, marks
from store.cases.signal import Changes, changes
from store.database import DATABASE_ERRORS, Database
from store.keys import Keys
from store.presence import TOUCH, touch

log = structlog.get_logger()
#: Seconds between signs of life of a stream, at which also the account is looked up again.
BEAT = 10.0
#: Seconds after which a stream ends and the page comes again with its cookie of that time.
LASTS = 120.0
#: Events that may wait for a slow console; then it is told to fetch everything.
MOST = 500

#: Says whether the session of a stream is still good.
Still = Callable[[], Awaitable[bool]]


class Console:
    """An open page of a member of the staff."""

    def __init__(self, session: Session, keys: Keys):
        self.session, self._keys = session, keys
        self._events: list[tuple[str, dict[str, Any]]] = []
        self._there = asyncio.Event()
        self._gone: set[str] = set()

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Put an event in the way to the page."""
        if len(self._events) >= MOST:
            self._events = [("again", {})]
        else:
            self._events.append((event, data))
        self._there.set()

    def show(self, case_id: str, mark: Mark | None) -> None:
        """A case changed, or is gone (None)."""
        shown = mark and mark_for(self.session, mark, self._keys)
        if shown:
            self._gone.discard(case_id)
            self.tell("case", shown)
        elif case_id not in self._gone:
            self._gone.add(case_id)
            self.tell("gone", {"id": case_id})

    async def events(self, seconds: float) -> list[tuple[str, dict[str, Any]]]:
        """What waits: at once if anything does, else nothing after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._there.wait()
        except TimeoutError:
            return []
        self._there.clear()
        found, self._events = self._events, []
        return found


class Live:
    """All consoles that are connected to this process."""

    def __init__(self, database: Database, keys: Keys):
        self._database, self._keys = database, keys
        self._consoles: set[Console] = set()

    async def run(self) -> None:
        """Tell the consoles what changes and note that their users are there, until cancelled."""
        due = 0.0
        with changes() as found:
            while True:
                try:
                    await self._tell(found, await found.wait(1.0))
                    if time.monotonic() >= due:
                        due = time.monotonic() + TOUCH.total_seconds()
                        await self._touch({one.session.name for one in self._consoles})
                except DATABASE_ERRORS as error:
                    log.error("database.unavailable", error=type(error).__name__)
                    for one in self._consoles:
                        one.tell("again", {})  # what changed meanwhile would be missed

    async def _tell(self, found: Changes, ids: frozenset[str]) -> None:
        typing, found.typing = found.typing, set()
        asked = ids | {case for case, _side in typing}
        if not asked or not self._consoles:
            return
        async with self._database.reading() as connection:
            known = {mark.id: mark for mark in await marks(connection, asked)}
        for one in self._consoles:
            for case_id in ids:
                one.show(case_id, known.get(case_id))
            for case_id, side in typing:
                mark = known.get(case_id)
                if side == "person" and mark and holds(one.session, mark):
                    one.tell("typing", {"id": case_id})

    async def _touch(self, names: set[str]) -> None:
        if names:
            async with self._database.transaction() as db:
                await touch(db, names)

    async def stream(self, session: Session, still: Still) -> AsyncIterator[str]:
        """The events for one page, until its session ends or it is time to come again."""
        console = Console(session, self._keys)
        self._consoles.add(console)
        try:
            await self._arrive(session.name)
            yield _line("hello", {})
            ends, check = time.monotonic() + LASTS, time.monotonic() + BEAT
            while time.monotonic() < ends:
                for event, data in await console.events(check - time.monotonic()):
                    yield _line(event, data)
                if time.monotonic() >= check:
                    check = time.monotonic() + BEAT
                    if not await _is_still(still):
                        yield _line("bye", {})
                        return
                    yield _line("beat", {})
            yield _line("renew", {})
        finally:
            self._consoles.discard(console)

    async def _arrive(self, name: str) -> None:
        try:
            await self._touch({name})
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)


async def _is_still(still: Still) -> bool:
    try:
        return await still()
    except DATABASE_ERRORS as error:
        log.error("database.unavailable", error=type(error).__name__)
        return True  # nothing can be read now; at the next beat it is asked again


def _line(event: str, data: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
