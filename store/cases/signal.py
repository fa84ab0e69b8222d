"""The signal in a process that cases changed: one task reads it, everybody who waits is told.

``wake`` is called after the commit of a change, so that who waits in this process learns of it at
once; what other processes write is seen at the next look. Nothing but ids of cases goes this way.
"""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import structlog

from store.cases.feed import revisions
from store.database import DATABASE_ERRORS, Database

log = structlog.get_logger()
#: Seconds between looks at the revisions, if nobody wakes the task before.
EVERY = 0.5
#: The least time between two looks: many changes at once are one look.
LEAST = 0.05


class Changes:
    """What changed since it was last asked for, for one who listens.

    ``only``: the one case that they want to hear of; None: of all. Hundreds of web chats listen,
    and each change would wake them all.
    """

    def __init__(self) -> None:
        self.only: str | None = None
        self._ids: set[str] = set()
        self.typing: set[tuple[str, str]] = set()  # (case, side): taken out by who reads them
        self._event = asyncio.Event()

    def add(self, ids: Collection[str]) -> None:
        """These cases changed, or are gone."""
        wanted = ids if self.only is None else [one for one in ids if one == self.only]
        if wanted:
            self._ids.update(wanted)
            self._event.set()

    def add_typing(self, case_id: str, side: str) -> None:
        """Somebody of a side types in a case."""
        if self.only not in (None, case_id):
            return
        self.typing.add((case_id, side))
        self._event.set()

    async def wait(self, seconds: float) -> frozenset[str]:
        """The ids of changed cases: at once if there are any, else empty after so many seconds.

        Also empty when somebody began to type, which stands in ``typing``.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return frozenset()
        self._event.clear()
        found, self._ids = frozenset(self._ids), set()
        return found


_listening: set[Changes] = set()
_nudges: set[asyncio.Event] = set()


def wake() -> None:
    """A change of a case was committed in this process: look at the revisions now."""
    for nudge in _nudges:
        nudge.set()


def tell_typing(case_id: str, side: str) -> None:
    """Tell everybody who listens that somebody types (store/cases/typing.py)."""
    for one in _listening:
        one.add_typing(case_id, side)


@contextmanager
def changes() -> Iterator[Changes]:
    """Listen to the changes of all cases, until the context ends."""
    mine = Changes()
    _listening.add(mine)
    try:
        yield mine
    finally:
        _listening.discard(mine)


async def follow(database: Database, every: float = EVERY) -> None:
    """The one task of a process that looks for changes and tells everybody, until cancelled."""
    nudge = asyncio.Event()
    _nudges.add(nudge)
    known: dict[str, int] | None = None
    try:
        while True:
            nudge.clear()
            known = await _look(database, known)
            await asyncio.sleep(min(LEAST, every))
            try:
                async with asyncio.timeout(every):
                    await nudge.wait()
            except TimeoutError:
                continue
    finally:
        _nudges.discard(nudge)


async def _look(database: Database, known: dict[str, int] | None) -> dict[str, int] | None:
    try:
        async with database.reading() as connection:
            seen = await revisions(connection)
    except DATABASE_ERRORS as error:
        log.error("database.unavailable", error=type(error).__name__)
        return known
    before = seen if known is None else known
    changed = {case for case, rev in seen.items() if before.get(case) != rev}
    changed |= before.keys() - seen.keys()
    if changed:
        for one in _listening:
            one.add(changed)
    return seen
