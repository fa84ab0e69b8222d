"""Writes coded feedback to files: counts by week or month and by all that is not a person's words.

Counts are shown by the rules of ``reporting.disclosure`` alone, small cells merged from the last
column on; no text and no id of an item leaves this way. HXL tags follow the HXL standard 1.1
(https://hxlstandard.org/standard/1-1final/).
"""

import asyncio
import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from typing import Any, BinaryIO, Literal, Protocol, get_args

from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from content.coding import frame
from content.spreadsheet import safe_cell
from reporting.disclosure import ALL, Group, shown, suppress
from reporting.overview import note_on_rounding
from reporting.selection import NOT_GIVEN, Selection, month_of
from reporting.statistics import topic_of
from store.database import Database
from store.staff import note
from store.tables import FeedbackRow

Format = Literal["csv", "xlsx", "hxl"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "hxl": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Who a file may go to. It is noted with each export, in its name and, in XLSX, inside.
SENSITIVITY = {"internal": "internal", "partners": "shared with partners"}
#: In the place of a code where an item has none.
NO_CODE = "no code"
#: The first column of each period by which it can be counted, and its tag.
PERIODS = {"week": "#date+week_start", "month": "#date+month_start"}
#: The other columns, in which items may be told apart, and their tags.
APART = {
    "centre": "#loc+centre",
    "language": "#meta+lang",
    "channel": "#meta+channel",
    "type": "#meta+type",
    "category": "#subsector+category",
    "code": "#meta+code",
    "status": "#status",
}
#: All columns of an export by week.
COLUMNS = {"week": PERIODS["week"], **APART, "count": "#indicator+num"}
MAX_PURPOSE = 200
_BATCH = 2000
#: Told how many items are done, of how many.
Progress = Callable[[int, int], None]
Row = tuple[str | int, ...]


def file_name(form: str, sensitivity: str, selection: Selection) -> str:
    """The name under which a file is downloaded."""
    ending = "hxl.csv" if form == "hxl" else form
    period = f"{selection.first:%Y-%m}_{selection.last:%Y-%m}"
    return f"feedback_{period}_{sensitivity}.{ending}"


async def export_feedback(
    database: Database,
    form: Format,
    out: BinaryIO,
    *,
    base: int,
    staff: str,
    purpose: str,
    sensitivity: str = "internal",
    selection: Selection | None = None,
    by: Literal["week", "month"] = "week",
    apart: Collection[str] = tuple(APART),
    progress: Progress = lambda done, of: None,
) -> int:
    """Write the counts of a selection (None: of everything); returns how many rows.

    ``base``: the smallest group. ``by``, ``apart``: the period, and the columns in which items are
    told apart; the others say ``all``. With fewer columns fewer cells are too small.

    Memory does not grow with the number of items. Who, what and why is in the audit log before
    anything is written. Raises OSError, or one of DATABASE_ERRORS.
    """
    cut = f"by {by}, {', '.join(name for name in APART if name in apart) or 'nothing else'}"
    about = f"{form}; {SENSITIVITY[sensitivity]}; {selection or 'everything'}; {cut}"
    about += f"; purpose: {purpose}"
    async with database.transaction() as session:
        await note(session, staff, "export feedback", about[:512])
    writer: _Writer = _Sheet(out, by) if form == "xlsx" else _Lines(out, by, form == "hxl")
    written = 0
    async with database.reading() as connection:
        async for cells in _periods(connection, selection, by, frozenset(apart), progress):
            rows = [(*key, shown(group, base) or 0) for key, group in suppress(cells, base)]
            writer.add(rows)
            written += len(rows)
    note_ = [note_on_rounding(base), f"For: {SENSITIVITY[sensitivity]}.", f"Purpose: {purpose}"]
    await asyncio.to_thread(writer.close, note_)
    return written


async def _periods(
    connection: AsyncConnection,
    selection: Selection | None,
    by: str,
    apart: frozenset[str],
    progress: Progress,
) -> AsyncIterator[dict[tuple[str, ...], Group]]:
    """The cells of one week or month after another: the columns but the count, and the items."""
    row = FeedbackRow
    wanted = selection.condition() if selection else row.sensitive.is_(False)
    total = (await connection.execute(select(func.count()).where(wanted))).scalar_one()
    columns = (row.given_on, row.centre, row.language, row.channel, row.type, row.category,
               row.code, row.status, row.cell_key)  # fmt: skip
    items = select(*columns).where(wanted).order_by(row.given_on)
    cells: dict[tuple[str, ...], Group] = {}
    current, done = "", 0
    progress(done, total)
    found = await connection.stream(items.execution_options(yield_per=_BATCH))
    async for batch in found.partitions():
        for day, centre, language, channel, kind, area, code, status, key in batch:
            start = _start(day, by)
            if start != current and cells:
                yield cells
                cells = {}
            current = start
            known = code if code in frame().codes else None
            values = (centre or NOT_GIVEN, language, channel, kind,
                      topic_of(known, area).category, known or NO_CODE, status)  # fmt: skip
            told = zip(APART, values, strict=True)
            cell = (start, *(value if name in apart else ALL for name, value in told))
            cells[cell] = cells.get(cell, Group()).with_(Group(1, key))
        done += len(batch)
        progress(done, total)
    if cells:
        yield cells


def _start(day: dt.date, by: str) -> str:
    first = month_of(day) if by == "month" else day - dt.timedelta(days=day.weekday())
    return first.isoformat()


def _columns(by: str) -> dict[str, str]:
    return {by: PERIODS[by], **APART, "count": COLUMNS["count"]}


class _Writer(Protocol):
    def add(self, rows: Iterable[Row]) -> None:
        """Write rows."""

    def close(self, about: list[str]) -> None:
        """Finish the file; the sentences go where the format has a place for them."""


class _Lines:
    """CSV, with the HXL tags under the header if wanted."""

    def __init__(self, out: BinaryIO, by: str, with_tags: bool):
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self._csv: Any = csv.writer(self._text)
        self._csv.writerow(_columns(by))
        if with_tags:
            self._csv.writerow(_columns(by).values())

    def add(self, rows: Iterable[Row]) -> None:
        self._csv.writerows([safe_cell(value) for value in row] for row in rows)

    def close(self, about: list[str]) -> None:
        self._text.detach()  # the file is the caller's


class _Sheet:
    """XLSX: the rows, and a second sheet with what must be known of them."""

    def __init__(self, out: BinaryIO, by: str):
        self._out = out
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("feedback")
        self._sheet.append(list(_columns(by)))

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._sheet.append([safe_cell(value) for value in row])

    def close(self, about: list[str]) -> None:
        sheet = self._book.create_sheet("about")
        for line in about:
            sheet.append([safe_cell(line)])
        self._book.save(self._out)
