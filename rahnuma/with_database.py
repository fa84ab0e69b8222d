"""What commands share that work on the database."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from rahnuma.settings import Settings
from store.database import Database


def with_database(settings: Settings, work: Callable[[Database], Awaitable[None]]) -> int:
    """Do a command's work on the opened database; returns the exit code.

    A ValueError of the work is told on standard error. Raises one of DATABASE_ERRORS.
    """

    async def run() -> None:
        database = Database(settings.database_url)
        try:
            await database.open()
            await work(database)
        finally:
            await database.close()

    try:
        asyncio.run(run())
    except ValueError as error:
        print(f"rahnuma: {error}", file=sys.stderr)
        return 1
    return 0
