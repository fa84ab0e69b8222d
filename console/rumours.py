"""The pages on which editors write what people heard and what is known of it."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from actions.rumours import as_content, entry
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
from store.database import Database
from store.keys import Keys
from store.rumour_tables import RumourRow
from store.rumours import FourEyes, NotADraft, all_rumours, publish, rewritten, withdraw
from store.staff import note
from store.tables import random_id, today

PAGE = "/console/rumours"
#: Characters of each text: people read it on a phone, several in one message.
LONGEST = 500
#: Sources, and characters of each.
MOST_SOURCES, LONGEST_SOURCE = 5, 200
#: Days for which a rumour may stand: what is known of one grows old.
LONGEST_DAYS = 92
_USUAL_DAYS = 30


def read_day(text: str, what: str) -> dt.date:
    """A day written as 2026-03-31; FormProblem if it is none."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # a day has no time zone
    except ValueError as error:
        raise FormProblem(f"{what}: write the day as 2026-03-31.") from error


def rumour_pages(
    database: Database,
    keys: Keys,
    library: Library,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    refresh: Callable[[], Awaitable[bool]],
) -> APIRouter:
    """The list, and a page for each rumour. ``page``, ``area`` and ``refresh`` are the console's
    own."""
    router = APIRouter()
    Editor = Annotated[Session, area("rumours")]
    centres = library.directory.centres

    def sent(form: Mapping[str, Any]) -> dict[str, Any]:
        """A form's fields as columns, whatever they hold; the days apart."""
        return {
            "heard": texts(form, "heard"),
            "known": texts(form, "known"),
            "centre": plain(form, "centre") or None,
            "sources": [one.strip() for one in plain(form, "sources").split("\n") if one.strip()],
        }

    def fill(row: RumourRow, form: Mapping[str, Any]) -> None:
        """Write a form's fields into a row; raises FormProblem."""
        for column, value in sent(form).items():
            setattr(row, column, value)
        row.as_of = read_day(plain(form, "as_of"), "As of")
        row.valid_until = read_day(plain(form, "valid_until"), "Valid until")
        _check_days(row.as_of, row.valid_until)
        if row.centre is not None and row.centre not in centres:
            raise FormProblem("Centre: choose one of the list.")
        check_texts(row.heard, "What people heard", LONGEST)
        check_texts(row.known, "What we know", LONGEST)
        _check_sources(row.sources)

    def show(
        request: Request,
        session: Session,
        row: RumourRow,
        *,
        problem: str | None = None,
        days: tuple[str, str] | None = None,
    ) -> HTMLResponse:
        kept = row.id is not None
        preview = {}
        if kept and not problem:
            content = as_content(row)
            preview = in_each_language(library, keys, lambda ctx: entry(ctx, content))
        response = page(
            request,
            "rumour.html",
            session,
            row=row,
            kept=kept,
            days=days or (row.as_of.isoformat(), row.valid_until.isoformat()),
            latest=today().isoformat(),
            longest=LONGEST,
            longest_days=LONGEST_DAYS,
            problem=problem,
            expired=kept and not problem and row.valid_until < today(),
            missing=missing(row.heard, row.known),
            preview=preview,
        )
        response.status_code = 400 if problem else 200
        return response

    def mend(
        request: Request, session: Session, form: Mapping[str, Any], problem: str, **known: Any
    ) -> HTMLResponse:
        """The form again with what was sent and what is wrong with it."""
        row = RumourRow(**sent(form), **known)
        days = plain(form, "as_of"), plain(form, "valid_until")
        return show(request, session, row, problem=problem, days=days)

    @router.get("/rumours")
    async def rumours(request: Request, session: Editor) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await all_rumours(db)
            await note(db, session.name, "list rumours", "list")
        lacking = {row.id: missing(row.heard, row.known) for row in rows}
        return page(request, "rumours.html", session, rows=rows, lacking=lacking, today=today())

    @router.get("/rumours/new")
    async def new(request: Request, session: Editor) -> HTMLResponse:
        until = today() + dt.timedelta(days=_USUAL_DAYS)
        row = RumourRow(as_of=today(), valid_until=until, heard={}, known={}, sources=[])
        return show(request, session, row)

    @router.post("/rumours/new")
    async def make(request: Request, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        row = RumourRow(id=random_id(), written_by=session.name)
        try:
            fill(row, form)
        except FormProblem as error:
            return mend(request, session, form, str(error))
        async with database.transaction() as db:
            db.add(row)
            await note(db, session.name, "write rumour", row.id)
        return RedirectResponse(f"{PAGE}/{row.id}", 303)

    @router.get("/rumours/{rumour_id}")
    async def rumour(request: Request, rumour_id: str, session: Editor) -> HTMLResponse:
        async with database.transaction() as db:
            row = await _rumour(db, rumour_id)
            await note(db, session.name, "read rumour", rumour_id)
        return show(request, session, row)

    @router.post("/rumours/{rumour_id}")
    async def save(request: Request, rumour_id: str, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        try:
            async with database.transaction() as db:
                row = await _rumour(db, rumour_id)
                known = {"state": row.state, "written_by": row.written_by}
                fill(row, form)
                await rewritten(db, row, session.name)
                await note(db, session.name, "write rumour", rumour_id)
        except FormProblem as error:  # nothing of it is kept
            return mend(request, session, form, str(error), id=rumour_id, **known)
        await refresh()
        return RedirectResponse(f"{PAGE}/{rumour_id}", 303)

    @router.post("/rumours/{rumour_id}/state")
    async def set_state(
        request: Request,
        rumour_id: str,
        session: Editor,
        csrf: Annotated[str, Form(max_length=64)],
        do: Annotated[Literal["publish", "withdraw"], Form()],
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await _rumour(db, rumour_id)
            if do == "withdraw":
                await withdraw(db, row)
            else:
                try:
                    await publish(db, row, session.name)
                except FourEyes as error:
                    raise HTTPException(409, "somebody else must read and publish it") from error
                except NotADraft as error:
                    raise HTTPException(409, "only a draft can be published") from error
            await note(db, session.name, f"{do} rumour", rumour_id)
        await refresh()
        return RedirectResponse(f"{PAGE}/{rumour_id}", 303)

    return router


def _check_days(as_of: dt.date, valid_until: dt.date) -> None:
    if as_of > today():
        raise FormProblem("As of: this day is yet to come.")
    if not as_of <= valid_until <= as_of + dt.timedelta(days=LONGEST_DAYS):
        raise FormProblem(f"Valid until: choose a day at most {LONGEST_DAYS} days after “as of”.")


def _check_sources(sources: list[str]) -> None:
    if not sources:
        raise FormProblem("Sources: say where this is known from.")
    if len(sources) > MOST_SOURCES or any(len(one) > LONGEST_SOURCE for one in sources):
        most = f"at most {MOST_SOURCES}, of at most {LONGEST_SOURCE} characters each"
        raise FormProblem(f"Sources: {most}.")


async def _rumour(db: AsyncSession, rumour_id: str) -> RumourRow:
    row = await db.get(RumourRow, rumour_id)
    if row is None:
        raise HTTPException(404, "no such rumour")
    return row
