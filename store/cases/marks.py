"""The marks of cases: what lists show of them. Their only words are what the person wants to be
called, encrypted, for who talks with them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.case_tables import CaseMessageRow, CaseRow
from store.cases.feed import WATCHED
from store.cases.messages import SAID
from store.tables import now


@dataclass(frozen=True)
class Mark:
    """A case in a list. ``unread``: messages of the person that no counsellor has seen;
    ``last_id``: of all its messages; ``last_from_person``: who said the last word, if anybody."""

    id: str
    rev: int
    status: str
    language: str
    languages: tuple[str, ...]
    centre: str | None
    danger: bool
    topic: str | None
    desk: str | None
    channel: str
    opened_at: dt.datetime
    waiting_since: dt.datetime
    offered_to: str | None
    offer_until: dt.datetime | None
    assigned_to: str | None
    last_by: str | None
    unanswered_since: dt.datetime | None
    closed_at: dt.datetime | None
    outcome: str | None
    reopened: int
    details: bytes | None = None  # encrypted (store.cases.opening.called)
    unread: int = 0
    last_id: int = 0
    last_from_person: bool | None = None


_COLUMNS = (
    *(CaseRow.id, CaseRow.rev, CaseRow.status, CaseRow.language, CaseRow.languages),
    *(CaseRow.centre, CaseRow.danger, CaseRow.topic, CaseRow.desk, CaseRow.channel),
    *(CaseRow.opened_at, CaseRow.waiting_since, CaseRow.offered_to, CaseRow.offer_until),
    *(CaseRow.assigned_to, CaseRow.last_by, CaseRow.unanswered_since, CaseRow.closed_at),
    *(CaseRow.outcome, CaseRow.reopened, CaseRow.details),
)


async def marks(
    connection: AsyncConnection | AsyncSession, ids: Collection[str] | None = None
) -> list[Mark]:
    """The marks of these cases; None: of all that are open or were closed in the last 72 hours."""
    which = or_(CaseRow.status != "closed", CaseRow.closed_at > now() - WATCHED)
    if ids is not None:
        which = CaseRow.id.in_(ids)
    rows = (await connection.execute(select(*_COLUMNS).where(which))).all()
    wanted = select(CaseRow.id).where(which).scalar_subquery()
    m = CaseMessageRow
    said = m.kind.in_(SAID)
    unseen = and_(said, m.from_person.is_(True), m.seen_at.is_(None))
    counts = select(
        m.case_id,
        func.max(m.id).label("last_id"),
        func.count().filter(unseen).label("unread"),
        func.max(m.id).filter(and_(said, m.from_person.is_(True))).label("theirs"),
        func.max(m.id).filter(and_(said, m.from_person.is_(False))).label("ours"),
    ).where(m.case_id.in_(wanted))
    found = {row.case_id: row for row in await connection.execute(counts.group_by(m.case_id))}
    return [_mark(row, found.get(row.id)) for row in rows]


def _mark(row, messages) -> Mark:
    fields = row._asdict() | {"languages": tuple(row.languages or ())}
    if messages is None:
        return Mark(**fields)
    theirs, ours = messages.theirs or 0, messages.ours or 0
    last = theirs > ours if theirs or ours else None
    return Mark(**fields, unread=messages.unread, last_id=messages.last_id, last_from_person=last)
