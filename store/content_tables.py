"""The tables of what staff write for people beside the files of ``content/``."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base, now


class ContentStateRow(Base):
    """One row: a number that grows whenever something that people read has changed."""

    __tablename__ = "content_state"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer, default=0)


class ContentVersionRow(Base):
    """A version of an answer or of a fact of the directory, as an editor wrote it.

    ``kind`` is answer or fact; ``key`` the intent, or the fact's path such as
    ``organisations.iom.phone``; ``language`` is empty for facts. ``body`` is a dictionary
    (content/overlay.py); ``base`` a hash of the text in force when the work on it began. ``state``:
    draft, review (a second person is asked), published, replaced (by a later one), filed (taken
    into the files), withdrawn, refused. ``edits`` counts how often it was saved: by it two editors
    don't overwrite each other.
    """

    __tablename__ = "content_versions"
    __table_args__ = (Index("ix_content_versions_thing", "kind", "key", "language", "state"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(2), default="")
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    edits: Mapped[int] = mapped_column(Integer, default=1)
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    reviewed_by: Mapped[str | None] = mapped_column(String(64))
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(DateTime)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)  # given by the reviewer
    comment: Mapped[str | None] = mapped_column(Text)  # of the reviewer, or why it was withdrawn
