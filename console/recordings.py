"""The pages on which editors record answers, listen to each other's recordings and approve them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.datastructures import UploadFile

from console.access import Session, check_form
from content.answers import Library
from content.intents import intents_with_text
from content.languages import LANGUAGES
from content.sound import MEDIA_TYPE, MOST_UPLOADED, SoundRefused, to_voice
from content.spoken import spoken_hash, spoken_text
from store.database import Database
from store.recording_tables import RecordingRow
from store.recordings import (
    LIVE,
    RecordingError,
    add_recording,
    approve,
    live_recordings,
    sound_of,
    withdraw,
)
from store.staff import note

PAGE = "/console/recordings"
#: As for every page (rahnuma/app.py), and what was just recorded can be played before it is sent.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; media-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
#: Bytes of a request beside the sound itself.
OTHER_PARTS = 64 * 1024


def recording_pages(
    database: Database,
    library: Library,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    refresh: Callable[[], Awaitable[bool]],
) -> APIRouter:
    """The list, a page for each answer and language, and their forms."""
    router = APIRouter()
    Editor = Annotated[Session, area("recordings")]
    Csrf = Annotated[str, Form(max_length=64)]

    def words(intent: str, language: str) -> str:
        if intent not in intents_with_text() or language not in LANGUAGES:
            raise HTTPException(404, "no such answer")
        try:
            return spoken_hash(library, intent, language)
        except KeyError as error:
            raise HTTPException(404, "this answer is not written in this language") from error

    def state_of(rows: list[RecordingRow], intent: str, language: str) -> str:
        """What an answer's recording needs: missing, outdated, approve, approved."""
        if library.get(intent, language) is None:
            return "no text"
        now = spoken_hash(library, intent, language)
        current = {row.state for row in rows if row.made_from == now}
        if "new" in current:
            return "approve"
        if "approved" in current:
            return "approved"
        return "outdated" if rows else "missing"

    @router.get("/recordings")
    async def recordings(request: Request, session: Editor) -> HTMLResponse:
        async with database.looking() as db:
            rows = await live_recordings(db)
        by_answer: dict[tuple[str, str], list[RecordingRow]] = {}
        for row in rows:
            by_answer.setdefault((row.intent, row.language), []).append(row)
        table = [
            (
                intent,
                library.title(intent, "en"),
                {
                    code: state_of(by_answer.get((intent, code), []), intent, code)
                    for code in LANGUAGES
                },
            )
            for intent in intents_with_text()
        ]
        counts = {
            code: sum(states[code] == "approved" for _intent, _title, states in table)
            for code in LANGUAGES
        }
        return page(request, "recordings.html", session, table=table, counts=counts)

    @router.get("/recordings/{intent}/{language}")
    async def recording(
        request: Request, intent: str, language: str, session: Editor
    ) -> HTMLResponse:
        now = words(intent, language)
        async with database.looking() as db:
            rows = [
                row
                for row in await live_recordings(db)
                if (row.intent, row.language) == (intent, language)
            ]
        response = page(
            request,
            "recording.html",
            session,
            intent=intent,
            language=LANGUAGES[language],
            answer=library.get(intent, language),
            text=spoken_text(library, intent, language),
            rows=rows,
            now=now,
        )
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = "microphone=(self)"
        return response

    @router.post("/recordings/{intent}/{language}")
    async def upload(request: Request, intent: str, language: str, session: Editor) -> Response:
        """A recording, as multipart: ``csrf``, ``words`` (the hash that the page was given) and
        ``sound``. Answers in JSON: the page's script sends it."""
        now = words(intent, language)
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            raise HTTPException(411, "length required")
        if int(length) > MOST_UPLOADED + OTHER_PARTS:
            raise HTTPException(413, "the file is too large")
        async with request.form(max_files=1, max_fields=4) as form:
            check_form(session, str(form.get("csrf", "")))
            sound = form.get("sound")
            if not isinstance(sound, UploadFile):
                raise HTTPException(422, "there is no sound")
            if form.get("words") != now:
                raise HTTPException(
                    409, "The text has changed meanwhile. Reload and read it again."
                )
            data = await sound.read(MOST_UPLOADED + 1)
        try:
            voice = await asyncio.to_thread(to_voice, data)
        except SoundRefused as error:
            raise HTTPException(422, str(error)) from error
        async with database.transaction() as db:
            row = await add_recording(
                db,
                intent=intent,
                language=language,
                made_from=now,
                data=voice.data,
                seconds=voice.seconds,
                by=session.name,
            )
            await note(db, session.name, "record answer", f"{intent} {language} {row.id}")
        return JSONResponse({"id": row.id, "seconds": round(voice.seconds, 1)}, 201)

    @router.get("/recordings/sound")
    async def sound(session: Editor, recording: str) -> Response:
        async with database.looking() as db:
            data = await sound_of(db, recording, *LIVE)
        if data is None:
            raise HTTPException(404, "no such recording")
        return Response(data, media_type=MEDIA_TYPE)

    @router.post("/recordings/decide")
    async def decide(
        session: Editor,
        csrf: Csrf,
        recording: Annotated[str, Form(max_length=32)],
        do: Annotated[str, Form(max_length=16)],
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await db.get(RecordingRow, recording)
            if row is None:
                raise HTTPException(404, "no such recording")
            try:
                if do == "approve":
                    await approve(db, row, session.name, words(row.intent, row.language))
                elif do == "withdraw":
                    await withdraw(db, row)
                else:
                    raise HTTPException(400, "unknown step")
            except RecordingError as error:
                raise HTTPException(409, str(error)) from error
            await note(db, session.name, f"{do} recording", f"{row.intent} {row.language} {row.id}")
        await refresh()
        return RedirectResponse(f"{PAGE}/{row.intent}/{row.language}", 303)

    return router
