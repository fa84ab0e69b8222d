"""Keeps what this process shows to people the same as what was published last.

Each replica looks at one number in the database every two seconds; when it has grown, everything
that is held in memory is loaded again. The process that publishes does so at once.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from content.answers import ContentError
from content.directory import DirectoryError
from store.content_state import revision
from store.database import DATABASE_ERRORS, Database

log = structlog.get_logger()
#: Seconds between looks: people must see a corrected number within five.
EVERY = 2.0

Loader = Callable[[], Awaitable[None]]


class FreshContent:
    """Loads again what is held in memory. ``loaders`` each load one kind of content."""

    def __init__(self, database: Database):
        self._database = database
        self._loaders: list[Loader] = []
        self._seen: list[int] = []  # what each loader has loaded
        self._loading = asyncio.Lock()

    def add(self, loader: Loader) -> None:
        """Call a loader whenever something was published (also before this process started)."""
        self._loaders.append(loader)
        self._seen.append(0)

    async def load(self) -> bool:
        """Load again if something was published since the last time; whether it was.

        One loader that fails holds up no other. Raises one of DATABASE_ERRORS, or what the first
        loader that failed raised: the next call tries again what is missing.
        """
        async with self._loading:
            async with self._database.reading() as connection:
                newest = await revision(connection)
            failures: list[Exception] = []
            behind = [n for n, seen in enumerate(self._seen) if seen != newest]
            for n in behind:
                try:
                    await self._loaders[n]()
                except Exception as error:  # noqa: BLE001 - raised below, after the others
                    failures.append(error)
                else:
                    self._seen[n] = newest
            if failures:
                raise failures[0]
            return bool(behind)

    async def look(self) -> bool:
        """``load``, with what goes wrong noted in the log: people go on reading what they read
        before, and the next look tries again. False also if nothing was loaded."""
        try:
            if await self.load():
                log.info("content.loaded")
                return True
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
        except (ContentError, DirectoryError) as error:
            log.error("content.not_loaded", error=str(error))  # an editor must mend it
        except Exception:  # noqa: BLE001 - a fault in one loader must not end the watch or the start
            log.exception("content.not_loaded")
        return False

    async def watch(self) -> None:
        """Look every two seconds, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)
