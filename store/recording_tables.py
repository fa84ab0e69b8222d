"""The table of recorded answers."""

import datetime as dt

from sqlalchemy import Date, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base, random_id, today


class RecordingRow(Base):
    """An answer read out by a member of the staff, for people who would rather listen.

    ``made_from`` is a hash of the words that were read (content/spoken.py). ``state``: new (a
    second person must listen), approved, replaced (by a later one), withdrawn.
    """

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_answer", "intent", "language", "state"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    intent: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    made_from: Mapped[str] = mapped_column(String(16))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # Ogg/Opus
    tenths: Mapped[int] = mapped_column(Integer)  # of a second: its length
    state: Mapped[str] = mapped_column(String(16), default="new", index=True)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_on: Mapped[dt.date] = mapped_column(Date, default=today)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_on: Mapped[dt.date | None] = mapped_column(Date)
