"""The monthly report as HTML and as PDF, whose text is read as a viewer reads it."""

import datetime as dt
import re

import pypdfium2
import pytest

from reporting.monthly import as_html, as_pdf, monthly_report
from reporting.selection import SelectionError
from store.tables import ReportRow
from tests.reporting.support import fill, item

MARCH, TODAY = dt.date(2025, 3, 1), dt.date(2025, 4, 20)
OPERATOR = "Organizacija Čuvaj đačić žšć <b>"


async def report(database, month: dt.date = MARCH, operator: str = OPERATOR):
    return await monthly_report(
        database,
        month,
        today=TODAY,
        operator=operator,
        centres={"lipa": "Lipa", "usivak": "Ušivak"},
        base=5,
    )


def text_of(held: bytes) -> str:
    document = pypdfium2.PdfDocument(held)
    try:
        pages = [document[n].get_textpage().get_text_bounded() for n in range(len(document))]
    finally:
        document.close()
    return re.sub(r"\s+", " ", " ".join(pages))


async def test_both_forms_tell_volume_tables_topics_rumours_and_sensitive_matters(each_database):
    await fill(
        each_database,
        *(item(code="food_quality", centre="usivak") for _ in range(20)),
        *(item(type="rumour", code="asylum_waiting", status="answered",
               answered_on=dt.date(2025, 3, 14)) for _ in range(10)),
        *(item(given_on=dt.date(2025, 2, 3)) for _ in range(15)),
        *(item(sensitive=True) for _ in range(4)),
    )  # fmt: skip
    async with each_database.transaction() as session:
        session.add(ReportRow(given_on=MARCH, kind="gbv", language="fa", body=b""))
    made = await report(each_database)
    html = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", as_html(made)).replace("&lt;b&gt;", "<b>"))
    for told in (html, text_of(as_pdf(made))):
        for part in (
            "Feedback in March 2025",
            OPERATOR,
            "1 to 31 March 2025",
            "30 items; 15 in the month before, so about 15 more.",
            "no number under 5 is shown",
            "Answered or closed",
            "Ušivak",
            "Week of 10 March 2025 30",
            "1–2 days 10 100 %",
            "Unanswered topics",
            "Things heard",
            "Praise fewer than 5",
            "of all centres and languages: 5 in the period",
        ):
            assert part in told, part
        assert "secret words" not in told


async def test_a_month_of_few_items_says_so_and_shows_no_table(database):
    await fill(database, *(item() for _ in range(4)))
    made = await report(database)
    for told in (as_html(made), text_of(as_pdf(made))):
        assert "fewer than 5 items in this month" in told
        assert "fewer than 5 items; fewer than 5 in the month before." in told
        assert "By centre" not in told and "Lipa" not in told


async def test_the_page_needs_no_other_file_and_no_script(database):
    await fill(database, *(item() for _ in range(10)))
    page = as_html(await report(database))
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    assert page.count("<h1>") == 1 and 'lang="en"' in page


async def test_a_pdf_has_title_language_page_numbers_and_its_own_font(database):
    await fill(database, *(item(code="food_quality") for _ in range(10)))
    held = as_pdf(await report(database))
    document = pypdfium2.PdfDocument(held)
    assert document.get_metadata_value("Title") == "Feedback in March 2025"
    assert f"page 1 of {len(document)}" in text_of(held)
    document.close()
    assert b"/Lang (en)" in held and b"DejaVuSans" in held and b"/FontFile2" in held


async def test_there_is_no_report_of_a_month_that_has_not_begun(database):
    with pytest.raises(SelectionError):
        await report(database, dt.date(2025, 5, 1))
