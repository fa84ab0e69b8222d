"""One feedback item: its words, a translation, its code, whose work it is, and the answer."""

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from actions.feedback import STATUSES
from console.access import Session, check_form
from console.feedback import GENERAL, ROLE, SENSITIVE, reader
from content.coding import Code, frame
from content.officer_sentences import ready_sentences, unfilled
from store.clocks import due_on, is_overdue
from store.database import Database
from store.inbox import answer, item_for, move, opened
from store.staff import names_with_role, note
from store.tables import FeedbackRow

MAX_REPLY = 2000
MAX_TRANSLATION = 6000
CHANGED = "Somebody else changed this item meanwhile. Look at it above, then save again."


class Answer:
    """What an officer sent about an item; HTTPException 400 if it can't be."""

    def __init__(
        self,
        csrf: Annotated[str, Form(max_length=64)],
        status: Annotated[str, Form(max_length=16)],
        version: Annotated[str, Form(max_length=64)],
        reply: Annotated[str, Form(max_length=MAX_REPLY)] = "",
        code: Annotated[str, Form(max_length=48)] = "",
        type: Annotated[str, Form(max_length=16)] = "",
        assigned_to: Annotated[str, Form(max_length=64)] = "",
        ready: Annotated[str, Form(max_length=32)] = "",
        insert: Annotated[str, Form(max_length=8)] = "",
    ):
        if status not in STATUSES:
            raise HTTPException(400, "unknown status")
        if code and code not in frame().codes:
            raise HTTPException(400, "unknown code")
        if type and type not in frame().types:
            raise HTTPException(400, "unknown type")
        if ready and ready not in ready_sentences():
            raise HTTPException(400, "unknown ready sentence")
        self.csrf, self.status, self.version = csrf, status, version
        # browsers send line ends as CRLF
        self.reply = reply.replace("\r\n", "\n").strip()
        self.code: Code | None = frame().codes.get(code)
        self.type, self.assigned_to = type, assigned_to
        self.ready = ready if insert else ""

    def shown(self) -> dict[str, str]:
        """The fields as the form shows them again, with a ready sentence added."""
        return {
            "status": self.status,
            "reply": self.reply,
            "code": self.code.id if self.code else "",
            "type": self.type,
            "assigned_to": self.assigned_to,
        }


class Translation:
    """A translation, or the wish for one."""

    def __init__(
        self,
        csrf: Annotated[str, Form(max_length=64)],
        version: Annotated[str, Form(max_length=64)],
        needed: Annotated[str, Form(max_length=3)] = "",
        text: Annotated[str, Form(max_length=MAX_TRANSLATION)] = "",
    ):
        self.csrf, self.version, self.needed = csrf, version, bool(needed)
        self.text = text.replace("\r\n", "\n").strip() or None


def version_of(item: FeedbackRow) -> str:
    """Changes with everything that an officer sees and saves: nothing is overwritten unseen."""
    seen = (
        item.status, item.reply, item.more, item.code, item.coded_by, item.type, item.assigned_to,
        item.translation, item.needs_translation,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def item_pages(
    database: Database, page: Callable[..., HTMLResponse], area: Callable[[str], Any]
) -> APIRouter:
    """The page of an item in each inbox, and its forms. ``page`` and ``area`` are the console's."""
    router = APIRouter()
    Sent = Annotated[Answer, Depends()]
    Translated = Annotated[Translation, Depends()]

    async def show(
        request: Request,
        session: Session,
        where: str,
        item: FeedbackRow,
        officers: list[str],
        *,
        problem: str | None = None,
        shown: dict[str, str] | None = None,
        translation: str | None = None,
    ) -> HTMLResponse:
        fields = shown or {
            "status": item.status,
            "reply": item.reply or "",
            "code": item.code or "",
            "type": item.type,
            "assigned_to": item.assigned_to or "",
        }
        response = page(
            request,
            "feedback_item.html",
            session,
            where=where,
            item=item,
            fields=fields,
            translation=translation if translation is not None else item.translation or "",
            version=version_of(item),
            officers=sorted({*officers, *([item.assigned_to] if item.assigned_to else [])}),
            codes=codes_by_category(),
            frame=frame(),
            sentences=ready_sentences().values(),
            due=due_on(item),
            overdue=is_overdue(item),
            problem=problem,
        )
        if problem:
            response.status_code = 409 if problem == CHANGED else 400
        return response

    async def read(request: Request, session: Session, where: str, item_id: str) -> HTMLResponse:
        async with database.transaction() as db:
            item = await _item(db, session, where, item_id)
            opened(item)
            officers = await names_with_role(db, ROLE[where])
            await note(db, session.name, f"read {where}", item_id)
        return await show(request, session, where, item, officers)

    async def save(
        request: Request, session: Session, where: str, item_id: str, form: Answer
    ) -> Response:
        check_form(session, form.csrf)
        async with database.transaction() as db:
            item = await _item(db, session, where, item_id)
            officers = await names_with_role(db, ROLE[where])
            problem = _problem(item, form, officers)
            if problem is None and not form.ready:
                await _save(db, session, item, form)
                return RedirectResponse(_after(item, where), 303)
        shown = form.shown()
        if form.ready:
            ready = ready_sentences()[form.ready].text[item.language]
            shown["reply"] = f"{form.reply} {ready}".strip()
            problem = problem if problem == CHANGED else None
        return await show(request, session, where, item, officers, problem=problem, shown=shown)

    async def translate(
        request: Request, session: Session, where: str, item_id: str, form: Translation
    ) -> Response:
        check_form(session, form.csrf)
        async with database.transaction() as db:
            item = await _item(db, session, where, item_id)
            officers = await names_with_role(db, ROLE[where])
            if form.version == version_of(item):
                if form.text != item.translation:
                    item.translated_by = session.name if form.text else None
                item.translation, item.needs_translation = form.text, form.needed
                await note(db, session.name, "translate feedback", item_id)
                return RedirectResponse(f"/console/{where}/{item_id}", 303)
        return await show(
            request, session, where, item, officers, problem=CHANGED, translation=form.text or ""
        )

    def add(where: str) -> None:
        Reading = Annotated[Session, area(where)]

        @router.get(f"/{where}/{{item_id}}")
        async def open_item(request: Request, item_id: str, session: Reading) -> HTMLResponse:
            return await read(request, session, where, item_id)

        @router.post(f"/{where}/{{item_id}}")
        async def save_item(
            request: Request, item_id: str, session: Reading, sent: Sent
        ) -> Response:
            return await save(request, session, where, item_id, sent)

        @router.post(f"/{where}/{{item_id}}/translation")
        async def translate_item(
            request: Request, item_id: str, session: Reading, sent: Translated
        ) -> Response:
            return await translate(request, session, where, item_id, sent)

    for where in (GENERAL, SENSITIVE):
        add(where)
    return router


def codes_by_category() -> list[tuple[str, list[Code]]]:
    """The frame's codes by the English label of their category, for the select."""
    found = frame()
    return [(c.label["en"], found.in_category(c.id)) for c in found.categories.values()]


def _problem(item: FeedbackRow, form: Answer, officers: list[str]) -> str | None:
    """Why a form can't be saved as it is, or None."""
    if form.version != version_of(item):
        return CHANGED
    if form.assigned_to not in ("", item.assigned_to, *officers):
        return "There is no such officer."
    if form.status == "answered" and not form.reply:
        return "Write an answer, or choose another status: the person would read an empty answer."
    left = unfilled(form.reply)
    if left:
        return f"Fill in {', '.join(left)} in the answer, or take it out."
    return None


async def _save(db: AsyncSession, session: Session, item: FeedbackRow, form: Answer) -> None:
    answer(item, form.status, form.reply or None)
    item.assigned_to = form.assigned_to or None
    if form.type:
        item.type = form.type
    if form.code is not None:
        item.code, item.frame_version = form.code.id, frame().version
        item.coded_by = session.name
        move(item, sensitive=form.code.sensitive)
        await note(db, session.name, "code feedback", f"{item.id} {form.code.id}")
    await note(db, session.name, "answer feedback", item.id)


def _after(item: FeedbackRow, where: str) -> str:
    """Back to the item, or to the inbox where it left this inbox."""
    stays = item.sensitive == (where == SENSITIVE)
    return f"/console/{where}/{item.id}" if stays else f"/console/{where}"


async def _item(db: AsyncSession, session: Session, where: str, item_id: str) -> FeedbackRow:
    """The item, if this member of the staff may read it on this page; HTTPException 404 otherwise,
    also if it moved meanwhile."""
    row = await item_for(db, reader(session, where), item_id)
    if row is None:
        raise HTTPException(404, "no such item; it may have gone to the protection desk")
    return row
