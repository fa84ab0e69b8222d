"""Feedback in numbers for AAP officers and supervisors: dashboard, exports, monthly report."""

import asyncio
import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, StreamingResponse

from console.access import Session, check_form
from content.coding import TYPES, frame
from content.directory import Directory
from reporting.export import (
    APART,
    MAX_PURPOSE,
    MEDIA_TYPES,
    SENSITIVITY,
    Format,
    export_feedback,
    file_name,
)
from reporting.monthly import MonthlyReport, as_pdf, monthly_report
from reporting.overview import STYLE, note_on_rounding, overview
from reporting.satisfaction import satisfaction
from reporting.selection import (
    NOT_GIVEN,
    Selection,
    SelectionError,
    month_of,
    months_before,
    read_month,
    select_feedback,
)
from reporting.statistics import statistics
from store.database import Database
from store.staff import note
from store.tables import today

AREA = "dashboard"
#: Periods that one press chooses, in months.
PERIODS = (3, 6, 12)
_PART = 64 * 1024  # bytes of a download at a time


def dashboard_pages(
    database: Database,
    directory: Directory,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    base: int,
    operator: str,
) -> APIRouter:
    """The pages. ``page`` and ``area`` are the console's own; ``base``: the smallest group.

    ``operator``: who makes the monthly report.
    """
    router = APIRouter()
    Reader = Annotated[Session, area(AREA)]
    frame()  # read now, so that the first look doesn't wait for it

    def centres() -> dict[str, str]:
        # asked each time: an editor may have published another name
        return {centre.id: centre.name for centre in directory.centres.values()}

    def chosen(
        first: Annotated[str, Query(alias="from", max_length=7)] = "",
        last: Annotated[str, Query(alias="to", max_length=7)] = "",
        centre: Annotated[str, Query(max_length=32)] = "",
        language: Annotated[str, Query(max_length=2)] = "",
        type: Annotated[str, Query(max_length=16)] = "",
    ) -> Selection:
        filters = {"centre": centre, "language": language, "type": type}
        return _selection(centres(), first=first, last=last, **filters)

    @router.get("/report.css")
    async def style() -> FileResponse:
        return FileResponse(STYLE, media_type="text/css")

    @router.get("/dashboard")
    async def dashboard(
        request: Request, session: Reader, selection: Annotated[Selection, Depends(chosen)]
    ) -> HTMLResponse:
        async with database.reading() as connection:
            found = await statistics(connection, selection, today())
        async with database.transaction() as db:
            satisfied = await satisfaction(db, selection, base)
            await note(db, session.name, "read dashboard", str(selection))
        return page(
            request,
            "dashboard.html",
            session,
            overview=overview(found, centres(), base),
            satisfied=satisfied,
            note=note_on_rounding(base),
            centre_names={**centres(), NOT_GIVEN: "No centre given"},
            kinds=TYPES,
            sensitivity=SENSITIVITY,
            columns=APART,
            max_purpose=MAX_PURPOSE,
            periods=_periods(today()),
        )

    @router.post("/dashboard/export")
    async def export(
        session: Reader,
        csrf: Annotated[str, Form(max_length=64)],
        form: Annotated[Format, Form()],
        sensitivity: Annotated[str, Form(max_length=16)],
        purpose: Annotated[str, Form(max_length=MAX_PURPOSE)],
        first: Annotated[str, Form(alias="from", max_length=7)],
        last: Annotated[str, Form(alias="to", max_length=7)],
        by: Annotated[Literal["week", "month"], Form()] = "week",
        apart: Annotated[tuple[str, ...], Form()] = (),
        centre: Annotated[str, Form(max_length=32)] = "",
        language: Annotated[str, Form(max_length=2)] = "",
        type: Annotated[str, Form(max_length=16)] = "",
    ) -> StreamingResponse:
        check_form(session, csrf)
        if sensitivity not in SENSITIVITY:
            raise HTTPException(400, "unknown sensitivity")
        if not set(apart) <= set(APART):
            raise HTTPException(400, "unknown column")
        if not purpose.strip():
            raise HTTPException(400, "say what the export is for")
        filters = {"centre": centre, "language": language, "type": type}
        selection = _selection(centres(), first=first, last=last, **filters)
        with contextlib.ExitStack() as opened:
            # has no name: it is gone with the answer, whatever happens
            file = opened.enter_context(tempfile.TemporaryFile())
            await export_feedback(
                database,
                form,
                file,
                base=base,
                staff=session.name,
                purpose=purpose.strip(),
                sensitivity=sensitivity,
                selection=selection,
                by=by,
                apart=apart,
            )
            opened.pop_all()  # the answer closes it
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        named = f'attachment; filename="{file_name(form, sensitivity, selection)}"'
        headers = {"Content-Disposition": named, "Content-Length": str(size)}
        return StreamingResponse(_parts(file), headers=headers, media_type=MEDIA_TYPES[form])

    async def made(month: str, session: Session, form: str) -> MonthlyReport:
        try:
            report = await monthly_report(
                database,
                read_month(month),
                today=today(),
                operator=operator,
                centres=centres(),
                base=base,
            )
        except SelectionError as error:
            raise HTTPException(404, str(error)) from error
        async with database.transaction() as db:
            await note(db, session.name, "monthly report", f"{month} {form}")
        return report

    @router.get("/report/{month}.pdf")
    async def report_pdf(month: str, session: Reader) -> Response:
        report = await made(month, session, "pdf")
        held = await asyncio.to_thread(as_pdf, report)
        named = f'inline; filename="feedback_{month}.pdf"'
        return Response(held, media_type="application/pdf", headers={"Content-Disposition": named})

    @router.get("/report/{month}")
    async def report_page(request: Request, month: str, session: Reader) -> HTMLResponse:
        report = await made(month, session, "html")
        after = months_before(report.month, -1)
        return page(
            request,
            "monthly.html",
            session,
            report=report,
            before=f"{months_before(report.month, 1):%Y-%m}",
            after=f"{after:%Y-%m}" if after <= today() else None,
        )

    return router


def _parts(file: BinaryIO) -> Iterator[bytes]:
    """A file in pieces; it is closed after the last."""
    with file:
        while part := file.read(_PART):
            yield part


def _selection(centres: dict[str, str], **filters: str) -> Selection:
    """What a form chose; HTTPException 400 if it can't be."""
    try:
        return select_feedback(today(), centres, **filters)
    except SelectionError as error:
        raise HTTPException(400, str(error)) from error


def _periods(day: dt.date) -> list[tuple[int, str, str]]:
    """Number of months, first and last month of each period that ends now."""
    last = month_of(day)
    return [(n, f"{months_before(last, n - 1):%Y-%m}", f"{last:%Y-%m}") for n in PERIODS]
