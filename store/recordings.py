"""Recorded answers: recorded by one person, approved by another who listened."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.content_state import changed
from store.recording_tables import RecordingRow
from store.tables import today

#: States of recordings that somebody may still use or decide about.
LIVE = ("new", "approved")


class RecordingError(Exception):
    """A step that can't be taken; the message is one line for the editor."""


async def add_recording(
    session: AsyncSession,
    *,
    intent: str,
    language: str,
    made_from: str,
    data: bytes,
    seconds: float,
    by: str,
) -> RecordingRow:
    """Keep a recording until a second person has listened; one that still waits is replaced."""
    waiting = update(RecordingRow).where(
        RecordingRow.intent == intent,
        RecordingRow.language == language,
        RecordingRow.state == "new",
    )
    await session.execute(waiting.values(state="replaced"))
    row = RecordingRow(
        intent=intent,
        language=language,
        made_from=made_from,
        data=data,
        tenths=round(seconds * 10),
        recorded_by=by,
    )
    session.add(row)
    await session.flush()
    return row


async def approve(session: AsyncSession, row: RecordingRow, by: str, made_from: str) -> None:
    """Offer a recording to people; the one before is replaced.

    ``made_from``: hash of the words as they are now. Raises RecordingError if they are others than
    those that were read, or nobody but the speaker has listened.
    """
    if row.recorded_by == by:
        raise RecordingError("A second person must listen to it first.")
    if row.made_from != made_from:
        raise RecordingError("The text has changed since it was read. Record it again.")
    mine = update(RecordingRow).where(RecordingRow.id == row.id, RecordingRow.state == "new")
    values = {"state": "approved", "approved_by": by, "approved_on": today()}
    if (await session.execute(mine.values(**values))).rowcount != 1:
        raise RecordingError("This recording no longer waits for anybody.")
    before = update(RecordingRow).where(
        RecordingRow.intent == row.intent,
        RecordingRow.language == row.language,
        RecordingRow.state == "approved",
        RecordingRow.id != row.id,
    )
    await session.execute(before.values(state="replaced"))
    await session.refresh(row)
    await changed(session)


async def withdraw(session: AsyncSession, row: RecordingRow) -> None:
    """Take a recording away at once; anybody who may record may do so. Raises RecordingError."""
    mine = update(RecordingRow).where(RecordingRow.id == row.id, RecordingRow.state.in_(LIVE))
    if (await session.execute(mine.values(state="withdrawn"))).rowcount != 1:
        raise RecordingError("This recording was taken away before.")
    await session.refresh(row)
    await changed(session)


async def live_recordings(session: AsyncSession) -> Sequence[RecordingRow]:
    """What waits or is approved, without the sound."""
    rows = select(RecordingRow).where(RecordingRow.state.in_(LIVE)).order_by(RecordingRow.id)
    return (await session.execute(rows)).scalars().all()


async def sound_of(session: AsyncSession, recording_id: str, *states: str) -> bytes | None:
    """The sound of a recording in one of some states, or None."""
    data = select(RecordingRow.data).where(
        RecordingRow.id == recording_id, RecordingRow.state.in_(states)
    )
    return (await session.execute(data)).scalar_one_or_none()
