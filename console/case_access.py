"""Who of the staff may see which case, and how cases and messages look as JSON.

A counsellor sees the marks of all who wait, opens only cases that they hold or held until they
were closed, and learns of an offer only what it is about and in which languages. A supervisor may
open every case. An account that is bound to a centre sees no protection matter of that centre: it
may be about its colleagues.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fastapi import HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session
from content.markup import isolate
from content.script import written_in
from store.case_tables import CaseRow
from store.cases.marks import Mark
from store.cases.matching import PROTECTION
from store.cases.messages import SAID, Message, lock_case
from store.cases.moving import can_reopen
from store.cases.opening import called
from store.keys import Keys
from store.tables import StaffRow


def oversees(session: Session) -> bool:
    """Whether somebody may open every case and act in place of its counsellor."""
    return session.role == "supervisor"


def hidden(session: Session, case: CaseRow | Mark) -> bool:
    """Whether a case may not be shown since it may be about the account's own centre."""
    own = session.centre is not None and case.centre == session.centre
    return own and case.topic == PROTECTION and not case.danger


def holds(session: Session, case: CaseRow | Mark) -> bool:
    """Whether they talk with the person now."""
    return case.status == "taken" and case.assigned_to == session.name


def held_last(session: Session, case: CaseRow | Mark) -> bool:
    """Whether the case was theirs when it was closed."""
    return case.status == "closed" and case.last_by == session.name


async def opened(db: AsyncSession, session: Session, case_id: str) -> CaseRow:
    """A case that they may read; HTTPException 404 if there is none, 403 if they may not."""
    return _readable(session, await db.get(CaseRow, case_id))


async def opened_locked(db: AsyncSession, session: Session, case_id: str) -> CaseRow:
    """As ``opened``, held against everybody else until the transaction ends."""
    return _readable(session, await lock_case(db, case_id))


def _readable(session: Session, case: CaseRow | None) -> CaseRow:
    case = _there(session, case)
    if not (holds(session, case) or held_last(session, case) or oversees(session)):
        raise HTTPException(403, "you don't have this case")
    return case


async def held(db: AsyncSession, session: Session, case_id: str) -> CaseRow:
    """A case that is theirs now, locked; HTTPException 404, or 409 if it isn't (any more)."""
    case = _there(session, await lock_case(db, case_id))
    if not holds(session, case):
        who = f"{case.assigned_to} has" if case.assigned_to else "you don't have"
        raise HTTPException(409, f"{who} this case" + (" (any more)" if "don't" in who else ""))
    return case


async def waiting(db: AsyncSession, session: Session, case_id: str) -> CaseRow:
    """A case that they may see in the lists; HTTPException 404 if there is none."""
    return _there(session, await db.get(CaseRow, case_id))


def _there(session: Session, case: CaseRow | None) -> CaseRow:
    if case is None or hidden(session, case):
        raise HTTPException(404, "no such case")
    return case


def mark_for(session: Session, mark: Mark, keys: Keys) -> dict[str, Any] | None:
    """A case in the lists of a member of the staff, or None if it is not in them."""
    if hidden(session, mark):
        return None
    queued = mark.status in ("queued", "offered")
    mine = holds(session, mark) or held_last(session, mark)
    if not (queued or mine or oversees(session)):
        return None
    shown: dict[str, Any] = {
        "id": mark.id,
        "rev": mark.rev,
        "status": mark.status,
        "language": mark.language,
        "languages": list(mark.languages),
        "centre": mark.centre,
        "danger": mark.danger,
        "topic": mark.topic,
        "desk": mark.desk,
        "opened": when(mark.opened_at),
        "waiting": when(mark.waiting_since),
        "offered_to": mark.offered_to,
        "offer_until": when(mark.offer_until),
        "holder": mark.assigned_to,
        "mine": mine,
        "reopened": mark.reopened,
    }
    if mine or oversees(session):
        shown |= {
            "unanswered": when(mark.unanswered_since),
            "unread": mark.unread,
            "last_id": mark.last_id,
            "last_from_person": mark.last_from_person,
            "closed": when(mark.closed_at),
            "outcome": mark.outcome,
            "channel": mark.channel,
        }
    if holds(session, mark):
        shown["name"] = called(keys, mark.details)
    return shown


def case_for(session: Session, case: CaseRow) -> dict[str, Any]:
    """What stands beside an open conversation, without words."""
    return {
        "id": case.id,
        "rev": case.rev,
        "status": case.status,
        "language": case.language,
        "languages": case.languages,
        "centre": case.centre,
        "danger": case.danger,
        "topic": case.topic,
        "desk": case.desk,
        "channel": case.channel,
        "opened": when(case.opened_at),
        "holder": case.assigned_to,
        "mine": holds(session, case),
        "closed": when(case.closed_at),
        "outcome": case.outcome,
        "rating": case.rating,
        "tags": case.tags or [],
        "can_reopen": can_reopen(case) and case.status == "closed",
    }


def message_out(message: Message, case: CaseRow) -> dict[str, Any]:
    """A message as the page shows it."""
    row = message.row
    shown: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "at": when(row.at),
        "from_person": row.from_person,
        "author": row.author,
        "key": row.key,
        **state_of(message),
    }
    if message.what is not None:
        return shown | {"what": message.what}
    shown["text"] = message.text
    if row.kind in (*SAID, "note"):
        spoken = case.languages or [case.language]
        shown |= words_out(message.text, spoken if row.from_person else ())
    if message.file is not None:
        file = message.file
        shown["file"] = {"id": file.id, "type": file.media_type, "size": file.size}
    return shown


def words_out(text: str, spoken: Sequence[str]) -> dict[str, str | None]:
    """Words as the page shows them: a telephone number in right-to-left text reads in its order."""
    language = written_in(text, spoken)
    return {"text": isolate(text, language) if language else text, "language": language}


def state_of(message: Message) -> dict[str, Any]:
    """What changes of a message after it was written."""
    row = message.row
    return {"delivery": row.delivery, "failure": row.failure, "seen": when(row.seen_at)}


def when(at: dt.datetime | None) -> str | None:
    """A time as JSON: ISO 8601 in UTC, to the millisecond."""
    return None if at is None else at.isoformat(timespec="milliseconds") + "Z"


def shown_name(account: StaffRow | None) -> str:
    """How people see who writes with them; empty if the account says nothing."""
    return (account.shown_as or "") if account else ""
