"""The monthly report: one month of feedback for meetings and partners, as HTML and as PDF."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, select_autoescape

from reporting.charts import svg
from reporting.disclosure import in_words, shown
from reporting.overview import STYLE, TEMPLATES, Overview, note_on_rounding, overview
from reporting.selection import Selection, SelectionError, month_of, months_before
from reporting.statistics import statistics, volume
from store.database import Database


@dataclass(frozen=True)
class MonthlyReport:
    """What a report shows; ``compared``: a sentence on the month before."""

    month: dt.date
    operator: str
    overview: Overview
    compared: str

    @property
    def title(self) -> str:
        """Its title."""
        return f"Feedback in {self.month:%B %Y}"

    @property
    def period(self) -> str:
        """The days it is about, and of when its numbers are."""
        last = self.overview.selection.end - dt.timedelta(days=1)
        return (
            f"1 to {last.day} {self.month:%B %Y}, all centres, languages and types. "
            f"State of {self.overview.as_of.day} {self.overview.as_of:%B %Y}."
        )

    @property
    def note(self) -> str:
        """What readers must know of the numbers."""
        return note_on_rounding(self.overview.base)

    @property
    def too_few(self) -> str:
        """What is said where nothing can be shown."""
        return (
            f"There were fewer than {self.overview.base} items in this month, "
            "so nothing more can be shown."
        )


async def monthly_report(
    database: Database,
    month: dt.date,
    *,
    today: dt.date,
    operator: str,
    centres: Mapping[str, str],
    base: int,
) -> MonthlyReport:
    """The report of the month that begins on a day; ``centres``: names by id.

    Raises SelectionError for a month that has not begun, or one of DATABASE_ERRORS.
    """
    if month > month_of(today):
        raise SelectionError("this month has not begun")
    before = months_before(month, 1)
    async with database.reading() as connection:
        found = await statistics(connection, Selection(month, month), today)
        earlier = shown(await volume(connection, Selection(before, before)), base)
    shown_now = overview(found, centres, base)
    return MonthlyReport(month, operator, shown_now, _compare(shown_now.total, earlier, base))


def _compare(now: int | None, before: int | None, base: int) -> str:
    """The volume beside that of the month before; made of shown numbers alone."""
    told = f"{in_words(now, base)} items; {in_words(before, base)} in the month before"
    if now is None or before is None:
        return f"{told}."
    if now == before:
        return f"{told}, so about as many."
    return f"{told}, so about {abs(now - before):,} {'more' if now > before else 'fewer'}."


def as_html(report: MonthlyReport) -> str:
    """The report as a page that needs no other file."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals.update(svg=svg, in_words=in_words)
    return pages.get_template("monthly_page.html").render(
        report=report, style=STYLE.read_text(encoding="utf-8")
    )


def as_pdf(report: MonthlyReport) -> bytes:
    """The report as a PDF file; takes about a second of one processor."""
    # read when it is needed: the library would make each start of the service a sixth longer
    from reporting.pdf import draw

    return draw(report)
