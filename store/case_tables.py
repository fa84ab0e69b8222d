"""The tables of the handoff: cases, what is written in them, who is there to take them."""

import datetime as dt

from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base, now, random_id


class CaseRow(Base):
    """A person's wish to talk to a counsellor, and what became of it.

    ``status`` is queued, offered, taken or closed (store/cases/moving.py). ``languages`` are those
    that the person can talk in, the best first; ``language`` is the one that the bot uses with
    them. ``rev`` grows with every change, also of messages: by it consoles see what is new.
    """

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_feed", "status", "id", "rev"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    opened_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)
    pseudonym: Mapped[str] = mapped_column(String(64), index=True)
    channel: Mapped[str] = mapped_column(String(16), default="web")
    language: Mapped[str] = mapped_column(String(2))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    centre: Mapped[str | None] = mapped_column(String(32))
    danger: Mapped[bool] = mapped_column(Boolean, default=False)
    topic: Mapped[str | None] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted: what it is about, in their words
    details: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: name, shared
    status: Mapped[str] = mapped_column(String(16), default="queued", index=True)
    # since when somebody ought to take it: it was opened, passed on, transferred, reopened
    waiting_since: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    desk: Mapped[str | None] = mapped_column(String(32))  # only its staff is offered the case
    offered_to: Mapped[str | None] = mapped_column(String(64))
    offer_until: Mapped[dt.datetime | None] = mapped_column(DateTime)
    passed_by: Mapped[list[str]] = mapped_column(JSON, default=list)  # who let the offer pass
    assigned_to: Mapped[str | None] = mapped_column(String(64), index=True)
    last_by: Mapped[str | None] = mapped_column(String(64))  # whom the person knows already
    taken_at: Mapped[dt.datetime | None] = mapped_column(DateTime)
    first_reply_at: Mapped[dt.datetime | None] = mapped_column(DateTime)
    # the oldest message of the person that nobody has answered
    unanswered_since: Mapped[dt.datetime | None] = mapped_column(DateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(DateTime, index=True)
    outcome: Mapped[str | None] = mapped_column(String(16))
    reopened: Mapped[int] = mapped_column(Integer, default=0)
    rating: Mapped[int | None] = mapped_column(Integer)  # 1 (bad) to 5 (good), by the person
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes of the coding frame
    rev: Mapped[int] = mapped_column(Integer, default=0)


class CaseMessageRow(Base):
    """What was written in a case, in the order of ``id`` (given under the lock of the case).

    ``kind``: text, photo, voice, document; note (among the staff); event (what was done with the
    case, JSON); notice (the service's own words to the person, by the name of a sentence).
    ``delivery``: none (nothing to deliver), waiting, sending, delivered, failed.
    """

    __tablename__ = "case_messages"
    __table_args__ = (
        # a message sent again after a lost connection is the same message
        UniqueConstraint("case_id", "key", name="uq_case_messages_key"),
        Index("ix_case_messages_outbox", "delivery", "case_id", "id"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    from_person: Mapped[bool] = mapped_column(Boolean)
    kind: Mapped[str] = mapped_column(String(16), default="text")
    author: Mapped[str | None] = mapped_column(String(64))  # of the staff
    body: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted text
    at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    key: Mapped[str | None] = mapped_column(String(64))  # given by the sender's program
    delivery: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    # when it is tried again; while sending: when it is taken for lost
    next_try: Mapped[dt.datetime | None] = mapped_column(DateTime)
    failure: Mapped[str | None] = mapped_column(String(32))
    seen_at: Mapped[dt.datetime | None] = mapped_column(DateTime)  # by the other side


class CaseFileRow(Base):
    """A photo, voice note or document of a case, encrypted; it goes with the case."""

    __tablename__ = "case_files"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    message_id: Mapped[int] = mapped_column(Integer, index=True)
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)  # bytes, before encryption
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ReferralRow(Base):
    """What was passed on to an organisation of the directory, with the person's consent."""

    __tablename__ = "referrals"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    organisation: Mapped[str] = mapped_column(String(32))
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted JSON: the form
    state: Mapped[str] = mapped_column(String(16), default="made")  # made, accepted, declined
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


class PresenceRow(Base):
    """When a member of the staff was last connected, and whether they take new cases."""

    __tablename__ = "presence"
    staff: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    available: Mapped[bool] = mapped_column(Boolean, default=True)
    phone_at: Mapped[dt.datetime | None] = mapped_column(DateTime)  # last word in the staff's group


class ShiftRow(Base):
    """A weekly shift of a counsellor, in the local time of the service's country."""

    __tablename__ = "shifts"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    staff: Mapped[str] = mapped_column(String(64), index=True)
    weekday: Mapped[int] = mapped_column(Integer)  # 0 is Monday
    begins: Mapped[int] = mapped_column(Integer)  # minutes after midnight
    ends: Mapped[int] = mapped_column(Integer)  # past 1440: on the next day


class TargetRow(Base):
    """A target of the supervisors, such as minutes until the first reply.

    ``alerted_at``, ``told``: while it is missed, when and of which cases was told last.
    """

    __tablename__ = "targets"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
    alerted_at: Mapped[dt.datetime | None] = mapped_column(DateTime)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
