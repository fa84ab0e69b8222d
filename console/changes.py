"""The pages on which officers write what changed because of what people said."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from actions.changes import entry
from console.access import Session, check_form
from console.translated_fields import (
    FormProblem,
    check_texts,
    in_each_language,
    plain,
    texts,
)
from content.answers import Library
from content.translated import missing
from store.changes import all_changes
from store.database import Database
from store.keys import Keys
from store.staff import note
from store.tables import ChangeRow, random_id, today

PAGE = "/console/changes"
#: Characters of each text: people read it on a phone, several in one message.
LONGEST = 500
FIRST_YEAR = 2015
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def read_month(text: str) -> dt.date:
    """The first day of a month written as 2026-03; FormProblem if it is none or yet to come."""
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < FIRST_YEAR:
        raise FormProblem("Month: write the year and the month, as 2026-03.")
    month = dt.date(int(found[1]), int(found[2]), 1)
    if month > today():
        raise FormProblem("Month: this month is yet to come.")
    return month


def changes_pages(
    database: Database,
    keys: Keys,
    library: Library,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list, and a page for each entry. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Officer = Annotated[Session, area("changes")]
    centres = library.directory.centres

    def sent(form: Mapping[str, Any]) -> dict[str, Any]:
        """A form's fields as columns, whatever they hold."""
        return {
            "said": texts(form, "said"),
            "did": texts(form, "did"),
            "done": plain(form, "done") != "no",
            "centre": plain(form, "centre") or None,
        }

    def fill(row: ChangeRow, form: Mapping[str, Any]) -> None:
        """Write a form's fields into a row; raises FormProblem."""
        for column, value in sent(form).items():
            setattr(row, column, value)
        row.month = read_month(plain(form, "month"))
        if row.centre is not None and row.centre not in centres:
            raise FormProblem("Centre: choose one of the list.")
        check_texts(row.said, "What people said", LONGEST)
        check_texts(row.did, "What we did, or why not", LONGEST)

    def show(
        request: Request,
        session: Session,
        row: ChangeRow,
        *,
        problem: str | None = None,
        month: str | None = None,
    ) -> HTMLResponse:
        kept = row.id is not None
        response = page(
            request,
            "change.html",
            session,
            row=row,
            kept=kept,
            month=month if month is not None else f"{row.month:%Y-%m}",
            latest=f"{today():%Y-%m}",
            longest=LONGEST,
            problem=problem,
            missing=missing(row.said, row.did),
            preview=in_each_language(library, keys, lambda ctx: entry(ctx, row))
            if kept and not problem
            else {},
        )
        response.status_code = 400 if problem else 200
        return response

    @router.get("/changes")
    async def changes(request: Request, session: Officer) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await all_changes(db)
            await note(db, session.name, "list changes", "list")
        lacking = {row.id: missing(row.said, row.did) for row in rows}
        return page(request, "changes.html", session, rows=rows, lacking=lacking)

    @router.get("/changes/new")
    async def new(request: Request, session: Officer) -> HTMLResponse:
        return show(request, session, ChangeRow(month=today(), done=True, said={}, did={}))

    def mend(
        request: Request, session: Session, form: Mapping[str, Any], problem: str, **known: str
    ) -> HTMLResponse:
        """The form again with what was sent and what is wrong with it."""
        row = ChangeRow(month=today(), **sent(form), **known)
        return show(request, session, row, problem=problem, month=plain(form, "month"))

    @router.post("/changes/new")
    async def make(request: Request, session: Officer) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        row = ChangeRow(id=random_id(), written_by=session.name)
        try:
            fill(row, form)
        except FormProblem as error:
            return mend(request, session, form, str(error))
        async with database.transaction() as db:
            db.add(row)
            await note(db, session.name, "write change", row.id)
        return RedirectResponse(f"{PAGE}/{row.id}", 303)

    @router.get("/changes/{change_id}")
    async def change(request: Request, change_id: str, session: Officer) -> HTMLResponse:
        async with database.transaction() as db:
            row = await _change(db, change_id)
            await note(db, session.name, "read change", change_id)
        return show(request, session, row)

    @router.post("/changes/{change_id}")
    async def save(request: Request, change_id: str, session: Officer) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        try:
            async with database.transaction() as db:
                row = await _change(db, change_id)
                state = row.state
                fill(row, form)
                await note(db, session.name, "write change", change_id)
        except FormProblem as error:  # nothing of it is kept
            return mend(request, session, form, str(error), id=change_id, state=state)
        return RedirectResponse(f"{PAGE}/{change_id}", 303)

    @router.post("/changes/{change_id}/state")
    async def set_state(
        change_id: str,
        session: Officer,
        csrf: Annotated[str, Form(max_length=64)],
        do: Annotated[Literal["publish", "withdraw"], Form()],
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await _change(db, change_id)
            row.state = "published" if do == "publish" else "withdrawn"
            await note(db, session.name, f"{do} change", change_id)
        return RedirectResponse(f"{PAGE}/{change_id}", 303)

    return router


async def _change(db: AsyncSession, change_id: str) -> ChangeRow:
    row = await db.get(ChangeRow, change_id)
    if row is None:
        raise HTTPException(404, "no such entry")
    return row
