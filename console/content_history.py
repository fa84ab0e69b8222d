"""All versions of a text, what each changed, and taking back what is published."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from console.access import Session, check_form
from console.content_form import changes, read_number
from console.content_review import LONGEST_REASON
from console.content_steps import address, done, shown
from console.content_texts import BOUND, Standing, Texts, may_decide
from console.translated_fields import FormProblem, plain
from content.languages import DEFAULT_LANGUAGE
from store import versions
from store.content_tables import ContentVersionRow
from store.database import Database
from store.staff import note
from store.versions import VersionError

STATES = {
    "draft": "being edited",
    "review": "waits for a second person",
    "published": "in force",
    "replaced": "replaced by a later text",
    "withdrawn": "taken back",
    "refused": "dropped",
    "filed": "taken over into the repository's file",
}


def history_pages(
    database: Database,
    texts: Texts,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    refresh: Callable[[], Awaitable[bool]],
) -> APIRouter:
    """The history of a text and undo. ``page`` and ``area`` are the console's own; ``refresh`` as
    in console/content_review.py."""
    router = APIRouter()
    Editor = Annotated[Session, area("content")]

    def show(
        request: Request,
        session: Session,
        standing: Standing,
        rows: Sequence[ContentVersionRow],
        *,
        problem: str | None = None,
        status: int = 200,
        why: str = "",
    ) -> HTMLResponse:
        thing = standing.thing
        response = page(
            request,
            "content_history.html",
            session,
            thing=thing,
            standing=standing,
            rows=rows,
            before=_before(standing, rows),
            states=STATES,
            here=address(thing),
            answer_title=texts.library.title(thing.key, DEFAULT_LANGUAGE),
            bound=None if may_decide(session) else BOUND,
            problem=problem,
            why=why,
            longest=LONGEST_REASON,
        )
        response.status_code = status
        return response

    @router.get("/content/{language}/{intent}/history")
    async def history(
        request: Request, language: str, intent: str, session: Editor
    ) -> HTMLResponse:
        thing = texts.thing(language, intent)
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            await note(db, session.name, "read history of answer", f"{language}/{intent}")
            rows = await versions.history(db, thing)
        return show(request, session, standing, rows)

    @router.get("/content/{language}/{intent}/history/{version}")
    async def version(
        request: Request, language: str, intent: str, version: str, session: Editor
    ) -> HTMLResponse:
        thing = texts.thing(language, intent)
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            rows = await versions.history(db, thing)
            if version == "file" and standing.in_file:
                row, body, until = None, standing.in_file, None
            else:
                row = next((row for row in rows if str(row.id) == version), None)
                if row is None:
                    raise HTTPException(404, "no such version")
                body, until = row.body, row.valid_until
            await note(db, session.name, "read version", f"{language}/{intent}, version {version}")
        return page(
            request,
            "content_version.html",
            session,
            thing=thing,
            row=row,
            states=STATES,
            here=address(thing),
            answer_title=texts.library.title(thing.key, DEFAULT_LANGUAGE),
            changes=changes(standing.in_force, body),
            in_force=body == standing.in_force,
            shown=shown(texts, thing, body, until),
        )

    @router.post("/content/{language}/{intent}/undo")
    async def undo(request: Request, language: str, intent: str, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        thing, why = texts.thing(language, intent), plain(form, "why")
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            problem, status = None, 200
            try:
                number = read_number(plain(form, "version"))
                if not may_decide(session):
                    problem, status = BOUND, 403
                elif not why or len(why) > LONGEST_REASON:
                    raise FormProblem(f"Say why, in at most {LONGEST_REASON} characters.")
                elif standing.published is None or standing.published.id != number:
                    # pressed twice, or by two people: the version before must not go as well
                    raise VersionError("Another version is in force now. Nothing was taken back.")
                else:
                    await versions.undo(db, thing, session.name, why)
                    what = f"{language}/{intent}, version {number}"
                    await note(db, session.name, "undo answer", what)
            except FormProblem as error:
                problem, status = str(error), 400
            except VersionError as error:
                problem, status = str(error), 409
            rows = await versions.history(db, thing)
        if problem:
            return show(request, session, standing, rows, problem=problem, status=status, why=why)
        await refresh()
        return done(thing, "undone")

    return router


def _before(standing: Standing, rows: Sequence[ContentVersionRow]) -> ContentVersionRow | None:
    """The version that is in force again after an undo (store/versions.py); None: the file."""
    if standing.published is None:
        return None
    earlier = [row for row in rows if row.id < standing.published.id]
    before = next((row for row in earlier if row.state in ("replaced", "filed")), None)
    return before if before is not None and before.state == "replaced" else None
