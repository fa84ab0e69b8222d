"""Writes coded feedback, and what editors labelled, to files.

Of feedback no free text leaves this way, and small cells don't either.
Rows are counts by week, centre, language, type and category; cells under five are left out (and
counted as suppressed), after the HDX guidance on disclosure control. HXL tags follow the HXL
standard 1.1 (https://hxlstandard.org/standard/1-1final/).
"""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

from openpyxl import Workbook

from content.spreadsheet import safe_cell
from content.training import Sentence, TrainingError, file_name, training_files
from store.database import Database
from store.feedback import every_feedback
from store.keys import Keys
from store.staff import note
from store.unclear import labelled_sentences

FORMATS = ("csv", "xlsx", "hxl")
#: Cells with fewer items than this are not shown apart (k-anonymity).
SMALLEST_CELL = 5
_COLUMNS = ("week", "centre", "language", "type", "category", "count")
_TAGS = (
    "#date+week_start",
    "#loc+centre",
    "#lang",
    "#meta+type",
    "#subsector+category",
    "#indicator+num",
)


def _week(day: dt.date) -> str:
    return (day - dt.timedelta(days=day.weekday())).isoformat()


async def export_feedback(database: Database, form: str, out: Path, purpose: str) -> int:
    """Write the counts; returns how many rows. Raises OSError, or one of DATABASE_ERRORS.

    Suppression has two steps, so that a small cell can't be had from two files: cells under five
    are merged over category, then over type, then left out.
    """
    cells: Counter[tuple[str, str, str, str, str]] = Counter()
    async with database.transaction() as session:
        async for item in every_feedback(session):
            centre = item.centre or "not given"
            cells[_week(item.given_on), centre, item.language, item.type, item.category] += 1
        await note(session, "command line", "export feedback", f"{form}; purpose: {purpose}"[:128])
    rows = suppress(cells)
    if form == "xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("feedback")
        sheet.append(_COLUMNS)
        for row in rows:
            sheet.append([safe_cell(value) for value in row])
        book.save(out)
    else:
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            if form == "hxl":
                writer.writerow(_TAGS)
            writer.writerows([safe_cell(value) for value in row] for row in rows)
    return len(rows)


def suppress(cells: Counter) -> list[tuple[str, str, str, str, str, int]]:
    """Cells as rows; those under five are merged over category, then type, or left out.

    A group of which anything is merged is merged as a whole: its large cells and its total would
    otherwise give the small ones by subtraction.
    """
    rows: list[tuple[str, str, str, str, str, int]] = []
    for depth in (5, 4, 3):
        groups: dict[tuple[str, ...], Counter] = {}
        for key, n in cells.items():
            groups.setdefault(key[: depth - 1], Counter())[key] += n
        cells = Counter()
        for group in groups.values():
            if min(group.values()) >= SMALLEST_CELL:
                rows += [(*key, n) for key, n in group.items()]
            elif depth > 3:
                for key, n in group.items():
                    cells[(*key[: depth - 1], *["all"] * (6 - depth))] += n
            else:
                rows += [(*key, n) for key, n in group.items() if n >= SMALLEST_CELL]
    return sorted(rows)


async def export_unclear(database: Database, keys: Keys, out: Path) -> tuple[int, list[Path]]:
    """Add what editors labelled to training files in a folder; returns how many, and which files.

    What the files hold stays: rows are deleted after some weeks, and an export may come often.
    Raises TrainingError if a file can't be read or written, or one of DATABASE_ERRORS.
    """
    async with database.transaction() as session:
        found = await labelled_sentences(session, keys)
        await note(session, "command line", "export unclear", f"{len(found)} messages")
    sentences = [Sentence(s.language, s.script, s.intent, s.text) for s in found]
    names = {file_name(sentence.language, sentence.script) for sentence in sentences}
    paths = []
    try:
        standing = {
            name: (out / name).read_text(encoding="utf-8")
            for name in names
            if (out / name).exists()
        }
        for name, text in training_files(sentences, standing).items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".part")  # a full disk must not take what stands there
            half.write_text(text, encoding="utf-8")
            half.replace(path)
            paths.append(path)
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{out} can't be used: {error}") from error
    return len(sentences), paths
