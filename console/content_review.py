"""The page on which a second person looks at a text, and publishes it or sends it back."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, check_form
from console.content_form import changes, read_day, read_number
from console.content_steps import address, done, shown
from console.content_texts import BOUND, LONGEST, USUAL, Standing, Texts, may_decide
from console.translated_fields import FormProblem, plain
from content.languages import DEFAULT_LANGUAGE
from content.source_hash import source_hash
from store import versions
from store.database import Database
from store.staff import note
from store.tables import today
from store.versions import VersionError

#: Characters of a reason.
LONGEST_REASON = 500


def review_pages(
    database: Database,
    texts: Texts,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    refresh: Callable[[], Awaitable[bool]],
) -> APIRouter:
    """The review page. ``page`` and ``area`` are the console's own; ``refresh`` lets people read
    at once what was published."""
    router = APIRouter()
    Editor = Annotated[Session, area("content")]

    def show(
        request: Request,
        session: Session,
        standing: Standing,
        *,
        problem: str | None = None,
        status: int = 200,
        until: str = "",
        comment: str = "",
    ) -> HTMLResponse:
        thing, row = standing.thing, standing.work
        assert row is not None
        english = texts.english(thing)
        response = page(
            request,
            "content_review.html",
            session,
            thing=thing,
            standing=standing,
            row=row,
            here=address(thing),
            answer_title=texts.library.title(thing.key, DEFAULT_LANGUAGE),
            changes=changes(standing.in_force, row.body),
            shown=shown(texts, thing, row.body),
            findings=texts.findings(thing, row.body),
            source=english,
            outdated=english is not None and row.body.get("made_from") != source_hash(english),
            own=row.written_by == session.name,
            bound=None if may_decide(session) else BOUND,
            problem=problem,
            until=until or (today() + USUAL).isoformat(),
            first=today() + dt.timedelta(days=1),
            last=today() + LONGEST,
            comment=comment,
            longest=LONGEST_REASON,
        )
        response.status_code = status
        return response

    @router.get("/content/{language}/{intent}/review")
    async def review(request: Request, language: str, intent: str, session: Editor) -> Response:
        thing = texts.thing(language, intent)
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            if standing.work is None or standing.work.state != "review":
                return RedirectResponse(address(thing), 303)
            await note(db, session.name, "review answer", f"{language}/{intent}")
        return show(request, session, standing)

    @router.post("/content/{language}/{intent}/review")
    async def decide(request: Request, language: str, intent: str, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        thing, publish = texts.thing(language, intent), plain(form, "do") == "publish"
        kept = {"until": plain(form, "until"), "comment": plain(form, "comment")}
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            if standing.work is None:
                return RedirectResponse(address(thing), 303)
            problem, status = None, 200
            if not may_decide(session):
                problem, status = BOUND, 403
            else:
                try:
                    await _decide(db, session, standing, form, publish)
                except FormProblem as error:
                    problem, status = str(error), 400
                except VersionError as error:
                    problem, status = str(error), 409
        if problem:
            return show(request, session, standing, problem=problem, status=status, **kept)
        if publish:
            await refresh()
        return done(thing, "published" if publish else "refused")

    async def _decide(
        db: AsyncSession, session: Session, standing: Standing, form: Any, publish: bool
    ) -> None:
        """Take the step that the form asks for; raises FormProblem or VersionError."""
        thing, row = standing.thing, standing.work
        assert row is not None
        what = f"{thing.language}/{thing.key}, version {row.id}"
        edits = read_number(plain(form, "edits"))
        if not publish:
            comment = plain(form, "comment")
            if len(comment) > LONGEST_REASON:
                raise FormProblem(f"Reason: at most {LONGEST_REASON} characters.")
            if row.edits != edits:
                raise VersionError("It was changed since you opened it. Look again.")
            await versions.refuse(db, row, session.name, comment)
            await note(db, session.name, "send answer back", what)
            return
        until = read_day(plain(form, "until"), "Valid until")
        if not today() < until <= today() + LONGEST:
            raise FormProblem(f"Valid until: a day after today, at most {LONGEST.days} days on.")
        if stopped := texts.stops(thing, row.body):
            reasons = " ".join(one.message for one in stopped)
            raise FormProblem(f"It can't be shown to people like this. {reasons}")
        await versions.publish(db, row, session.name, until, edits=edits)
        await note(db, session.name, "publish answer", f"{what}, until {until}")

    return router
