"""The monthly report as PDF: A4, with an embedded font that has all letters of the region.

The font is a part of DejaVu Sans (Latin, Greek and Cyrillic letters); its licence lies beside it.
"""

from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from reporting.monthly import MonthlyReport
from reporting.overview import Line, Table

FONTS = Path(__file__).parent / "fonts"
_FONT = "DejaVu"
#: Millimetres: margins, height of a row, and the widths of its columns (label, bar, number, share).
_MARGIN, _ROW = 18.0, 5.6
_LABEL, _BAR, _NUMBER, _SHARE = 78.0, 50.0, 30.0, 16.0
_INK, _FAINT, _FILL, _TRACK = (20, 33, 43), (91, 107, 102), (11, 107, 83), (227, 233, 230)


class _Document(FPDF):
    def __init__(self, report: MonthlyReport):
        super().__init__(format="A4")
        self._foot = f"{report.operator} · {report.title}"
        self.add_font(_FONT, "", FONTS / "DejaVuSans.ttf")
        self.add_font(_FONT, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_lang("en")
        self.set_title(report.title)
        self.set_author(report.operator)
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(True, _MARGIN + 4)
        self.add_page()

    def footer(self) -> None:
        """Who and what, and the page's number, on each page."""
        self.set_y(-_MARGIN)
        self.write_line(f"{self._foot} · page {self.page_no()} of {{nb}}", 8, colour=_FAINT)

    def write_line(
        self, text: str, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _INK
    ) -> None:
        """A paragraph over the whole width."""
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def fitted(self, text: str, width: float) -> str:
        """A text cut so that it fits into a width, in the current font."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"


def draw(report: MonthlyReport) -> bytes:
    """The report as a PDF file; ``reporting.monthly.as_pdf`` is the way here."""
    pdf = _Document(report)
    pdf.write_line(report.title, 18, bold=True)
    pdf.ln(2)
    pdf.write_line(report.operator, 11, bold=True)
    pdf.write_line(report.period, 10)
    pdf.ln(2)
    pdf.write_line(report.compared, 10)
    pdf.ln(2)
    pdf.write_line(report.note, 9, colour=_FAINT)
    pdf.ln(3)
    for name, value, meaning in report.overview.facts:
        _fact(pdf, name, value, meaning)
    for table in report.overview.tables:
        _table(pdf, table, report)
    if not report.overview.tables:
        pdf.ln(4)
        pdf.write_line(report.too_few, 10)
    _table(pdf, report.overview.sensitive, report)
    return bytes(pdf.output())


def _fact(pdf: _Document, name: str, value: str, meaning: str) -> None:
    pdf.set_text_color(*_INK)
    pdf.set_font(_FONT, "", 10)
    pdf.cell(46, _ROW, name)
    pdf.set_font(_FONT, "B", 10)
    pdf.cell(34, _ROW, value)
    pdf.set_font(_FONT, "", 9)
    pdf.set_text_color(*_FAINT)
    pdf.cell(0, _ROW, meaning, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(pdf: _Document, table: Table, report: MonthlyReport) -> None:
    """Title, sentence, and a row for each line with a bar: drawing and table in one."""
    # a title must not stand alone at the foot of a page; a short table stays together
    if pdf.will_page_break(22 + _ROW * min(len(table.lines) + 1, 12)):
        pdf.add_page()
    else:
        pdf.ln(6)
    pdf.write_line(table.title, 13, bold=True)
    pdf.write_line(table.summary, 10)
    pdf.ln(1.5)
    if not table.lines:
        return
    _head(pdf, table)
    for line in table.lines:
        if pdf.will_page_break(_ROW):
            pdf.add_page()
            _head(pdf, table)
        _row(pdf, table, line, report.overview.words(line.number))


def _head(pdf: _Document, table: Table) -> None:
    pdf.set_font(_FONT, "B", 9)
    pdf.set_text_color(*_INK)
    pdf.cell(_LABEL + _BAR, _ROW, table.of)
    pdf.cell(_NUMBER, _ROW, "Items", align="R")
    if table.has_shares:
        pdf.cell(_SHARE, _ROW, "Share", align="R")
    pdf.ln(_ROW)


def _row(pdf: _Document, table: Table, line: Line, number: str) -> None:
    pdf.set_font(_FONT, "", 9)
    pdf.set_text_color(*_INK)
    left, top = pdf.get_x() + _LABEL, pdf.get_y() + 1.4
    pdf.cell(_LABEL + _BAR, _ROW, pdf.fitted(line.label, _LABEL - 3))
    pdf.set_fill_color(*_TRACK)
    pdf.rect(left, top, _BAR, _ROW - 2.8, style="F")
    if line.number:
        pdf.set_fill_color(*_FILL)
        width = max(0.5, _BAR * line.number / table.largest)
        pdf.rect(left, top, width, _ROW - 2.8, style="F")
    pdf.cell(_NUMBER, _ROW, number, align="R")
    if table.has_shares:
        pdf.cell(_SHARE, _ROW, "–" if line.share is None else f"{line.share} %", align="R")
    pdf.ln(_ROW)
