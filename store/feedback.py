"""Anonymous feedback, and the counts that carry no person at all."""

from collections.abc import Sequence

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


async def newest_feedback(
    session: AsyncSession, limit: int = 200, *, sensitive: bool = False
) -> Sequence[FeedbackRow]:
    """The newest items, either the general or the sensitive ones, never both.

    Within a day in random order, since only the day is known.
    """
    rows = (
        select(FeedbackRow)
        .where(FeedbackRow.sensitive == sensitive)
        .order_by(FeedbackRow.given_on.desc(), FeedbackRow.id)
        .limit(limit)
    )
    return (await session.execute(rows)).scalars().all()


async def count(session: AsyncSession, what: str, key: str, language: str) -> None:
    """Add one to a counter of today: ``what`` happened to ``key`` in a language."""
    same = (
        (CountRow.day == today())
        & (CountRow.what == what)
        & (CountRow.key == key)
        & (CountRow.language == language)
    )
    raised = await session.execute(update(CountRow).where(same).values(n=CountRow.n + 1))
    if raised.rowcount == 0:
        session.add(CountRow(what=what, key=key, language=language, n=1))
        await session.flush()
