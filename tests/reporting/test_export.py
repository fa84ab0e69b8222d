"""Exports: what is in the files, what never is, and that other programs can read them."""

import csv
import datetime as dt
import io

import hxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from content.spreadsheet import safe_cell
from reporting.disclosure import Group, shown
from reporting.export import COLUMNS, FORMATS, NO_CODE, export_feedback
from reporting.selection import NOT_GIVEN, Selection
from store.tables import AuditRow
from tests.reporting.support import fill, item

MONDAY = dt.date(2025, 3, 10)


async def export(database, form: str, **options) -> bytes:
    out = io.BytesIO()
    options = {"base": 5, "staff": "omar", "purpose": "a test"} | options
    await export_feedback(database, form, out, **options)
    return out.getvalue()


async def rows(database, **options) -> list[dict[str, str]]:
    return list(csv.DictReader((await export(database, "csv", **options)).decode().splitlines()))


async def test_cells_are_counted_by_week_and_small_ones_are_merged_from_the_last_column_on(
    each_database,
):
    await fill(
        each_database,
        # 7 of one kind on different days of a week, keys that round down
        *(item(given_on=MONDAY + dt.timedelta(days=n), code="food_quality", cell_key=120_000)
          for n in range(7)),
        # 5 in another week, of one centre and language, otherwise all different
        *(item(given_on=MONDAY + dt.timedelta(days=7), centre=None, language="fa",
               code=code, status=status, cell_key=0)
          for code, status in zip(("food_quality", "food_times", None, "food_diet", "food_amount"),
                                  ("new", "closed", "new", "new", "answered"), strict=True)),
        # and 4 alone
        *(item(given_on=MONDAY + dt.timedelta(days=14), cell_key=1) for _ in range(4)),
        *(item(given_on=MONDAY, sensitive=True, code="staff_sea") for _ in range(9)),
    )  # fmt: skip
    found = await rows(each_database)
    assert [list(row.values()) for row in found] == [
        ["2025-03-10", "lipa", "ar", "web", "complaint", "food", "food_quality", "new",
         str(shown(Group(7, 840_000), 5))],
        ["2025-03-17", NOT_GIVEN, "fa", "web", "complaint", "food", "all", "all", "5"],
    ]  # fmt: skip
    assert found[0]["count"] == "5"
    again = await rows(each_database, selection=Selection(MONDAY.replace(day=1), MONDAY))
    assert again == found, "the same items give the same numbers by another way"
    assert await rows(each_database, selection=Selection(MONDAY, MONDAY, language="ps")) == []


async def test_with_fewer_columns_fewer_cells_are_too_small(each_database):
    codes = ("food_quality", "food_times", None, "food_diet", "food_amount")
    await fill(
        each_database,
        *(item(given_on=MONDAY + dt.timedelta(days=7 * (n % 3)), code=codes[n % 5], cell_key=0,
               language=("ar", "fa", "ps")[n % 3], type=("complaint", "praise")[n % 2])
          for n in range(20)),
    )  # fmt: skip
    by_week = await rows(each_database)
    assert {row["type"] for row in by_week} == {"all"}
    found = await rows(each_database, by="month", apart=["type"])
    assert [list(row.values()) for row in found] == [
        ["2025-03-01", "all", "all", "all", "complaint", "all", "all", "all", "10"],
        ["2025-03-01", "all", "all", "all", "praise", "all", "all", "all", "10"],
    ]
    assert list(found[0])[0] == "month"


async def test_no_format_holds_a_text_an_id_or_what_is_sensitive(database):
    stored = [item(sensitive=n % 2 == 0, code="staff_sea" if n % 2 == 0 else None)
              for n in range(20)]  # fmt: skip
    await fill(database, *stored)
    for form in FORMATS:
        held = await export(database, form)
        if form == "xlsx":
            book = load_workbook(io.BytesIO(held))
            held = str([list(sheet.values) for sheet in book]).encode()
        text = held.decode()
        assert "complaint" in text and "secret" not in text and "staff_sea" not in text
        assert NO_CODE in text and not any(row.id in text for row in stored)


async def test_xlsx_has_the_same_rows_and_says_what_must_be_known_of_them(database):
    await fill(database, *(item() for _ in range(9)))
    [row] = await rows(database)
    book = load_workbook(io.BytesIO(await export(database, "xlsx", sensitivity="partners")))
    header, values = book["feedback"].values
    assert list(header) == list(COLUMNS) and [str(v) for v in values] == list(row.values())
    assert isinstance(values[-1], int)
    about = " ".join(line for (line,) in book["about"].values)
    assert "multiple of 5" in about and "shared with partners" in about and "a test" in about


async def test_hxl_tags_stand_under_their_columns_as_the_hxl_library_reads_them(database, tmp_path):
    await fill(database, *(item(given_on=MONDAY) for _ in range(10)))
    path = tmp_path / "export.csv"
    path.write_bytes(await export(database, "hxl"))
    with hxl.data(str(path), hxl.InputOptions(allow_local=True)) as source:
        assert {c.header: c.display_tag for c in source.columns} == COLUMNS
        [row] = list(source)
        assert row.get("#date+week_start") == "2025-03-10"
        assert row.get("#indicator+num") == "10" and row.get("#loc+centre") == "lipa"
        assert all(hxl.model.TagPattern.parse(tag).tag for tag in COLUMNS.values())


async def test_each_export_leaves_a_line_of_who_what_why_for_whom_and_with_which_filters(
    each_database,
):
    await export(
        each_database,
        "hxl",
        purpose="a meeting" * 40,
        sensitivity="partners",
        selection=Selection(MONDAY, MONDAY, centre="lipa", language="fa", type="praise"),
        by="month",
        apart=["type", "centre"],
    )
    async with each_database.transaction() as session:
        line = (await session.execute(select(AuditRow))).scalar_one()
    assert (line.staff, line.action) == ("omar", "export feedback")
    about = "hxl; shared with partners; 2025-03 2025-03 lipa fa praise; by month, centre, type; "
    assert line.thing.startswith(f"{about}purpose: a meeting")


async def test_progress_ends_with_all_items(database):
    await fill(database, *(item() for _ in range(3)))
    told = []
    await export(database, "csv", progress=lambda done, of: told.append((done, of)))
    assert told[0] == (0, 3) and told[-1] == (3, 3)


dangerous = st.one_of(
    st.text(),
    st.builds(str.__add__, st.sampled_from(list("=+-@\t\r\n\x00\x07")), st.text()),
)


@given(dangerous)
def test_no_text_is_run_as_a_formula(text):
    safe = safe_cell(text)
    assert safe[:1] not in tuple("=+-@\t\r\n")
    kept = "".join(c for c in text if c in "\t\n\r" or ord(c) >= 32)
    assert safe in (kept, f"'{kept}"), "nothing is added but the apostrophe"
    sheet = Workbook().active
    sheet.append([safe])
    assert sheet["A1"].data_type != "f"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\x00=1", "\x07@x"])
def test_what_spreadsheets_run_gets_an_apostrophe_before_it(text):
    assert safe_cell(text).startswith("'")
    assert safe_cell(5) == 5 and safe_cell("lipa") == "lipa"
