"""The tables of notices: what staff announce, who wants to be told, and what is on its way."""

import datetime as dt

from sqlalchemy import JSON, Date, DateTime, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base, now, random_id


class NoticeRow(Base):
    """Something that staff announce for a centre, or for all of them.

    ``title``, ``body`` and ``place`` are texts by language code; English is always there, but for
    a ``place`` that is empty. Times are in UTC: of the first time that it takes place
    (store/notices/times.py); without ``starts`` it holds until ``ends``. ``until``: the last day
    (local) of one that takes place every week; ``over``: when the last one ends, after which it is
    never shown or sent. ``state`` is draft, published or withdrawn; ``as_of``: when what people
    read was last written.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_current", "state", "over"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    centre: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[dict[str, str]] = mapped_column(JSON)
    place: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts: Mapped[dt.datetime | None] = mapped_column(DateTime)
    ends: Mapped[dt.datetime] = mapped_column(DateTime)
    until: Mapped[dt.date | None] = mapped_column(Date)
    over: Mapped[dt.datetime] = mapped_column(DateTime)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    as_of: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    written_by: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[str | None] = mapped_column(String(64))


class SubscriptionRow(Base):
    """A person who wants to be told of new notices, until a day.

    It has an address of its own, so that neither a case nor a subscription prolongs or ends what
    the other keeps. ``centre`` None: only of notices for all centres. ``language`` is for when
    the person's place in the conversation is gone. ``told_end``: the last message was sent.
    """

    __tablename__ = "subscriptions"
    pseudonym: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted
    centre: Mapped[str | None] = mapped_column(String(32), index=True)
    language: Mapped[str] = mapped_column(String(2))
    until: Mapped[dt.date] = mapped_column(Date, index=True)
    told_end: Mapped[bool] = mapped_column(default=False)


class BroadcastRow(Base):
    """A notice on its way to all who subscribed when it began.

    ``state``: store/notices/states.py. ``total``: to how many; ``sent`` and ``failed`` grow as
    rows of the outbox are done with. Who stopped the messages meanwhile is in neither.
    """

    __tablename__ = "broadcasts"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    notice_id: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(16), default="running", index=True)
    total: Mapped[int] = mapped_column(Integer)
    sent: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    started_by: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(DateTime)


class BroadcastOutboxRow(Base):
    """A message of a broadcast that one subscriber has yet to get; it goes when it is sent.

    ``claimed_until``: a process is sending it; when that time is over, it is taken for dead.
    """

    __tablename__ = "broadcast_outbox"
    __table_args__ = (UniqueConstraint("broadcast_id", "pseudonym"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    broadcast_id: Mapped[str] = mapped_column(String(32))
    pseudonym: Mapped[str] = mapped_column(String(64), index=True)
    next_try: Mapped[dt.datetime | None] = mapped_column(DateTime)
    claimed_until: Mapped[dt.datetime | None] = mapped_column(DateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)


class BroadcasterRow(Base):
    """One row: the process that may send broadcasts now, so that all together keep the pace."""

    __tablename__ = "broadcaster"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    holder: Mapped[str | None] = mapped_column(String(32))
    held_until: Mapped[dt.datetime | None] = mapped_column(DateTime)
