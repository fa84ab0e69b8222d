"""The tables. Dates are days (UTC) wherever a time could help to find out who wrote something."""

import datetime as dt
import secrets
import uuid
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Cell keys of feedback items are below this.
CELL_KEYS = 1_000_000


def random_id() -> str:
    """An id that tells nothing about when the row was made (random UUID, 32 hex digits)."""
    return uuid.uuid4().hex


def random_cell_key() -> int:
    """A random number below ``CELL_KEYS``."""
    return secrets.randbelow(CELL_KEYS)


def random_epoch() -> int:
    """A random epoch for a new account: a session of an older one of its name is not valid."""
    return secrets.randbelow(2**30)


def today() -> dt.date:
    """The current day in UTC."""
    return dt.datetime.now(dt.UTC).date()


def now() -> dt.datetime:
    """The current time in UTC, without time zone (both databases keep it so)."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Base(DeclarativeBase):
    """Base of all tables."""


class PersonRow(Base):
    """Where a pseudonym is in its conversation. Nothing here says who it is."""

    __tablename__ = "people"
    pseudonym: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str | None] = mapped_column(String(2))
    language_chosen: Mapped[bool] = mapped_column(Boolean, default=False)
    centre: Mapped[str | None] = mapped_column(String(32))
    greeted: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON
    seen_on: Mapped[dt.date] = mapped_column(Date, default=today)


class DeliveryRow(Base):
    """A channel address kept because a message must still be delivered there, until a day."""

    __tablename__ = "deliveries"
    pseudonym: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted
    until: Mapped[dt.date] = mapped_column(Date, index=True)


class SeenUpdateRow(Base):
    """An update that was handled: the same one again does nothing."""

    __tablename__ = "seen_updates"
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seen_on: Mapped[dt.date] = mapped_column(Date, default=today, index=True)


class FeedbackRow(Base):
    """One anonymous feedback item. No column leads to a person.

    ``category`` is the area that the person pressed; ``code`` is of the coding frame in version
    ``frame_version``, a suggestion until ``coded_by`` names who confirmed it. A ``sensitive`` item
    is for the protection desk alone.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        # holds all that is counted: a dashboard of 100,000 items reads no text
        Index(
            "ix_feedback_counts",
            *("sensitive", "given_on", "type", "centre", "language", "channel", "status"),
            *("category", "code", "coded_by", "waiting_since", "answered_on", "cell_key"),
        ),
        # in the order of the groups, so that SQLite needn't sort (a third of the time for a year)
        Index(
            "ix_feedback_people",
            *("sensitive", "type", "centre", "language", "channel", "given_on", "cell_key"),
        ),
        Index(
            "ix_feedback_topics",
            *("sensitive", "code", "category", "type", "status", "given_on", "centre"),
            *("language", "cell_key"),
        ),
        # SQLite numbers the rows of other tables in the order in which they came: not of this one
        {"sqlite_with_rowid": False},
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    given_on: Mapped[dt.date] = mapped_column(Date, default=today, index=True)
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(16))
    centre: Mapped[str | None] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="new")
    reply: Mapped[str | None] = mapped_column(Text)
    more: Mapped[str | None] = mapped_column(Text)  # one message back after the answer
    code: Mapped[str | None] = mapped_column(String(48), index=True)
    frame_version: Mapped[int | None] = mapped_column(Integer)
    coded_by: Mapped[str | None] = mapped_column(String(64))
    sensitive: Mapped[bool] = mapped_column(Boolean, default=False, index=True)
    alerts: Mapped[int] = mapped_column(Integer, default=0)  # sent to the protection desk
    # the day since which an answer is owed: it came, a message back, a move to the protection desk
    waiting_since: Mapped[dt.date] = mapped_column(Date, default=today, index=True)
    answered_on: Mapped[dt.date | None] = mapped_column(Date)
    assigned_to: Mapped[str | None] = mapped_column(String(64))
    needs_translation: Mapped[bool] = mapped_column(Boolean, default=False)
    translation: Mapped[str | None] = mapped_column(Text)
    translated_by: Mapped[str | None] = mapped_column(String(64))
    # random: decides how counts with this item are rounded (reporting/disclosure.py)
    cell_key: Mapped[int] = mapped_column(Integer, default=random_cell_key)


class ReportRow(Base):
    """One confidential report, readable with the protection desk's key only."""

    __tablename__ = "reports"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    given_on: Mapped[dt.date] = mapped_column(Date, default=today)
    kind: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted JSON: text, centre, contact
    read_on: Mapped[dt.date | None] = mapped_column(Date)
    alerts: Mapped[int] = mapped_column(Integer, default=0)  # sent to the protection desk


class StaffRow(Base):
    """A staff account with one role. ``centre``: where it works, if it is bound to one.

    ``failed`` counts wrong passwords and codes in a row. Sessions of another ``epoch`` are not
    valid. ``totp`` is the encrypted secret of the second factor, ``totp_step`` the step of the code
    that was used last. ``last_sign_in`` is a day.
    """

    __tablename__ = "staff"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(DateTime)
    centre: Mapped[str | None] = mapped_column(String(32))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    epoch: Mapped[int] = mapped_column(Integer, default=random_epoch)
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int | None] = mapped_column(Integer)
    last_sign_in: Mapped[dt.date | None] = mapped_column(Date)
    # how people see who writes with them; none: "a counsellor"
    shown_as: Mapped[str | None] = mapped_column(String(64))
    # for counsellors: what they speak and which cases they are offered
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    desks: Mapped[list[str]] = mapped_column(JSON, default=list)
    serves: Mapped[list[str]] = mapped_column(JSON, default=list)  # centres; none: all
    capacity: Mapped[int] = mapped_column(Integer, default=20)  # chats at the same time


class RecoveryCodeRow(Base):
    """A recovery code that was not used yet, as a keyed hash; used ones are deleted."""

    __tablename__ = "recovery_codes"
    staff: Mapped[str] = mapped_column(ForeignKey("staff.name"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class AuditRow(Base):
    """Who of the staff did what to which thing, and when. Rows are only ever added: the database
    refuses to change or delete them."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)
    staff: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(32), index=True)
    thing: Mapped[str] = mapped_column(String(512))


class UnclearRow(Base):
    """A redacted message that was not understood, for an editor to label. No column leads to a
    person.

    ``guess`` and ``label`` are intents; ``state`` is new, labelled or dropped (then without text).
    """

    __tablename__ = "unclear"
    # SQLite numbers the rows of other tables in the order in which they came: not of this one
    __table_args__ = {"sqlite_with_rowid": False}
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    kept_on: Mapped[dt.date] = mapped_column(Date, default=today, index=True)
    language: Mapped[str] = mapped_column(String(2))
    script: Mapped[str] = mapped_column(String(4))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted text, redacted before
    guess: Mapped[str | None] = mapped_column(String(64))
    label: Mapped[str | None] = mapped_column(String(64))
    labelled_by: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="new", index=True)


class CountRow(Base):
    """How often something happened on a day in a language: votes, misunderstandings."""

    __tablename__ = "counts"
    __table_args__ = (UniqueConstraint("day", "what", "key", "language"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    day: Mapped[dt.date] = mapped_column(Date, default=today)
    what: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    n: Mapped[int] = mapped_column(Integer, default=0)


class ChangeRow(Base):
    """What people said and what came of it ("you said, we did"), for people to read.

    ``said`` and ``did`` are texts by language code; English is always there. ``done`` false: it
    was not done, and ``did`` says why. ``month`` is the first day of the month that it is about;
    ``state`` is draft, published or withdrawn.
    """

    __tablename__ = "changes"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    month: Mapped[dt.date] = mapped_column(Date)
    centre: Mapped[str | None] = mapped_column(String(32))
    done: Mapped[bool] = mapped_column(Boolean, default=True)
    said: Mapped[dict[str, str]] = mapped_column(JSON)
    did: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    written_by: Mapped[str] = mapped_column(String(64))


class SurveyRow(Base):
    """A satisfaction survey: offered to people between two days while it is open.

    ``title`` is a text by language code, ``questions`` the dictionaries of store/surveys.py; both
    stay as they are once it is open. ``state`` is draft, open or closed.
    """

    __tablename__ = "surveys"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    centre: Mapped[str | None] = mapped_column(String(32))
    opens_on: Mapped[dt.date] = mapped_column(Date)
    closes_on: Mapped[dt.date] = mapped_column(Date)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    written_by: Mapped[str] = mapped_column(String(64))


class SurveyAnswerRow(Base):
    """One anonymous answer to one question. No column leads to a person, or to their other answers.

    ``question`` counts from 0; ``choice`` is the number of the option. An answer in own words has
    ``text``, redacted, with its language and day, which say how to show it and when it goes;
    other answers have no day at all.
    """

    __tablename__ = "survey_answers"
    # SQLite numbers the rows of other tables in the order in which they came: not of this one
    __table_args__ = {"sqlite_with_rowid": False}
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    survey_id: Mapped[str] = mapped_column(String(32), index=True)
    question: Mapped[int] = mapped_column(Integer)
    choice: Mapped[int | None] = mapped_column(Integer)
    text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(2))
    given_on: Mapped[dt.date | None] = mapped_column(Date, index=True)
    # random: decides how counts with this answer are rounded (reporting/disclosure.py)
    cell_key: Mapped[int] = mapped_column(Integer, default=random_cell_key)
