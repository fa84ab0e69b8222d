"""The page on which an editor writes an answer in one language, and sees it as people would."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, check_form
from console.content_form import LONGEST_BODY as LONGEST_KEPT
from console.content_form import MOST_RELATED, Body, changes, read_body, read_number, typed
from console.content_steps import DONE, address, done, shown
from console.content_texts import Standing, Texts, may_decide
from console.translated_fields import FormProblem, plain
from content.directory import PLACEHOLDER
from content.findings import LONGEST_BODY, LONGEST_TITLE
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.placeholders import published_placeholders
from content.source_hash import source_hash
from content.status import statuses
from store import versions
from store.content_tables import ContentVersionRow
from store.database import Database
from store.staff import note
from store.tables import today
from store.versions import Thing, VersionError

OVERTAKEN = (
    "Somebody else has saved this text meanwhile. Yours is still in the form and not saved; what "
    "differs is shown below."
)
STOPPED = "Saved as a draft, but nobody can publish it like this."


def editor_pages(
    database: Database,
    texts: Texts,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The editor's page and its forms. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Editor = Annotated[Session, area("content")]

    def show(
        request: Request,
        session: Session,
        standing: Standing,
        *,
        source: str = "",
        mine: Body | None = None,
        problem: str | None = None,
        status: int = 200,
        theirs: Body | None = None,
        said: str | None = None,
    ) -> HTMLResponse:
        """The page. ``mine``: typed and not kept, ``theirs``: saved meanwhile."""
        thing = standing.thing
        others = [c for c in LANGUAGES if c != thing.language and texts.library.get(thing.key, c)]
        from_ = next((code for code in (source, DEFAULT_LANGUAGE) if code in others), None)
        body = mine or standing.latest or _empty()
        english = texts.english(thing)
        facts = published_placeholders(texts.library.directory, thing.language)
        beside = texts.library.get(thing.key, from_) if from_ else None
        in_source = set(PLACEHOLDER.findall(beside.body)) if beside else set()
        response = page(
            request,
            "content_editor.html",
            session,
            thing=thing,
            standing=standing,
            here=address(thing),
            body=body,
            unsaved=mine is not None,
            problem=problem,
            said=said,
            theirs=theirs,
            against=changes(theirs, body) if theirs else None,
            statuses=statuses(texts.library.get(thing.key, thing.language), english, today()),
            answer_title=texts.library.title(thing.key, DEFAULT_LANGUAGE),
            titles={i: texts.library.title(i, DEFAULT_LANGUAGE) for i in sorted(texts.ids)},
            others=others,
            source=beside,
            english=source_hash(english) if english else "",
            compared=english is not None and body["made_from"] == source_hash(english),
            english_changes=texts.english_changes(standing, body["made_from"]),
            file_changes=changes(standing.in_force, standing.in_file)
            if standing.file_changed
            else None,
            facts=dict(sorted(facts.items(), key=lambda fact: fact[0] not in in_source)),
            in_source=in_source,
            most_related=MOST_RELATED,
            longest_body=LONGEST_BODY,
            longest_title=LONGEST_TITLE,
            today=today(),
            decides=may_decide(session),
            shown=_with_findings(texts, thing, body),
        )
        response.status_code = status
        return response

    @router.get("/content/{language}/{intent}")
    async def editor(
        request: Request,
        language: str,
        intent: str,
        session: Editor,
        source: str = "",
        done: str = "",
    ) -> HTMLResponse:
        thing = texts.thing(language, intent)
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            await note(db, session.name, "read answer", f"{language}/{intent}")
        return show(request, session, standing, source=source, said=DONE.get(done))

    @router.post("/content/{language}/{intent}")
    async def save(request: Request, language: str, intent: str, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        thing = texts.thing(language, intent)
        asked = plain(form, "do") == "ask"
        wrong: dict[str, Any] = {}  # what the page says if a step could not be taken
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            try:
                body = read_body(form, intent, standing.latest, texts.ids)
                edits = read_number(plain(form, "edits"))
                stopped = texts.stops(thing, body) if asked else []
                await keep(db, session, standing, body, edits, ask=asked and not stopped)
            except FormProblem as error:
                mine, problem = _whole(typed(form)), f"{error} Nothing was saved."
                wrong = {"mine": mine, "problem": problem, "status": 400}
            except VersionError:
                wrong = {"mine": body, "problem": OVERTAKEN, "status": 409}
                wrong["theirs"] = standing.latest or _empty()
            else:
                if stopped:
                    reasons = " ".join(one.message for one in stopped)
                    wrong = {"problem": f"{STOPPED} {reasons}", "status": 400}
                    standing = await texts.standing(db, thing)
        if wrong:
            return show(request, session, standing, **wrong)
        return done(thing, "asked" if asked else "saved")

    async def keep(
        db: AsyncSession,
        session: Session,
        standing: Standing,
        body: Body,
        edits: int,
        *,
        ask: bool,
    ) -> None:
        """Save a text as the draft, and ask for review if wanted. Raises VersionError."""
        thing, work = standing.thing, standing.work
        # who changes nothing does not become the writer: they may still be the second person
        if work is None or work.body != body or work.edits != edits:
            work = await versions.save(
                db, thing, body, base=standing.base, edits=edits, by=session.name
            )
            work.base = standing.base  # the page showed how the file differs
            await note(db, session.name, "write answer", _line(thing, work))
        if ask and work.state == "draft":
            await versions.ask_review(db, work)
            await note(db, session.name, "ask review of answer", _line(thing, work))

    @router.post("/content/{language}/{intent}/preview")
    async def preview(request: Request, language: str, intent: str, session: Editor) -> Response:
        """What the fields look like as people would read them, and what is to be mended."""
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        thing = texts.thing(language, intent)
        # in a thread: people's messages don't wait for it
        body = _whole(typed(form))
        return JSONResponse(await asyncio.to_thread(_with_findings, texts, thing, body))

    @router.post("/content/{language}/{intent}/drop")
    async def drop(
        request: Request,
        language: str,
        intent: str,
        session: Editor,
        csrf: Annotated[str, Form(max_length=64)],
        edits: Annotated[int, Form()],
    ) -> Response:
        check_form(session, csrf)
        thing = texts.thing(language, intent)
        async with database.transaction() as db:
            standing = await texts.standing(db, thing)
            dropped = standing.work is not None and standing.edits == edits
            if standing.work and dropped:
                await versions.drop(db, standing.work, session.name)
                await note(db, session.name, "drop draft of answer", _line(thing, standing.work))
        if not dropped:
            problem = "This draft has changed or is gone. Nothing was dropped."
            return show(request, session, standing, problem=problem, status=409)
        return done(thing, "dropped")

    return router


def _with_findings(texts: Texts, thing: Thing, body: Body) -> dict[str, Any]:
    """The preview of a text, and what is to be mended in it."""
    body = body | {"body": body["body"][:LONGEST_KEPT]}
    return shown(texts, thing, body) | {
        "findings": [
            {"field": one.field, "message": one.message, "stops": one.stops, "line": one.line}
            for one in texts.findings(thing, body)
        ],
    }


def _whole(body: Body) -> Body:
    """What was typed, with a day in the place of one that can't be read."""
    try:
        day = today().fromisoformat(body["checked"])
    except ValueError:
        day = today()
    return body | {"checked": day.isoformat()}


def _empty() -> Body:
    return {
        "title": "",
        "body": "",
        "sources": [],
        "related": [],
        "checked": today().isoformat(),
        "made_from": None,
    }


def _line(thing: Thing, row: ContentVersionRow) -> str:
    return f"{thing.language}/{thing.key}, version {row.id}"
