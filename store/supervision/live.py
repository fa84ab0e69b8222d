"""The handoff as it is now: open cases, who is there, and how much each counsellor has."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.case_tables import CaseRow, PresenceRow
from store.presence import GONE
from store.tables import StaffRow, now

#: Ages of open cases: up to so many minutes since the person asked (None: older).
AGES = ((15, "up to 15 min"), (60, "15–60 min"), (240, "1–4 h"), (1440, "4–24 h"), (None, "older"))
STATUSES = ("queued", "offered", "taken")


@dataclass(frozen=True)
class OpenCase:
    """An open case without a word of it; ``holder``: who has it, or is offered it."""

    id: str
    language: str
    languages: tuple[str, ...]
    status: str
    danger: bool
    opened_at: dt.datetime
    waiting_since: dt.datetime
    first_reply_at: dt.datetime | None
    unanswered_since: dt.datetime | None
    holder: str | None

    @property
    def waits(self) -> bool:
        """Whether nobody has taken it."""
        return self.status != "taken"


@dataclass(frozen=True)
class Load:
    """The work now of a counsellor, or of who else has a case.

    ``here``: connected; ``available``: takes new cases.
    """

    name: str
    languages: tuple[str, ...]
    capacity: int
    here: bool
    available: bool
    taken: int
    offered: int
    unanswered: int

    @property
    def state(self) -> str:
        """In a word, for people."""
        return "away" if not self.here else "there" if self.available else "no new cases"


@dataclass(frozen=True)
class Now:
    """The state at a time (UTC); cases in the order in which they should be taken."""

    at: dt.datetime
    cases: tuple[OpenCase, ...]
    counsellors: tuple[Load, ...]

    @property
    def waiting(self) -> list[OpenCase]:
        """Cases that nobody has taken."""
        return [case for case in self.cases if case.waits]

    @property
    def dangers(self) -> list[OpenCase]:
        """Open cases with danger."""
        return [case for case in self.cases if case.danger]

    @property
    def longest_wait(self) -> dt.timedelta | None:
        """How long the case waits that waits longest; None if none does."""
        return max((self.at - case.waiting_since for case in self.waiting), default=None)

    @property
    def there(self) -> list[Load]:
        """Counsellors who are connected."""
        return [one for one in self.counsellors if one.here]

    def somebody_for(self, case: OpenCase) -> bool:
        """Whether a counsellor is there, and takes cases, who speaks a language of the person."""
        wanted = set(case.languages)
        return any(one.available and wanted & set(one.languages) for one in self.there)

    def ages(self) -> dict[tuple[str, str], list[int]]:
        """How many cases of each language and status are how old, in the order of ``AGES``."""
        found: dict[tuple[str, str], list[int]] = {}
        for case in self.cases:
            minutes = (self.at - case.opened_at).total_seconds() / 60
            bands = found.setdefault((case.language, case.status), [0] * len(AGES))
            place = next(i for i, (most, _) in enumerate(AGES) if most is None or minutes <= most)
            bands[place] += 1
        return dict(sorted(found.items(), key=lambda e: (e[0][0], STATUSES.index(e[0][1]))))


async def state_now(connection: AsyncConnection) -> Now:
    """Read the state; raises one of DATABASE_ERRORS."""
    c, at = CaseRow, now()
    columns = (c.id, c.language, c.languages, c.status, c.danger, c.opened_at, c.waiting_since)
    columns += (c.first_reply_at, c.unanswered_since, c.offered_to, c.assigned_to)
    rows = select(*columns).where(c.status != "closed")
    rows = rows.order_by(c.danger.desc(), c.waiting_since, c.id)
    cases = tuple(
        OpenCase(
            id=row.id,
            language=row.language,
            languages=tuple(row.languages or [row.language]),
            status=row.status,
            danger=row.danger,
            opened_at=row.opened_at,
            waiting_since=row.waiting_since,
            first_reply_at=row.first_reply_at,
            unanswered_since=row.unanswered_since,
            holder=row.offered_to if row.status == "offered" else row.assigned_to,
        )
        for row in await connection.execute(rows)
    )
    staff = select(
        StaffRow.name, StaffRow.role, StaffRow.languages, StaffRow.capacity, PresenceRow.seen_at,
        PresenceRow.available,
    )  # fmt: skip
    holders = {case.holder for case in cases if case.holder}
    staff = staff.outerjoin(PresenceRow, PresenceRow.staff == StaffRow.name)
    counsels = and_(StaffRow.role == "counsellor", StaffRow.active.is_(True))
    staff = staff.where(or_(counsels, StaffRow.name.in_(holders)))
    staff = staff.order_by(StaffRow.name)
    loads = []
    for row in await connection.execute(staff):
        own = [case for case in cases if case.holder == row.name]
        taken = [case for case in own if case.status == "taken"]
        loads.append(
            Load(
                name=row.name,
                languages=tuple(row.languages or ()),
                capacity=row.capacity,
                here=row.seen_at is not None and row.seen_at > at - GONE,
                # a supervisor may have cases, but is offered none
                available=row.role == "counsellor" and row.available is not False,
                taken=len(taken),
                offered=len(own) - len(taken),
                unanswered=sum(case.unanswered_since is not None for case in taken),
            )
        )
    return Now(at, cases, tuple(loads))
