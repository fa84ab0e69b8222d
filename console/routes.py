"""The console's addresses. Every page needs a session and a role; every look into a thing is noted
in the audit log."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from actions.feedback import AREAS as FEEDBACK_AREAS
from actions.feedback import STATUSES
from console.access import Session, Sessions, check_form
from console.account import account_pages
from console.audit import audit_pages
from console.changes import changes_pages
from console.dashboard import dashboard_pages
from console.feedback import GENERAL, SENSITIVE, inbox_pages, reader
from console.feedback_item import item_pages
from console.gate import Gate
from console.sign_in import sign_in_pages
from console.staff import staff_pages
from console.surveys import survey_pages
from console.unclear import unclear_pages
from content.answers import Library
from content.languages import LANGUAGES
from reporting.charts import svg
from reporting.disclosure import in_words
from reporting.overview import TEMPLATES, language_name, type_name
from store.case_tables import CaseRow
from store.cases.messages import SAID, add_message, messages_of
from store.cases.moving import CaseMoved, take
from store.cases.moving import close as close_case
from store.cases.opening import queue
from store.database import Database
from store.inbox import owed
from store.keys import Keys
from store.reports import newest_reports, open_report
from store.staff import note
from store.tables import now

HERE = Path(__file__).parent
STATIC = HERE / "static"
MAX_REPLY = 2000


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader([HERE / "templates", TEMPLATES]),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals.update(languages=LANGUAGES, areas=FEEDBACK_AREAS, statuses=STATUSES)
    pages.globals.update(
        svg=svg, in_words=in_words, language_name=language_name, type_name=type_name
    )
    return pages


def routes(
    database: Database,
    keys: Keys,
    library: Library,
    *,
    operator: str,
    smallest_group: int,
    unclear_days: int = 0,
    require_totp: bool = True,
) -> APIRouter:
    """All pages of the console; ``unclear_days`` as in ``actions.context.Context``.

    ``require_totp``: every account must have a second factor. ``operator``: who makes the monthly
    report; ``smallest_group``: counts of feedback and answers below it are never shown.
    """
    router = APIRouter(prefix="/console", include_in_schema=False)
    sessions, pages = Sessions(keys.session), _environment()
    gate = Gate(database, sessions, require_totp=require_totp)

    def page(request: Request, template: str, session: Session | None, **values) -> HTMLResponse:
        html = pages.get_template(template).render(
            session=session, centres=library.directory.centres, path=request.url.path, **values
        )
        response = HTMLResponse(html)
        if session:
            sessions.give(request, response, session.ticket)
        return response

    area = gate.area
    Csrf = Annotated[str, Form(max_length=64)]

    @router.get("/")
    async def home(
        request: Request, session: Annotated[Session, Depends(gate.signed_in)]
    ) -> HTMLResponse:
        counts = {}
        async with database.transaction() as db:
            for where in (GENERAL, SENSITIVE):
                if session.may(where):
                    counts[where] = await owed(db, reader(session, where), session.name)
        return page(request, "home.html", session, owed=counts)

    @router.get("/cases")
    async def cases(request: Request, session: Annotated[Session, area("cases")]) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await queue(db)
        return page(request, "cases.html", session, cases=rows, now=now())

    @router.get("/cases/{case_id}")
    async def case(
        request: Request, case_id: str, session: Annotated[Session, area("cases")]
    ) -> HTMLResponse:
        async with database.transaction() as db:
            row = await _case(db, case_id)
            await note(db, session.name, "read case", case_id)
            about, found = keys.cases.open(row.body), await messages_of(db, keys, row.id)
            talk = [(m.row.from_person, m.text) for m in found if m.row.kind in SAID]
        return page(request, "case.html", session, case=row, about=about, talk=talk)

    @router.post("/cases/{case_id}/reply")
    async def reply_to_case(
        case_id: str,
        session: Annotated[Session, area("cases")],
        csrf: Csrf,
        text: Annotated[str, Form(min_length=1, max_length=MAX_REPLY)],
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            await _case(db, case_id)
            try:
                row = await take(db, keys, case_id, session.name)
            except CaseMoved as error:
                raise HTTPException(409, str(error)) from error
            await add_message(db, keys, row, text, from_person=False, author=session.name)
            await note(db, session.name, "write in case", case_id)
        return RedirectResponse(f"/console/cases/{case_id}", 303)

    @router.post("/cases/{case_id}/close")
    async def close(
        case_id: str, session: Annotated[Session, area("cases")], csrf: Csrf
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            await _case(db, case_id)
            try:
                await close_case(db, keys, case_id, session.name, "other", anyway=True)
            except CaseMoved as error:
                raise HTTPException(409, str(error)) from error
            await note(db, session.name, "close case", case_id)
        return RedirectResponse("/console/cases", 303)

    @router.get("/reports")
    async def reports(
        request: Request, session: Annotated[Session, area("reports")]
    ) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await newest_reports(db, keys, session.centre)
            await note(db, session.name, "list reports", "list")
        return page(request, "reports.html", session, reports=rows)

    @router.get("/reports/{report_id}")
    async def report(
        request: Request, report_id: str, session: Annotated[Session, area("reports")]
    ) -> HTMLResponse:
        async with database.transaction() as db:
            found = await open_report(db, keys, report_id, session.centre)
            if found is None:
                raise HTTPException(404, "no such report")
            await note(db, session.name, "read report", report_id)
        return page(request, "report.html", session, report=found[0], content=found[1])

    router.include_router(sign_in_pages(database, keys, sessions, gate, page))
    router.include_router(account_pages(database, keys, sessions, gate, page))
    router.include_router(staff_pages(database, page, area, library.directory.centres))
    router.include_router(audit_pages(database, page, area))
    router.include_router(inbox_pages(database, page, area, library.directory.centres))
    router.include_router(item_pages(database, page, area))
    router.include_router(changes_pages(database, keys, library, page, area))
    router.include_router(survey_pages(database, keys, library, page, area, smallest_group))
    router.include_router(
        dashboard_pages(database, library.directory, page, area, smallest_group, operator)
    )
    router.include_router(unclear_pages(database, keys, page, area, unclear_days))

    async def _case(db, case_id: str) -> CaseRow:
        row = await db.get(CaseRow, case_id)
        if row is None:
            raise HTTPException(404, "no such case")
        return row

    return router
