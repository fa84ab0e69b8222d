"""The transitions of a case, each whole or not at all.

    queued → offered → taken → closed
      ↑         │        │        │
      └─────────┴────────┴────────┘   passed on, transferred, reopened within 72 hours

Each function locks the case and looks at it as it is then, so two counsellors can never take one.
What the person has to know is added as a notice, what the staff has to know as an event.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseRow
from store.cases.messages import add_event, add_notice, lock_case
from store.cases.opening import open_case_of
from store.feedback import count
from store.keys import Keys
from store.people import set_address_end
from store.tables import StaffRow, now

#: What became of a case, as the counsellor says when closing it; "left": the person left.
Outcome = Literal["solved", "informed", "referred", "unreached", "other", "left"]
OUTCOMES: Sequence[Outcome] = get_args(Outcome)
#: For so long a closed case can be opened again.
REOPEN = dt.timedelta(hours=72)
#: Days for which the address of a person with an open case is kept since their last word.
ADDRESS_DAYS = 30
#: For so long a case is offered to one counsellor; a danger for less; a transfer to them for more.
OFFER, OFFER_DANGER, OFFER_TRANSFER = (dt.timedelta(seconds=s) for s in (45, 20, 120))


class CaseMoved(Exception):
    """The case is not (any more) where the step begins; the message says so to the staff."""


async def _locked(session: AsyncSession, case_id: str) -> CaseRow:
    case = await lock_case(session, case_id)
    if case is None:
        raise CaseMoved("this case is gone")
    return case


async def offer(
    session: AsyncSession, keys: Keys, case_id: str, staff: str, until: dt.datetime | None = None
) -> CaseRow:
    """Offer a queued case to a counsellor. Raises CaseMoved if it isn't queued."""
    case = await _locked(session, case_id)
    if case.status != "queued":
        raise CaseMoved("this case waits no more")
    allowed = OFFER_DANGER if case.danger else OFFER
    case.status, case.offered_to = "offered", staff
    case.offer_until = until or now() + allowed
    await add_event(session, keys, case, "offered", to=staff)
    return case


async def let_pass(
    session: AsyncSession, keys: Keys, case_id: str, staff: str, why: str = "not taken"
) -> CaseRow:
    """An offer that a counsellor declined, or let pass, goes back to the queue.

    Raises CaseMoved if it isn't offered to them (any more).
    """
    case = await _locked(session, case_id)
    if case.status != "offered" or case.offered_to != staff:
        raise CaseMoved("this case is not offered to you any more")
    case.passed_by = [*case.passed_by, staff]
    _queue_again(case, case.waiting_since)
    await add_event(session, keys, case, "passed", staff, why=why)
    return case


async def forget_passes(session: AsyncSession, case_id: str) -> None:
    """All who could take it let it pass: it is offered to each of them again."""
    case = await _locked(session, case_id)
    if case.status == "queued":
        case.passed_by = []
        case.rev += 1


async def take(
    session: AsyncSession, keys: Keys, case_id: str, staff: str, *, anyway: bool = False
) -> CaseRow:
    """A counsellor takes a case that waits or is offered to them; the person is told.

    ``anyway``: also one that is offered to somebody else (a danger, or a supervisor takes it).
    Raises CaseMoved if somebody else has it; taking one's own again changes nothing.
    """
    case = await _locked(session, case_id)
    if case.status == "taken" and case.assigned_to == staff:
        return case
    if case.status == "closed":
        raise CaseMoved("this case is closed")
    if case.status == "taken":
        raise CaseMoved(f"{case.assigned_to} has taken this case")
    if case.status == "offered" and case.offered_to != staff and not anyway:
        raise CaseMoved(f"this case is offered to {case.offered_to} at the moment")
    case.status, case.assigned_to, case.last_by = "taken", staff, staff
    case.offered_to = case.offer_until = None
    case.passed_by = []
    case.taken_at = case.taken_at or now()
    await add_event(session, keys, case, "taken", staff)
    account = await session.get(StaffRow, staff)
    shown = {"name": account.shown_as} if account and account.shown_as else {}
    await add_notice(session, keys, case, "joined", **shown)
    return case


async def transfer(
    session: AsyncSession,
    keys: Keys,
    case_id: str,
    by: str,
    *,
    to: str | None = None,
    desk: str | None = None,
    anyway: bool = False,
) -> CaseRow:
    """Pass a taken case to a colleague (offered to them first) or to a desk; the person is told.

    ``anyway``: also one that ``by`` doesn't hold (a supervisor). Raises CaseMoved if it is not
    taken, or not by them; ValueError unless exactly one of ``to`` and ``desk`` is given.
    """
    if (to is None) == (desk is None):
        raise ValueError("give a colleague or a desk")
    case = await _held(session, case_id, by, anyway)
    if to == case.assigned_to:
        raise CaseMoved(f"{to} has this case already")
    holder = case.assigned_to
    _queue_again(case, case.unanswered_since or now())
    case.desk = desk
    case.last_by = to  # an offer not taken must not go back to who passed it on
    case.passed_by = [holder] if holder else []
    await add_event(session, keys, case, "transferred", by, to=to, desk=desk)
    await add_notice(session, keys, case, "transferred")
    if to is not None:
        await offer(session, keys, case_id, to, now() + OFFER_TRANSFER)
    return case


async def give_back(
    session: AsyncSession, keys: Keys, case_id: str, staff: str, why: str
) -> CaseRow:
    """A taken case goes back to the queue: its counsellor is gone, or can't go on.

    Raises CaseMoved if they don't hold it (any more).
    """
    case = await _held(session, case_id, staff, False)
    _queue_again(case, case.unanswered_since or now())
    case.passed_by = [staff]
    await add_event(session, keys, case, "given back", staff, why=why)
    await add_notice(session, keys, case, "passed_on")
    return case


async def close(
    session: AsyncSession,
    keys: Keys,
    case_id: str,
    by: str | None,
    outcome: Outcome,
    *,
    anyway: bool = False,
) -> CaseRow:
    """Close a case. By a counsellor: the person is told and asked to rate; ``by`` None: they left.

    ``anyway``: also one that ``by`` doesn't hold (a supervisor). Raises CaseMoved if it is closed,
    or held by somebody else; ValueError for an unknown outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome {outcome}: must be one of {', '.join(OUTCOMES)}")
    case = await _locked(session, case_id)
    if case.status == "closed":
        raise CaseMoved("this case is closed")
    if by is not None and case.assigned_to != by and not anyway:
        raise CaseMoved("you don't have this case (any more)")
    if case.status != "taken":
        case.last_by = None  # who had it when it was closed may read it later, nobody else
    case.status, case.closed_at, case.outcome = "closed", now(), outcome
    case.assigned_to = case.offered_to = case.offer_until = None
    case.unanswered_since = None
    await add_event(session, keys, case, "closed", by, outcome=outcome)
    if by is not None:
        await add_notice(session, keys, case, "closed", case=case.id)
    # the last words still have to reach them, and it may be opened again; then it goes
    await set_address_end(session, case.pseudonym, REOPEN.days)
    await count(session, "case_closed", outcome, case.language)
    return case


def can_reopen(case: CaseRow) -> bool:
    """Whether a case was closed less than 72 hours ago."""
    return case.closed_at is not None and now() - case.closed_at < REOPEN


async def reopen(session: AsyncSession, keys: Keys, case_id: str, by: str | None) -> CaseRow:
    """Open a closed case again, for the same counsellor if they are there; ``by`` None: the person.

    Raises CaseMoved if it is open, was closed more than 72 hours ago, or the person has another
    open case.
    """
    case = await _locked(session, case_id)
    if case.status != "closed":
        raise CaseMoved("this case is open")
    if not can_reopen(case):
        raise CaseMoved("this case was closed more than 72 hours ago")
    if await open_case_of(session, case.pseudonym) is not None:
        raise CaseMoved("this person has a newer open case")
    case.closed_at = case.outcome = case.rating = None
    case.reopened += 1
    _queue_again(case, now())
    case.passed_by = []
    if by is None:
        case.unanswered_since = now()
    await add_event(session, keys, case, "reopened", by)
    await set_address_end(session, case.pseudonym, ADDRESS_DAYS)
    if by is not None:
        await add_notice(session, keys, case, "reopened")
    await count(session, "case_reopened", "person" if by is None else "staff", case.language)
    return case


async def rate(session: AsyncSession, case_id: str, pseudonym: str, stars: int) -> bool:
    """Keep a person's rating (1 to 5) of their closed case; False if there is no such case.

    A second rating takes the place of the first.
    """
    case = await lock_case(session, case_id)
    if case is None or case.pseudonym != pseudonym or case.status != "closed":
        return False
    if not 1 <= stars <= 5:
        return False
    if case.rating is None:
        await count(session, "case_rating", str(stars), case.language)
    case.rating = stars
    case.rev += 1
    return True


async def _held(session: AsyncSession, case_id: str, by: str, anyway: bool) -> CaseRow:
    case = await _locked(session, case_id)
    if case.status != "taken":
        raise CaseMoved(
            "this case is closed" if case.status == "closed" else "nobody has this case"
        )
    if case.assigned_to != by and not anyway:
        raise CaseMoved(f"{case.assigned_to} has this case")
    return case


def _queue_again(case: CaseRow, since: dt.datetime) -> None:
    case.status, case.waiting_since = "queued", since
    case.assigned_to = case.offered_to = case.offer_until = None
