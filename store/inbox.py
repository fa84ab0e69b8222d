"""The officers' inbox of feedback: what it shows by which filters, one item, and its work."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.clocks import is_open, overdue
from store.tables import FeedbackRow, today

PAGE = 25  # items of one page of the inbox


@dataclass(frozen=True)
class About:
    """Codes and the form's areas that are about one thing, such as a category or the staff."""

    codes: frozenset[str]
    areas: frozenset[str]

    def condition(self) -> ColumnElement[bool]:
        """Coded so, or, where nothing is coded, of such an area."""
        uncoded = and_(FeedbackRow.code.is_(None), FeedbackRow.category.in_(self.areas))
        return or_(FeedbackRow.code.in_(self.codes), uncoded)


@dataclass(frozen=True)
class Reader:
    """What somebody may read: the general or the sensitive items, and for those who work in a
    centre nothing about its staff, nor about staff of a centre that is not known."""

    sensitive: bool
    centre: str | None = None
    staff: About = field(default_factory=lambda: About(frozenset(), frozenset()))

    def condition(self) -> ColumnElement[bool]:
        """The rows that may be read."""
        kind = FeedbackRow.sensitive == self.sensitive
        if self.centre is None:
            return kind
        near = or_(FeedbackRow.centre.is_(None), FeedbackRow.centre == self.centre)
        # the area that the person pressed counts even where it was coded otherwise
        staff = or_(self.staff.condition(), FeedbackRow.category.in_(self.staff.areas))
        return and_(kind, not_(and_(near, staff)))


@dataclass(frozen=True)
class Filters:
    """What the inbox shows; None is "all". ``state``: a status, "open" or "overdue".

    ``week``: the Monday of the week in which it came; ``assigned``: an officer's name, "" for
    nobody's; ``translation``: only what waits for a translation.
    """

    state: str | None = None
    centre: str | None = None
    language: str | None = None
    type: str | None = None
    about: About | None = None
    week: dt.date | None = None
    assigned: str | None = None
    translation: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters in SQL."""
        row, found = FeedbackRow, []
        if self.state == "open":
            found.append(is_open())
        elif self.state == "overdue":
            found.append(overdue())
        elif self.state:
            found.append(row.status == self.state)
        if self.centre is not None:
            found.append(row.centre == self.centre if self.centre else row.centre.is_(None))
        if self.language:
            found.append(row.language == self.language)
        if self.type:
            found.append(row.type == self.type)
        if self.about:
            found.append(self.about.condition())
        if self.week:
            found.append(row.given_on.between(self.week, self.week + dt.timedelta(days=6)))
        if self.assigned is not None:
            nobody = row.assigned_to.is_(None)
            found.append(row.assigned_to == self.assigned if self.assigned else nobody)
        if self.translation:
            found.append(row.needs_translation.is_(True))
        return found


async def inbox(
    session: AsyncSession, reader: Reader, filters: Filters, page: int = 1
) -> tuple[Sequence[FeedbackRow], int]:
    """One page of the items (``PAGE`` a page, from 1) and how many there are in all.

    Newest first, and within a day in random order, since only the day is known; what is overdue,
    the longest waiting first.
    """
    conditions = [reader.condition(), *filters.conditions()]
    first = FeedbackRow.waiting_since if filters.state == "overdue" else FeedbackRow.given_on.desc()
    rows = (
        select(FeedbackRow)
        .where(*conditions)
        .order_by(first, FeedbackRow.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    counted = select(func.count()).select_from(FeedbackRow).where(*conditions)
    found = (await session.execute(rows)).scalars().all()
    return found, (await session.execute(counted)).scalar_one()


async def item_for(session: AsyncSession, reader: Reader, item_id: str) -> FeedbackRow | None:
    """The item, locked until the transaction ends, if it may be read; None otherwise."""
    rows = select(FeedbackRow).where(FeedbackRow.id == item_id, reader.condition())
    return (await session.execute(rows.with_for_update())).scalar_one_or_none()


async def owed(session: AsyncSession, reader: Reader, officer: str) -> dict[str, int]:
    """How many items are new, overdue, open and an officer's own, and wait for a translation."""
    row = FeedbackRow
    wanted = {
        "new": row.status == "new",
        "overdue": overdue(),
        "mine": and_(is_open(), row.assigned_to == officer),
        "translation": row.needs_translation.is_(True),
    }
    columns = (func.count().filter(condition) for condition in wanted.values())
    counts = (await session.execute(select(*columns).where(reader.condition()))).one()
    return dict(zip(wanted, counts, strict=True))


async def overdue_general(session: AsyncSession) -> int:
    """How many general items are overdue."""
    rows = select(func.count()).select_from(FeedbackRow)
    conditions = FeedbackRow.sensitive.is_(False), overdue()
    return (await session.execute(rows.where(*conditions))).scalar_one()


def opened(item: FeedbackRow) -> None:
    """An officer reads an item for the first time: the person sees "it was read"."""
    if item.status == "new":
        item.status = "acknowledged"


def answer(item: FeedbackRow, status: str, reply: str | None) -> None:
    """Set an item's status and reply.

    A new reply under "new" or "acknowledged" makes it "answered": the person must not read
    "nobody has read it yet" above an answer. Under "in progress" it may be a word in between.
    """
    if reply and reply != item.reply and status in ("new", "acknowledged"):
        status = "answered"
    item.status, item.reply = status, reply
    if status == "answered" and item.answered_on is None:
        item.answered_on = today()


def wrote_back(item: FeedbackRow, text: str) -> None:
    """The person's one more message: somebody must look again, and the clock starts again."""
    item.more, item.status, item.waiting_since = text, "in_progress", today()


def move(item: FeedbackRow, *, sensitive: bool) -> None:
    """To the protection desk, where it is unread and owed from today; or to the general inbox."""
    if sensitive == item.sensitive:
        return
    item.sensitive, item.assigned_to = sensitive, None
    if sensitive:
        item.status, item.waiting_since, item.alerts = "new", today(), 0
