"""Who is offered which case: by language, then desk and centre, the longest wait first.

``plan`` decides from what is known and touches nothing; ``match`` reads, plans, and does each step
in a transaction of its own, where it is checked again. Any number of replicas may do so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy import select

from store.case_tables import CaseRow, PresenceRow
from store.cases.moving import CaseMoved, forget_passes, give_back, let_pass, offer
from store.database import Database
from store.keys import Keys
from store.presence import GONE
from store.tables import StaffRow, now

log = structlog.get_logger()
#: After so long without their counsellor, people who wait for an answer go to somebody else.
ABSENT = dt.timedelta(minutes=5)
#: The same for a counsellor who writes from a phone, in the staff's group.
ABSENT_PHONE = dt.timedelta(minutes=30)


#: Cases of this topic may be about the staff of their centre: who works there is not offered them.
PROTECTION = "protection"


@dataclass(frozen=True)
class Counsellor:
    """A counsellor as matching sees them; ``load``: cases that they have or are offered.

    ``here``: connected; ``absent``: gone for so long that their people go to others.
    """

    name: str
    languages: tuple[str, ...]
    desks: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    capacity: int = 20
    load: int = 0
    here: bool = True
    available: bool = True
    absent: bool = False
    works_in: str | None = None  # the centre whose staff they are, if of any


@dataclass(frozen=True)
class Waiting:
    """An open case as matching sees it."""

    id: str
    languages: tuple[str, ...]
    status: str
    danger: bool
    waiting_since: dt.datetime
    centre: str | None = None
    desk: str | None = None
    passed_by: tuple[str, ...] = ()
    last_by: str | None = None
    holder: str | None = None  # who is offered it, or has it
    offer_until: dt.datetime | None = None
    unanswered: bool = True
    topic: str | None = None


@dataclass(frozen=True)
class Step:
    """One thing to do: ``offer`` to somebody, ``expire`` an offer, ``give back``, ``again``."""

    what: str
    case_id: str
    staff: str = ""


@dataclass
class _Loads:
    """The counsellors with what this plan gives them meanwhile."""

    known: dict[str, Counsellor] = field(default_factory=dict)

    def add(self, name: str) -> None:
        one = self.known[name]
        self.known[name] = replace(one, load=one.load + 1)


def choose(case: Waiting, counsellors: Sequence[Counsellor]) -> Counsellor | None:
    """The counsellor to whom a case is offered, or None.

    They are here, take new cases, speak a language of the person, belong to the desk if it is for
    one, have not let it pass, and have room (a danger needs none). Whom the person knows comes
    first, then the person's best language, their centre, the smallest load.
    """
    able = [
        one
        for one in counsellors
        if one.here
        and one.available
        and one.name not in case.passed_by
        and set(one.languages) & set(case.languages)
        and (case.desk is None or case.desk in one.desks)
        and (case.danger or one.load < one.capacity)
        and not _about_colleagues(case, one)
    ]

    def rank(one: Counsellor) -> tuple:
        best = min(i for i, code in enumerate(case.languages) if code in one.languages)
        elsewhere = bool(one.serves) and case.centre not in one.serves
        return (one.name != case.last_by, best, elsewhere, one.load, one.name)

    return min(able, key=rank, default=None)


def _about_colleagues(case: Waiting, one: Counsellor) -> bool:
    own = one.works_in is not None and one.works_in == case.centre
    return own and case.topic == PROTECTION and not case.danger


def plan(
    cases: Sequence[Waiting], counsellors: Sequence[Counsellor], at: dt.datetime
) -> list[Step]:
    """What is to be done now. A step's case is in no other step."""
    loads = _Loads({one.name: one for one in counsellors})
    steps: list[Step] = []
    for case in sorted(cases, key=lambda c: (not c.danger, c.waiting_since, c.id)):
        everyone = list(loads.known.values())
        holder = loads.known.get(case.holder or "")
        if case.status == "offered":
            if case.offer_until is None or case.offer_until <= at or not (holder and holder.here):
                steps.append(Step("expire", case.id, case.holder or ""))
        elif case.status == "taken":
            # nobody is disturbed who has their answer; and only if another can really take it
            if not case.unanswered or not (holder is None or holder.absent):
                continue
            others = [one for one in everyone if one.name != case.holder]
            if choose(replace(case, passed_by=()), others):
                steps.append(Step("give back", case.id, case.holder or ""))
        elif case.status == "queued":
            if chosen := choose(case, everyone):
                loads.add(chosen.name)
                steps.append(Step("offer", case.id, chosen.name))
            elif case.passed_by and choose(replace(case, passed_by=()), everyone):
                steps.append(Step("again", case.id))
    return steps


async def match(database: Database, keys: Keys) -> int:
    """Do what is to be done now; returns how many steps were made. Raises DATABASE_ERRORS."""
    at = now()
    cases, counsellors = await _read(database, at)
    done = 0
    for step in plan(cases, counsellors, at):
        try:
            await _do(database, keys, step)
            done += 1
        except CaseMoved:
            log.info("case.moved_meanwhile", case=step.case_id)
    return done


async def _do(database: Database, keys: Keys, step: Step) -> None:
    async with database.transaction() as session:
        if step.what == "offer":
            await offer(session, keys, step.case_id, step.staff)
        elif step.what == "expire":
            await let_pass(session, keys, step.case_id, step.staff)
        elif step.what == "give back":
            await give_back(session, keys, step.case_id, step.staff, "gone")
        elif step.what == "again":
            await forget_passes(session, step.case_id)


async def _read(database: Database, at: dt.datetime) -> tuple[list[Waiting], list[Counsellor]]:
    c = CaseRow
    async with database.reading() as connection:
        rows = (
            await connection.execute(
                select(
                    *(c.id, c.languages, c.status, c.danger, c.waiting_since, c.centre, c.topic),
                    *(c.desk, c.passed_by, c.last_by, c.offered_to, c.assigned_to, c.offer_until),
                    c.unanswered_since,
                ).where(c.status != "closed")
            )
        ).all()
        staff = (
            await connection.execute(
                select(StaffRow, PresenceRow)
                .outerjoin(PresenceRow, PresenceRow.staff == StaffRow.name)
                .with_only_columns(
                    *(
                        StaffRow.active,
                        StaffRow.name,
                        StaffRow.role,
                        StaffRow.languages,
                        StaffRow.desks,
                        StaffRow.serves,
                        StaffRow.centre,
                    ),
                    *(StaffRow.capacity, PresenceRow.seen_at, PresenceRow.available),
                    PresenceRow.phone_at,
                )
            )
        ).all()
    cases = [
        Waiting(
            row.id,
            tuple(row.languages or ()),
            row.status,
            row.danger,
            row.waiting_since,
            row.centre,
            row.desk,
            tuple(row.passed_by or ()),
            row.last_by,
            row.offered_to if row.status == "offered" else row.assigned_to,
            row.offer_until,
            row.unanswered_since is not None,
            row.topic,
        )
        for row in rows
    ]
    loads = [case.holder for case in cases]
    return cases, [
        Counsellor(
            row.name,
            tuple(row.languages or ()),
            tuple(row.desks or ()),
            tuple(row.serves or ()),
            row.capacity,
            loads.count(row.name),
            here=row.seen_at is not None and row.seen_at > at - GONE,
            # a supervisor may have cases, but is offered none
            available=row.active and row.role == "counsellor" and row.available is not False,
            absent=not row.active
            or (row.seen_at is None or row.seen_at <= at - ABSENT)
            and (row.phone_at is None or row.phone_at <= at - ABSENT_PHONE),
            works_in=row.centre,
        )
        for row in staff
    ]
