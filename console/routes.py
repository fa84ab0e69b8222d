"""The console's addresses. Every page needs a session and a role; every look into a thing is noted
in the audit log."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from actions.feedback import AREAS as FEEDBACK_AREAS
from actions.feedback import STATUSES
from booklet.shelf import Booklets
from console.access import Session, Sessions, SignInNeeded
from console.account import account_pages
from console.audit import audit_pages
from console.broadcasts import broadcast_pages
from console.case_tools import Tools
from console.cases import case_pages
from console.changes import changes_pages
from console.content_editor import editor_pages
from console.content_history import history_pages
from console.content_list import list_pages
from console.content_review import review_pages
from console.content_texts import Texts
from console.dashboard import dashboard_pages
from console.directory import directory_pages
from console.feedback import GENERAL, SENSITIVE, inbox_pages, reader
from console.feedback_item import item_pages
from console.gate import Gate
from console.live import Live
from console.notices import notice_pages
from console.phone import phone_pages
from console.posters import poster_pages
from console.recordings import recording_pages
from console.rumours import rumour_pages
from console.sign_in import sign_in_pages
from console.staff import staff_pages
from console.supervision import supervision_pages
from console.supervision_people import people_pages
from console.surveys import survey_pages
from console.unclear import unclear_pages
from content.answers import Answers, Library
from content.languages import LANGUAGES
from reporting.charts import svg
from reporting.disclosure import in_words
from reporting.overview import TEMPLATES, language_name, type_name
from store.database import Database
from store.inbox import owed
from store.keys import Keys
from store.reports import newest_reports, open_report
from store.staff import note

#: Loads again what people read if something was published; whether it was.
Refresh = Callable[[], Awaitable[bool]]
#: Answers and directory data.
Files = tuple[Answers, dict[str, Any]]
HERE = Path(__file__).parent
STATIC = HERE / "static"


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
    live: Live,
    refresh: Refresh,
    booklets: Booklets,
    files: Files,
    *,
    operator: str,
    smallest_group: int,
    unclear_days: int = 0,
    only_reviewed: bool = False,
    require_totp: bool = True,
    staff_group: bool = False,
) -> APIRouter:
    """All pages of the console; ``unclear_days`` and ``only_reviewed`` as in
    ``actions.context.Context``; ``live``: tells the open pages what is new; ``refresh``: loads
    again what people read, after something was published; ``booklets``: makes what is printed;
    ``files``: answers and directory data as the files have them, over which published versions lie.

    ``require_totp``: every account must have a second factor. ``operator``: who makes the monthly
    report; ``smallest_group``: counts of feedback and answers below it are never shown;
    ``staff_group``: whether counsellors have a group on Telegram.
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

    def keep(request: Request, response: Response, session: Session) -> None:
        sessions.give(request, response, session.ticket)

    async def still(session: Session) -> bool:
        try:
            now = await gate.look_up(session.ticket)
        except SignInNeeded:
            return False
        return now.may("cases") and now.centre == session.centre and now.role == session.role

    area = gate.area

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

    tools = Tools(database, keys, library, live, area, keep, still, only_reviewed)
    router.include_router(case_pages(tools, page))
    router.include_router(sign_in_pages(database, keys, sessions, gate, page))
    router.include_router(account_pages(database, keys, sessions, gate, page))
    router.include_router(staff_pages(database, page, area, library.directory.centres))
    router.include_router(audit_pages(database, page, area))
    router.include_router(inbox_pages(database, page, area, library.directory.centres))
    router.include_router(item_pages(database, page, area))
    router.include_router(changes_pages(database, keys, library, page, area))
    router.include_router(rumour_pages(database, keys, library, page, area, refresh))
    router.include_router(survey_pages(database, keys, library, page, area, smallest_group))
    router.include_router(notice_pages(database, keys, library, page, area))
    router.include_router(broadcast_pages(database, keys, library, page, area))
    router.include_router(
        dashboard_pages(database, library.directory, page, area, smallest_group, operator)
    )
    router.include_router(supervision_pages(database, page, area))
    router.include_router(people_pages(database, library.directory, page, area))
    router.include_router(phone_pages(database, keys, page, area, staff_group))
    router.include_router(recording_pages(database, library, page, area, refresh))
    router.include_router(poster_pages(database, booklets, page, area))
    router.include_router(directory_pages(database, library, files[1], refresh, page, area))
    router.include_router(unclear_pages(database, keys, page, area, unclear_days))
    texts = Texts(library, keys, files[0])
    router.include_router(list_pages(database, texts, page, area))
    router.include_router(editor_pages(database, texts, page, area))
    router.include_router(review_pages(database, texts, page, area, refresh))
    router.include_router(history_pages(database, texts, page, area, refresh))

    return router
