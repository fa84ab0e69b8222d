"""Rumours that editors check: written by one, published by another, read until a day."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.content_state import changed
from store.rumour_tables import RumourRow


class FourEyes(Exception):
    """Who wrote a text last can't publish it."""


class NotADraft(Exception):
    """Only a draft can be published."""


async def all_rumours(session: AsyncSession) -> Sequence[RumourRow]:
    """All rumours, the newest first, for the editors' page."""
    rows = select(RumourRow).order_by(RumourRow.as_of.desc(), RumourRow.id)
    return (await session.execute(rows)).scalars().all()


async def published_rumours(session: AsyncSession, day: dt.date) -> Sequence[RumourRow]:
    """The published rumours that hold on a day."""
    rows = select(RumourRow).where(RumourRow.state == "published", RumourRow.valid_until >= day)
    return (await session.execute(rows)).scalars().all()


async def rewritten(session: AsyncSession, row: RumourRow, who: str) -> None:
    """Note that somebody changed the text: people don't read it until another has published it."""
    if row.state == "published":
        await changed(session)
    row.state, row.written_by, row.published_by = "draft", who, None


async def publish(session: AsyncSession, row: RumourRow, who: str) -> None:
    """Let people read it. Raises FourEyes or NotADraft."""
    if row.state != "draft":
        raise NotADraft
    if row.written_by == who:
        raise FourEyes
    row.state, row.published_by = "published", who
    await changed(session)


async def withdraw(session: AsyncSession, row: RumourRow) -> None:
    """Take it from people at once; whoever sees that it is wrong may."""
    row.state = "withdrawn"
    await changed(session)
