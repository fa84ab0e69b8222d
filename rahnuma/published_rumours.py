"""Puts the published rumours where the conversation and the search find them."""

from collections.abc import Awaitable, Callable

from actions.rumours import as_content
from content.answers import Library
from store.database import Database
from store.rumours import published_rumours
from store.tables import today


def rumours_loader(database: Database, library: Library) -> Callable[[], Awaitable[None]]:
    """What loads them (for FreshContent); it raises one of DATABASE_ERRORS."""

    async def load() -> None:
        async with database.looking() as session:
            rows = await published_rumours(session, today())
        library.rumours.replace(as_content(row) for row in rows)

    return load
