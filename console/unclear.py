"""The page on which an editor says what messages meant that the program did not understand."""

import io
import zipfile
from collections.abc import Callable
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.access import Session, check_form
from content.intents import intents
from content.languages import LANGUAGES, direction
from content.training import Sentence, training_files
from store.database import Database
from store.keys import Keys
from store.staff import note
from store.tables import UnclearRow
from store.unclear import (
    drop_unclear,
    label_unclear,
    labelled_sentences,
    list_unclear,
    unclear_counts,
)

PAGE = "/console/unclear"
#: Messages on one page: an editor on a phone reloads after each.
SHOWN = 30
#: Topics of the contract as an editor reads them.
TOPICS = {
    "asylum": "Asylum and papers",
    "avrr": "Voluntary return",
    "mines": "Mines",
    "services": "Centres and services",
    "protection": "Danger and protection",
    "feedback": "Feedback",
    "talk": "Conversation",
}

Show = Literal["new", "labelled"]


def topics() -> list[tuple[str, list[Any]]]:
    """The intents by topic, in the contract's order, for the select."""
    grouped = groupby(intents().values(), key=lambda intent: intent.topic)
    by_topic: dict[str, list[Any]] = {}
    for topic, found in grouped:
        by_topic.setdefault(TOPICS.get(topic, topic), []).extend(found)
    return list(by_topic.items())


def languages_of(script: str) -> list[str]:
    """Codes of the languages that are written in a script."""
    return [code for code in LANGUAGES if script == "Latn" or direction(code) == "rtl"]


def unclear_pages(
    database: Database,
    keys: Keys,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    unclear_days: int,
) -> APIRouter:
    """The page and its forms. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Csrf = Annotated[str, Form(max_length=64)]
    Editor = Annotated[Session, area("unclear")]

    @router.get("/unclear")
    async def unclear(
        request: Request, session: Editor, language: str = "", show: Show = "new"
    ) -> HTMLResponse:
        chosen = language if language in LANGUAGES else ""
        async with database.transaction() as db:
            items = await list_unclear(db, keys, show, chosen or None, SHOWN)
            counts = {state: await unclear_counts(db, state) for state in ("new", "labelled")}
            await note(db, session.name, "read unclear", f"{show} {chosen or 'all'}")
        return page(
            request,
            "unclear.html",
            session,
            items=items,
            counts=counts,
            language=chosen,
            show=show,
            topics=topics(),
            languages_of=languages_of,
            unclear_days=unclear_days,
        )

    @router.post("/unclear/export")
    async def export(session: Editor, csrf: Csrf) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            found = await labelled_sentences(db, keys)
            await note(db, session.name, "export unclear", f"{len(found)} messages")
        files = training_files(Sentence(s.language, s.script, s.intent, s.text) for s in found)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        headers = {"Content-Disposition": 'attachment; filename="rahnuma-unclear.zip"'}
        return Response(packed.getvalue(), media_type="application/zip", headers=headers)

    @router.post("/unclear/{item_id}")
    async def decide(
        item_id: str,
        session: Editor,
        csrf: Csrf,
        do: Annotated[Literal["label", "drop"], Form()],
        intent: Annotated[str, Form(max_length=64)] = "",
        language: Annotated[str, Form(max_length=2)] = "",
        back: Annotated[str, Form(max_length=2)] = "",
        show: Annotated[Show, Form()] = "new",
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await db.get(UnclearRow, item_id)
            if row is None:
                raise HTTPException(404, "no such message; it may be over its time")
            if do == "drop":
                drop_unclear(row, staff=session.name)
                await note(db, session.name, "drop unclear", item_id)
            else:
                if intent not in intents():
                    raise HTTPException(400, "unknown intent")
                if language not in languages_of(row.script):
                    raise HTTPException(400, "this language is not written in these letters")
                try:
                    label_unclear(row, intent=intent, language=language, staff=session.name)
                except ValueError as error:
                    raise HTTPException(409, str(error)) from error
                await note(db, session.name, "label unclear", f"{item_id} {language} {intent}")
        chosen = back if back in LANGUAGES else ""
        return RedirectResponse(f"{PAGE}?show={show}&language={chosen}", 303)

    return router
