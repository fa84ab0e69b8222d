""" "You said, we did": entries that officers write and people read."""

from collections.abc import Sequence
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ChangeRow

State = Literal["draft", "published", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)


async def all_changes(session: AsyncSession) -> Sequence[ChangeRow]:
    """All entries, newest month first, for the officers' page."""
    rows = select(ChangeRow).order_by(ChangeRow.month.desc(), ChangeRow.id)
    return (await session.execute(rows)).scalars().all()


async def published_changes(
    session: AsyncSession, centre: str | None, page: int, size: int
) -> tuple[Sequence[ChangeRow], bool]:
    """One page (from 0) of the published entries, and whether there are more after it.

    Those of the given centre come first, then the others; both newest month first.
    """
    rows = select(ChangeRow).where(ChangeRow.state == "published")
    if centre:
        rows = rows.order_by(func.coalesce(ChangeRow.centre == centre, False).desc())
    rows = rows.order_by(ChangeRow.month.desc(), ChangeRow.id)
    found = (await session.execute(rows.offset(page * size).limit(size + 1))).scalars().all()
    return found[:size], len(found) > size
