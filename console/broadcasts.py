"""The pages on which a notice is sent to who subscribed: to how many, how far it is, pause, cancel.

Supervisors, AAP officers and editors only: a message on hundreds of phones can't be taken back.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.access import Session, check_form
from console.notice_form import may_write
from console.notices import SENDING, centre_of, found_notice, previews
from content.answers import Library
from store.database import Database
from store.keys import Keys
from store.local_time import local
from store.notice_tables import BroadcastRow, NoticeRow
from store.notices import broadcasts
from store.notices.broadcasts import Progress
from store.notices.states import NotPossible
from store.notices.subscriptions import count_subscribers
from store.staff import note
from store.tables import now

#: Seconds between two looks of the page at how far a broadcast is.
EVERY = 3
#: States in words.
STATES = {
    "running": "being sent",
    "paused": "paused",
    "done": "done",
    "cancelled": "cancelled",
    "too_late": "ended, since the notice was over",
}


def broadcast_pages(
    database: Database,
    keys: Keys,
    library: Library,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list, and a page for sending each notice. ``page`` and ``area``: the console's own."""
    router = APIRouter()
    Sender = Annotated[Session, area("broadcasts")]
    words = {"states": STATES, "local": local, "every": EVERY}

    async def progress_of(notice_id: str, session: Session) -> tuple[NoticeRow, list[Progress]]:
        async with database.looking() as db:
            row = await db.get(NoticeRow, notice_id)
            if row is None or not may_write(session, row):
                raise HTTPException(404, "no such notice")
            return row, await broadcasts.progress(db, notice_id)

    @router.get("/broadcasts")
    async def all_of_them(request: Request, session: Sender) -> HTMLResponse:
        async with database.looking() as db:
            found = await broadcasts.progress(db)
            notices = {one.row.notice_id: None for one in found}
            for notice_id in notices:
                notices[notice_id] = await db.get(NoticeRow, notice_id)
        mine = [
            one
            for one in found
            if (notice := notices[one.row.notice_id]) and may_write(session, notice)
        ]
        return page(request, "broadcasts.html", session, found=mine, notices=notices, **words)

    @router.get("/broadcasts/of/{notice_id}")
    async def sending(request: Request, notice_id: str, session: Sender) -> HTMLResponse:
        row, found = await progress_of(notice_id, session)
        async with database.transaction() as db:
            people = await count_subscribers(db, row.centre)
            await note(db, session.name, "look at sending", notice_id)
        may_start = (
            row.state == "published" and row.over > now() and not any(one.open for one in found)
        )
        return page(
            request,
            "broadcast.html",
            session,
            row=row,
            centre=centre_of(library, row),
            people=people,
            may_start=may_start,
            found=found,
            csrf=session.csrf,
            preview=previews(library, keys, row) if may_start else {},
            **words,
        )

    @router.get("/broadcasts/of/{notice_id}/now")
    async def how_far(request: Request, notice_id: str, session: Sender) -> HTMLResponse:
        _row, found = await progress_of(notice_id, session)
        # without the session: a page that refreshes itself must not keep an idle session alive
        return page(request, "broadcast_now.html", None, found=found, csrf=session.csrf, **words)

    @router.post("/broadcasts/of/{notice_id}/start")
    async def start(
        notice_id: str, session: Sender, csrf: Annotated[str, Form(max_length=64)]
    ) -> Response:
        check_form(session, csrf)
        try:
            async with database.transaction() as db:
                await found_notice(db, session, notice_id)
                row = await broadcasts.start(db, notice_id, session.name)
                await note(db, session.name, f"send notice to {row.total}", notice_id)
        except NotPossible as error:
            raise HTTPException(409, str(error)) from error
        return RedirectResponse(f"{SENDING}/{notice_id}", 303)

    @router.post("/broadcasts/step/{broadcast_id}")
    async def step(
        broadcast_id: str,
        session: Sender,
        csrf: Annotated[str, Form(max_length=64)],
        do: Annotated[Literal["pause", "resume", "cancel"], Form()],
    ) -> Response:
        check_form(session, csrf)
        async with database.looking() as db:
            known = await db.get(BroadcastRow, broadcast_id)
            notice = await db.get(NoticeRow, known.notice_id) if known else None
        if notice is None or not may_write(session, notice):
            raise HTTPException(404, "no such broadcast")
        try:
            async with database.transaction() as db:
                await broadcasts.take_step(db, broadcast_id, do)
                await note(db, session.name, f"{do} sending", notice.id)
        except NotPossible:
            pass  # it ended, or somebody else did the same, since the page was made: it is shown
        return RedirectResponse(f"{SENDING}/{notice.id}", 303)

    return router
