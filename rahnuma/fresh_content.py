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
        self._seen = 0
        self._loading = asyncio.Lock()

    def add(self, loader: Loader) -> None:
        """Call a loader whenever something was published (also before this process started)."""
        self._loaders.append(loader)

    async def load(self) -> bool:
        """Load again if something was published since the last time; whether it was.

        Raises one of DATABASE_ERRORS, or what a loader raises: then the next call tries again.
        """
        async with self._loading:
            async with self._database.reading() as connection:
                newest = await revision(connection)
            if newest == self._seen:
                return False
            for loader in self._loaders:
                await loader()
            self._seen = newest
            return True

    async def look(self) -> None:
        """``load``, with what goes wrong noted in the log: the next look tries again."""
        try:
            if await self.load():
                log.info("content.loaded", revision=self._seen)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
        except (ContentError, DirectoryError) as error:
            # people go on reading what they read before; an editor must mend it
            log.error("content.not_loaded", error=str(error))

    async def watch(self) -> None:
        """Look every two seconds, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)
