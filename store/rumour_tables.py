"""The table of rumours that editors check."""

import datetime as dt

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base, random_id


class RumourRow(Base):
    """What people heard, what is known of it, and as of when.

    ``heard`` and ``known`` are texts by language code; English is always there. ``valid_until`` is
    the last day on which people read it. ``state`` is draft, published or withdrawn; who published
    it is never who wrote it last.
    """

    __tablename__ = "rumours"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    heard: Mapped[dict[str, str]] = mapped_column(JSON)
    known: Mapped[dict[str, str]] = mapped_column(JSON)
    as_of: Mapped[dt.date] = mapped_column(Date)
    valid_until: Mapped[dt.date] = mapped_column(Date)
    centre: Mapped[str | None] = mapped_column(String(32))
    sources: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    written_by: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str | None] = mapped_column(String(64))
