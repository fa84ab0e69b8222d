"""A case begins: the queue, a person's place in it, and how long it usually takes."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseRow
from store.cases.messages import add_event
from store.feedback import count
from store.keys import Keys
from store.local_time import hour_key, local
from store.tables import now

#: Waiting times are told from at least so many cases, none older than so many days.
FEWEST, RECENT_DAYS, MOST = 5, 14, 50


@dataclass(frozen=True)
class About:
    """What a person said when asking: in their words, a name to call them by, and the messages that
    they agreed to share."""

    text: str = ""
    name: str | None = None
    shared: Sequence[str] = field(default_factory=tuple)


async def open_case_of(session: AsyncSession, pseudonym: str) -> CaseRow | None:
    """A person's open case, or None."""
    rows = select(CaseRow).where(CaseRow.pseudonym == pseudonym, CaseRow.status != "closed")
    return (await session.execute(rows.limit(1))).scalar_one_or_none()


async def last_closed_of(session: AsyncSession, pseudonym: str) -> CaseRow | None:
    """A person's case that was closed last, or None."""
    rows = select(CaseRow).where(CaseRow.pseudonym == pseudonym, CaseRow.status == "closed")
    rows = rows.order_by(CaseRow.closed_at.desc()).limit(1)
    return (await session.execute(rows)).scalar_one_or_none()


async def add_case(
    session: AsyncSession,
    keys: Keys,
    *,
    pseudonym: str,
    language: str,
    centre: str | None,
    danger: bool,
    text: str,
    channel: str = "web",
    languages: Sequence[str] = (),
    topic: str | None = None,
    name: str | None = None,
    shared: Sequence[str] = (),
) -> CaseRow:
    """Put a person in the queue; ``languages``: what they can talk in (default: ``language``)."""
    details = json.dumps({"name": name, "shared": list(shared)}, ensure_ascii=False)
    row = CaseRow(
        pseudonym=pseudonym,
        channel=channel,
        language=language,
        languages=list(languages) or [language],
        centre=centre,
        danger=danger,
        topic=topic,
        body=keys.cases.seal(text),
        details=keys.cases.seal(details) if name or shared else None,
        unanswered_since=now(),
    )
    session.add(row)
    await session.flush()
    await add_event(session, keys, row, "opened")
    await count(session, "case_opened", topic or "none", language)
    # hours are counted by month: a day with its hour would lead to who came
    at = local(row.opened_at)
    await count(session, "case_hour", hour_key(at), language, at.date().replace(day=1))
    return row


def about(keys: Keys, case: CaseRow) -> About:
    """What the person said when asking; raises store.keys.CannotDecrypt."""
    details = json.loads(keys.cases.open(case.details)) if case.details else {}
    return About(
        keys.cases.open(case.body), details.get("name"), tuple(details.get("shared") or ())
    )


def called(keys: Keys, details: bytes | None) -> str | None:
    """What a person wants to be called, if they said; raises store.keys.CannotDecrypt."""
    return json.loads(keys.cases.open(details)).get("name") if details else None


async def place_in_queue(session: AsyncSession, case: CaseRow) -> int:
    """How many wait before this one, plus one: danger first, then who waits longest."""
    before = (CaseRow.danger.is_(case.danger)) & (CaseRow.waiting_since < case.waiting_since)
    if not case.danger:
        before = or_(before, CaseRow.danger.is_(True))
    query = select(func.count()).where(CaseRow.status.in_(("queued", "offered")), before)
    return (await session.execute(query)).scalar_one() + 1


async def queue(session: AsyncSession) -> Sequence[CaseRow]:
    """Open cases in the order in which they should be taken."""
    rows = select(CaseRow).where(CaseRow.status != "closed")
    rows = rows.order_by(CaseRow.danger.desc(), CaseRow.waiting_since)
    return (await session.execute(rows)).scalars().all()


async def usual_wait(session: AsyncSession, language: str) -> dt.timedelta | None:
    """The median time until a case in a language was first taken, of the last 50 in two weeks.

    None where fewer than five were taken: then nothing is known.
    """
    since = now() - dt.timedelta(days=RECENT_DAYS)
    rows = select(CaseRow.opened_at, CaseRow.taken_at).where(
        CaseRow.language == language,
        CaseRow.danger.is_(False),
        CaseRow.reopened == 0,
        CaseRow.taken_at.is_not(None),
        CaseRow.opened_at > since,
    )
    found = (await session.execute(rows.order_by(CaseRow.opened_at.desc()).limit(MOST))).all()
    if len(found) < FEWEST:
        return None
    return median(taken - opened for opened, taken in found)
