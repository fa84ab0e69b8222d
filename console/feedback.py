"""The pages on which feedback is read, coded and answered: the general inbox, and apart from it
what is sensitive, which only the protection desk sees."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from actions.feedback import STATUSES
from console.access import Session, check_form
from content.coding import Code, frame
from store.database import Database
from store.feedback import newest_feedback
from store.staff import note
from store.tables import FeedbackRow

MAX_REPLY = 2000
GENERAL, SENSITIVE = "feedback", "sensitive"  # areas of the console and parts of its addresses


class Answer:
    """What an officer sent about an item; HTTPException 400 if it can't be."""

    def __init__(
        self,
        csrf: Annotated[str, Form(max_length=64)],
        status: Annotated[str, Form(max_length=16)],
        reply: Annotated[str, Form(max_length=MAX_REPLY)] = "",
        code: Annotated[str, Form(max_length=48)] = "",
    ):
        if status not in STATUSES:
            raise HTTPException(400, "unknown status")
        if code and code not in frame().codes:
            raise HTTPException(400, "unknown code")
        self.csrf, self.status, self.reply = csrf, status, reply.strip() or None
        self.code: Code | None = frame().codes.get(code)


def feedback_pages(
    database: Database, page: Callable[..., HTMLResponse], area: Callable[[str], Any]
) -> APIRouter:
    """Both pages and their forms. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Officer = Annotated[Session, area(GENERAL)]
    Protection = Annotated[Session, area(SENSITIVE)]
    Sent = Annotated[Answer, Depends()]

    async def show(request: Request, session: Session, where: str) -> HTMLResponse:
        async with database.transaction() as db:
            items = await newest_feedback(db, sensitive=where == SENSITIVE)
            await note(db, session.name, f"read {where}", "list")
        return page(
            request, "feedback.html", session, items=items, where=where, codes=codes_by_category()
        )

    async def save(session: Session, where: str, item_id: str, form: Answer) -> Response:
        check_form(session, form.csrf)
        async with database.transaction() as db:
            row = await _item(db, item_id, where)
            row.status, row.reply = form.status, form.reply
            if form.code is not None:
                row.code, row.frame_version = form.code.id, frame().version
                if form.code.sensitive and not row.sensitive:
                    row.status = "new"  # to the protection desk, which is alerted
                row.coded_by, row.sensitive = session.name, form.code.sensitive
                await note(db, session.name, "code feedback", f"{item_id} {form.code.id}")
            await note(db, session.name, "answer feedback", item_id)
        return RedirectResponse(f"/console/{where}", 303)

    @router.get("/feedback")
    async def general(request: Request, session: Officer) -> HTMLResponse:
        return await show(request, session, GENERAL)

    @router.get("/sensitive")
    async def sensitive(request: Request, session: Protection) -> HTMLResponse:
        return await show(request, session, SENSITIVE)

    @router.post("/feedback/{item_id}")
    async def answer_general(item_id: str, session: Officer, sent: Sent) -> Response:
        return await save(session, GENERAL, item_id, sent)

    @router.post("/sensitive/{item_id}")
    async def answer_sensitive(item_id: str, session: Protection, sent: Sent) -> Response:
        return await save(session, SENSITIVE, item_id, sent)

    return router


def codes_by_category() -> list[tuple[str, list[Code]]]:
    """The frame's codes by the English label of their category, for the select."""
    found = frame()
    return [(c.label["en"], found.in_category(c.id)) for c in found.categories.values()]


async def _item(db: AsyncSession, item_id: str, where: str) -> FeedbackRow:
    """The item, if it is of this page; HTTPException 404 otherwise, also if it moved meanwhile."""
    row = await db.get(FeedbackRow, item_id)
    if row is None or row.sensitive != (where == SENSITIVE):
        raise HTTPException(404, "no such item; it may have gone to the protection desk")
    return row
