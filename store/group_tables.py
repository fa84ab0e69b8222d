"""The tables of the staff's Telegram group: whose phone is whose, and the topic of each case."""

import datetime as dt

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base


class PhoneRow(Base):
    """The Telegram account of a member of the staff, as a keyed hash, and a code to link one."""

    __tablename__ = "phones"
    staff: Mapped[str] = mapped_column(String(64), primary_key=True)
    telegram_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[dt.datetime | None] = mapped_column(DateTime)


class GroupTopicRow(Base):
    """What stands of a case in the staff's group. It outlives the case until its topic is deleted.

    ``holder`` took the case in the topic: while they have it, what is said is relayed. ``words_to``
    and ``events_to`` are ids of messages up to which it was (words -1: not even what the case is
    about), ``failures_to`` that up to which failed deliveries were told. ``sending_to``: up to
    there a message was on its way when the process died; it may have arrived. ``until``: nobody
    else works on the topic before. ``shown_rev``: the revision of the case that is all shown.
    """

    __tablename__ = "group_topics"
    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    topic_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    name: Mapped[str | None] = mapped_column(String(128))
    introduced: Mapped[bool] = mapped_column(Boolean, default=False)
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)
    holder: Mapped[str | None] = mapped_column(String(64))
    words_to: Mapped[int] = mapped_column(Integer, default=-1)
    events_to: Mapped[int] = mapped_column(Integer, default=0)
    failures_to: Mapped[int] = mapped_column(Integer, default=0)
    sending_to: Mapped[int] = mapped_column(Integer, default=0)
    shown_rev: Mapped[int] = mapped_column(Integer, default=-1)
    until: Mapped[dt.datetime | None] = mapped_column(DateTime)
