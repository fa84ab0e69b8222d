"""Counts of feedback by everything that is reported, made by the database.

What is sensitive is in none of them: of sensitive items and confidential reports together there is
one number a month, of all centres. The counts here are exact; what of them may be shown is decided
in ``reporting.disclosure``.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from content.coding import frame
from reporting.disclosure import Group
from reporting.selection import NOT_GIVEN, Selection, month_of
from store.clocks import DONE, GENERAL_DAYS
from store.tables import CELL_KEYS, FeedbackRow, ReportRow

#: Response times: the most days of each band, and what it is called.
BANDS = ((0, "same day"), (2, "1–2 days"), (7, "3–7 days"), (14, "8–14 days"))
LONGER = "more than 14 days"
RUMOUR = "rumour"

Groups = dict[Any, Group]


class days_between(FunctionElement):
    """``days_between(later, earlier)``: whole days from one date to another, in SQL."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_on_sqlite(element: days_between, compiler: Any, **kw: Any) -> str:
    later, earlier = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_on_postgresql(element: days_between, compiler: Any, **kw: Any) -> str:
    later, earlier = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({later} - {earlier})"


@dataclass(frozen=True)
class Topic:
    """What an item is about: a code of the frame, or the category alone where none was given."""

    category: str
    code: str | None


def topic_of(code: str | None, area: str) -> Topic:
    """The topic of an item: by its code, else by the area that was pressed in the form."""
    found = frame().codes.get(code or "")
    return Topic(found.category, found.id) if found else Topic(category_of_area(area), None)


def category_of_area(area: str) -> str:
    """The category that an area of the form leads to; the one of the same name, if there is one."""
    categories = frame().categories
    if area in categories:
        return area
    return next((c.id for c in categories.values() if area in c.areas), area)


@dataclass(frozen=True)
class Statistics:
    """All counts about a selection, as of a day.

    ``sensitive``: sensitive items and confidential reports by month, whatever the filters are.
    """

    selection: Selection
    as_of: dt.date
    total: Group
    by_day: dict[dt.date, Group]
    by_type: dict[str, Group]
    by_centre: dict[str, Group]
    by_language: dict[str, Group]
    by_channel: dict[str, Group]
    by_status: dict[str, Group]
    by_response: dict[str, Group]  # bands; only what was answered
    by_topic: dict[Topic, Group]
    open_by_topic: dict[Topic, Group]
    rumours_by_topic: dict[Topic, Group]
    done: Group
    open: Group
    overdue: Group
    confirmed: Group  # coded by an officer
    sensitive: dict[dt.date, Group]


async def statistics(
    connection: AsyncConnection, selection: Selection, as_of: dt.date
) -> Statistics:
    """Count a selection. Raises one of DATABASE_ERRORS."""
    row = FeedbackRow
    is_open = row.status.not_in(DONE)
    late = row.waiting_since < as_of - dt.timedelta(days=GENERAL_DAYS)

    async def read(*columns: ColumnElement[Any]) -> list[tuple[tuple[Any, ...], Group]]:
        found = await connection.execute(_counted(selection.condition(), columns))
        return [(tuple(values), Group(n, keys)) for *values, n, keys in found]

    # four questions of few groups each: one of all columns would have as many groups as items
    days = await read(row.given_on)
    people = await read(row.type, row.centre, row.language, row.channel)
    work = await read(
        row.status,
        days_between(row.answered_on, row.given_on),
        case((and_(is_open, late), 1), else_=0),
        case((row.coded_by.is_not(None), 1), else_=0),
    )
    topics = await read(row.code, row.category, row.type, row.status)

    def topic(values: tuple[Any, ...]) -> Topic:
        return topic_of(values[0], values[1])

    def one(cells: Iterable[tuple[tuple[Any, ...], Group]], wanted: Callable) -> Group:
        return _fold(cells, lambda values: True, wanted).get(True, Group())

    return Statistics(
        selection=selection,
        as_of=as_of,
        total=one(days, lambda v: True),
        by_day=_fold(days, lambda v: v[0]),
        by_type=_fold(people, lambda v: v[0]),
        by_centre=_fold(people, lambda v: v[1] or NOT_GIVEN),
        by_language=_fold(people, lambda v: v[2]),
        by_channel=_fold(people, lambda v: v[3]),
        by_status=_fold(work, lambda v: v[0]),
        by_response=_fold(work, lambda v: _band(v[1]), lambda v: v[1] is not None),
        by_topic=_fold(topics, topic),
        open_by_topic=_fold(topics, topic, lambda v: v[3] not in DONE),
        rumours_by_topic=_fold(topics, topic, lambda v: v[2] == RUMOUR),
        done=one(work, lambda v: v[0] in DONE),
        open=one(work, lambda v: v[0] not in DONE),
        overdue=one(work, lambda v: v[2]),
        confirmed=one(work, lambda v: v[3]),
        sensitive=await sensitive_by_month(connection, selection),
    )


async def volume(connection: AsyncConnection, selection: Selection) -> Group:
    """How many items there are, and the sum of their keys."""
    found = (await connection.execute(_counted(selection.condition(), ()))).one()
    return Group(found[0], found[1] or 0)


async def sensitive_by_month(
    connection: AsyncConnection, selection: Selection
) -> dict[dt.date, Group]:
    """Sensitive items and confidential reports together, by month, of all centres and languages."""
    within = and_(
        FeedbackRow.sensitive.is_(True),
        FeedbackRow.given_on >= selection.first,
        FeedbackRow.given_on < selection.end,
    )
    items = await connection.execute(_counted(within, (FeedbackRow.given_on,)))
    cells = [((day,), Group(n, keys)) for day, n, keys in items]
    reports = await connection.execute(
        select(ReportRow.given_on, ReportRow.id).where(
            ReportRow.given_on >= selection.first, ReportRow.given_on < selection.end
        )
    )
    # a report's random id is as good as a cell key
    cells += [((day,), Group(1, int(id_, 16) % CELL_KEYS)) for day, id_ in reports]
    return _fold(cells, lambda v: month_of(v[0]))


def _counted(
    condition: ColumnElement[bool], columns: tuple[ColumnElement[Any], ...]
) -> Select[Any]:
    """Groups by some columns, each with its count and the sum of its cell keys."""
    # grouped by name: to PostgreSQL an expression with parameters differs from itself
    named = [column.label(f"group_{n}") for n, column in enumerate(columns)]
    counts = (func.count(), func.sum(FeedbackRow.cell_key))
    return select(*named, *counts).where(condition).group_by(*(c.name for c in named))


def _band(days: int) -> str:
    """The band of a response time."""
    return next((name for most, name in BANDS if days <= most), LONGER)


def _fold(
    cells: Iterable[tuple[tuple[Any, ...], Group]],
    key: Callable[[tuple[Any, ...]], Hashable],
    wanted: Callable[[tuple[Any, ...]], Any] = lambda values: True,
) -> Groups:
    """Cells added up by a key."""
    found: Groups = {}
    for values, group in cells:
        if wanted(values):
            name = key(values)
            found[name] = found.get(name, Group()).with_(group)
    return found
