"""The pages on which staff post notices: what is on in a centre, and when.

Counsellors, supervisors, AAP officers and editors post: they are who learns what is on. Sending a
notice to phones is another area (console/broadcasts.py), which counsellors don't have.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from actions.context import Context
from actions.notice_text import message
from console.access import Session, check_form
from console.notice_form import (
    FIELDS,
    LONGEST_BODY,
    LONGEST_PLACE,
    LONGEST_TITLE,
    fill,
    may_write,
    sent_texts,
    shown,
)
from console.translated_fields import FormProblem, plain
from content.answers import Library
from content.languages import LANGUAGES
from content.translated import missing
from store.database import Database
from store.keys import Keys
from store.local_time import local
from store.notice_tables import NoticeRow
from store.notices.broadcasts import withdraw
from store.notices.posting import all_notices, lock_notice
from store.notices.times import next_time
from store.people import Person
from store.staff import note
from store.tables import now, random_id

PAGE, SENDING = "/console/notices", "/console/broadcasts/of"
Step = Literal["publish", "publish_and_send", "withdraw"]


def previews(library: Library, keys: Keys, row: NoticeRow) -> dict[str, dict[str, Any]]:
    """The notice as a message in each language: its light HTML, made from escaped text, and the
    labels of its buttons."""
    time = next_time(row, now()) or (row.starts, row.ends)
    found = {}
    for code in LANGUAGES:
        reply = message(Context(Person("", "telegram", code), library, keys, None), row, time)
        labels = [choice.label for choice in reply.choices]
        found[code] = {"text": Markup(reply.html), "buttons": labels}
    return found


def centre_of(library: Library, row: NoticeRow) -> str:
    """The name of a notice's centre."""
    centre = library.directory.centres.get(row.centre or "")
    return centre.name if centre else "all centres"


async def found_notice(db: AsyncSession, session: Session, notice_id: str) -> NoticeRow:
    """A notice that is the account's own matter, locked; raises HTTPException 404."""
    row = await lock_notice(db, notice_id)
    if row is None or not may_write(session, row):
        raise HTTPException(404, "no such notice")
    return row


def _lacking(row: NoticeRow) -> list[str]:
    texts = [row.title, row.body] + ([row.place] if row.place else [])
    return missing(*texts)


def _span(row: NoticeRow) -> str:
    """When the next time of a notice is, in words of the staff's pages (local time)."""
    starts, ends = next_time(row, now()) or (row.starts, row.ends)
    first = local(starts) if starts else None
    last = local(ends)
    if first is None:
        return f"until {last:%a %d %b %Y, %H:%M}"
    end = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%a %d %b %Y, %H:%M}"
    weekly = f", every week until {row.until:%d %b %Y}" if row.until else ""
    return f"{first:%a %d %b %Y, %H:%M} – {end}{weekly}"


def notice_pages(
    database: Database,
    keys: Keys,
    library: Library,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list, and a page for each notice. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Writer = Annotated[Session, area("notices")]
    centres = library.directory.centres

    def show(
        request: Request,
        session: Session,
        row: NoticeRow | None,
        values: Mapping[str, str],
        texts: Mapping[str, Mapping[str, str]],
        problem: str | None = None,
    ) -> HTMLResponse:
        response = page(
            request,
            "notice.html",
            session,
            row=row,
            values=values,
            texts=texts,
            problem=problem,
            over=row is not None and row.over <= now(),
            lengths={"title": LONGEST_TITLE, "body": LONGEST_BODY, "place": LONGEST_PLACE},
            missing=_lacking(row) if row else [],
            preview=previews(library, keys, row) if row and not problem else {},
        )
        response.status_code = 400 if problem else 200
        return response

    def mend(
        request: Request, session: Session, row: NoticeRow | None, form: Any, problem: str
    ) -> HTMLResponse:
        """The form again with what was sent and what is wrong with it."""
        values = {name: plain(form, name) for name in FIELDS}
        return show(request, session, row, values, sent_texts(form), problem)

    @router.get("/notices")
    async def notices(request: Request, session: Writer) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await all_notices(db)
            await note(db, session.name, "list notices", "list")
        at = now()
        groups: dict[str, list[NoticeRow]] = {"Now and next": [], "Drafts": [], "Past": []}
        for row in rows:
            if row.over <= at or row.state == "withdrawn":
                groups["Past"].append(row)
            elif row.state == "draft":
                groups["Drafts"].append(row)
            else:
                groups["Now and next"].append(row)
        groups["Now and next"].sort(
            key=lambda row: (next_time(row, at) or (None, row.ends))[0] or at
        )
        return page(
            request,
            "notices.html",
            session,
            groups=groups,
            span={row.id: _span(row) for row in rows},
            lacking={row.id: _lacking(row) for row in rows},
            mine={row.id for row in rows if may_write(session, row)},
        )

    @router.get("/notices/new")
    async def new(request: Request, session: Writer) -> HTMLResponse:
        empty = dict.fromkeys(FIELDS, "") | {"centre": session.centre or ""}
        return show(request, session, None, empty, sent_texts({}))

    @router.post("/notices/new")
    async def make(request: Request, session: Writer) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        row = NoticeRow(id=random_id(), written_by=session.name, state="draft")
        try:
            fill(row, form, session, centres)
        except FormProblem as error:
            return mend(request, session, None, form, str(error))
        async with database.transaction() as db:
            db.add(row)
            await note(db, session.name, "write notice", row.id)
        return RedirectResponse(f"{PAGE}/{row.id}", 303)

    @router.get("/notices/{notice_id}")
    async def notice(request: Request, notice_id: str, session: Writer) -> HTMLResponse:
        async with database.transaction() as db:
            row = await found_notice(db, session, notice_id)
            await note(db, session.name, "read notice", notice_id)
        texts = {"title": row.title, "body": row.body, "place": row.place}
        return show(request, session, row, shown(row), texts)

    @router.post("/notices/{notice_id}")
    async def save(request: Request, notice_id: str, session: Writer) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        try:
            async with database.transaction() as db:
                row = await found_notice(db, session, notice_id)
                fill(row, form, session, centres)
                await note(db, session.name, "write notice", notice_id)
        except FormProblem as error:  # nothing of it is kept
            async with database.looking() as db:
                row = await db.get(NoticeRow, notice_id)
            return mend(request, session, row, form, str(error))
        return RedirectResponse(f"{PAGE}/{notice_id}", 303)

    @router.post("/notices/{notice_id}/state")
    async def set_state(
        notice_id: str,
        session: Writer,
        csrf: Annotated[str, Form(max_length=64)],
        do: Annotated[Step, Form()],
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await found_notice(db, session, notice_id)
            if do == "withdraw":
                await withdraw(db, row)
            elif row.over <= now():
                raise HTTPException(409, "this notice is over: give it another end first")
            else:
                row.state, row.published_by, row.as_of = "published", session.name, now()
            await note(db, session.name, f"{do.split('_')[0]} notice", notice_id)
        there = SENDING if do == "publish_and_send" and session.may("broadcasts") else PAGE
        return RedirectResponse(f"{there}/{notice_id}", 303)

    return router
