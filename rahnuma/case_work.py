"""The background work of the handoff: looking for changes, offering cases, telling the consoles."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from console.live import Live
from store.cases.matching import match
from store.cases.signal import changes, follow, wake
from store.database import DATABASE_ERRORS, Database
from store.keys import Keys

log = structlog.get_logger()
#: Seconds between looks at who may be offered what, and the least between two.
EVERY, LEAST = 1.0, 0.5


def case_work(database: Database, keys: Keys, live: Live) -> list[Coroutine[Any, Any, None]]:
    """What must run in every process, each until cancelled."""
    return [follow(database), live.run(), offer(database, keys)]


async def offer(database: Database, keys: Keys) -> None:
    """Offer waiting cases to counsellors, at once when something changes."""
    with changes() as found:
        while True:
            try:
                if await match(database, keys):
                    wake()
            except DATABASE_ERRORS as error:
                log.error("database.unavailable", error=type(error).__name__)
            await asyncio.sleep(LEAST)
            await found.wait(EVERY - LEAST)
