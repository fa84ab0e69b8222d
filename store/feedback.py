"""Anonymous feedback, and the counts that carry no person at all."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import CountRow, FeedbackRow, today


async def add_feedback(session: AsyncSession, **columns: str | int | bool | None) -> FeedbackRow:
    """Store one feedback item (columns of FeedbackRow); the day is set here."""
    row = FeedbackRow(**columns)
    session.add(row)
    await session.flush()
    return row


async def feedback_by_code(session: AsyncSession, code_hash: str) -> FeedbackRow | None:
    """The item that a code belongs to, or None."""
    found = await session.execute(select(FeedbackRow).where(FeedbackRow.code_hash == code_hash))
    return found.scalar_one_or_none()


async def count(
    session: AsyncSession, what: str, key: str, language: str, day: dt.date | None = None
) -> None:
    """Add one to a counter: ``what`` happened to ``key`` in a language, today or on ``day``."""
    day = day or today()
    same = (
        (CountRow.day == day)
        & (CountRow.what == what)
        & (CountRow.key == key)
        & (CountRow.language == language)
    )
    raised = await session.execute(update(CountRow).where(same).values(n=CountRow.n + 1))
    if raised.rowcount == 0:
        session.add(CountRow(day=day, what=what, key=key, language=language, n=1))
        await session.flush()


async def counted_today(session: AsyncSession, what: str, key: str, language: str) -> int:
    """Today's state of a counter."""
    found = await session.execute(
        select(CountRow.n).where(
            CountRow.day == today(),
            CountRow.what == what,
            CountRow.key == key,
            CountRow.language == language,
        )
    )
    return found.scalar_one_or_none() or 0
