"""Anonymous feedback, and the counts that carry no person at all."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import CountRow, FeedbackRow, today

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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
    row = {"day": day or today(), "what": what, "key": key, "language": language, "n": 1}
    insert = _INSERTS[(await session.connection()).dialect.name]
    # in one step: of two who count the first of a day, neither may fail
    await session.execute(
        insert(CountRow)
        .values(row)
        .on_conflict_do_update(
            index_elements=["day", "what", "key", "language"], set_={"n": CountRow.n + 1}
        )
    )


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
