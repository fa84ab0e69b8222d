"""Tells all processes that something that people read has changed: a number that only grows."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.content_tables import ContentStateRow

_ONLY = 1


async def revision(connection: AsyncConnection | AsyncSession) -> int:
    """The number now; what was read before it grew may be out of date."""
    row = select(ContentStateRow.revision).where(ContentStateRow.id == _ONLY)
    return (await connection.execute(row)).scalar_one_or_none() or 0


async def changed(session: AsyncSession) -> None:
    """Note in this transaction that what people read is another now. Until it ends, others who
    publish wait."""
    grown = update(ContentStateRow).where(ContentStateRow.id == _ONLY)
    await session.execute(grown.values(revision=ContentStateRow.revision + 1))
