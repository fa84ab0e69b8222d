"""The web chat over HTTP: the page, ``POST /chat/messages``, and what counsellors wrote."""

import asyncio
from dataclasses import asdict
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Header, HTTPException, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, ValidationError, model_validator
from starlette.datastructures import UploadFile

from actions import files
from actions.reply import Media, Reply
from bot.conversation import fetching
from bot.conversation.desk import Desk
from bot.conversation.incoming import Incoming
from bot.webchat.page import render
from store.database import DATABASE_ERRORS

STATIC = FilePath(__file__).parent / "static"
CHANNEL = "web"
MEDIA = "/chat/media"
Session = Annotated[str, Field(min_length=1, max_length=128)]
Key = Annotated[str, Field(min_length=1, max_length=64)]
#: Statuses of an answer that says why a file was not taken.
REFUSED = {"size": 413, "type": 422}
#: Bytes of a request with a file beside the file itself.
OTHER_PARTS = 64 * 1024


class MessageIn(BaseModel):
    """What a person sends: a text, or the value of a pressed button; a language is only a hint.

    ``key`` is the page's own name for it: the same one again does nothing twice.
    """

    session: Session
    text: str | None = Field(default=None, max_length=4096)
    choice: str | None = Field(default=None, max_length=64)
    language: str | None = Field(default=None, max_length=35)
    centre: str | None = Field(default=None, max_length=32)
    key: Key | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> "MessageIn":
        """Either a text or a choice."""
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either text or choice")
        return self


class FileIn(BaseModel):
    """What stands beside a file: whose it is, its caption, and as in MessageIn."""

    session: Session
    text: str = Field(default="", max_length=4096)
    language: str | None = Field(default=None, max_length=35)
    key: Key | None = None


class ChoiceOut(BaseModel):
    """A button."""

    label: str
    value: str


class MediaOut(BaseModel):
    """A file beside the text, at an address of this service; pictures with their size in pixels."""

    kind: Literal["picture", "document", "voice"]
    url: str
    alt: str
    width: int | None = None
    height: int | None = None


class PointOut(BaseModel):
    """A place on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    title: str
    address: str


class ReplyOut(BaseModel):
    """One message to the person."""

    html: str
    text: str
    choices: list[ChoiceOut]
    content: str | None
    route: Literal["answer", "emergency", "feedback", "report", "handoff", "chat"]
    language: Literal["ar", "fa", "ps", "ur", "fr", "en"]
    direction: Literal["rtl", "ltr"]
    danger: Literal["sure", "suspected"] | None
    media: list[MediaOut]
    points: list[PointOut]


class RepliesOut(BaseModel):
    """All messages that answer one."""

    replies: list[ReplyOut]


class FetchedOut(ReplyOut):
    """A message that waited, with its id: what the page names as shown the next time."""

    id: int


class NewsOut(BaseModel):
    """What waited, and how the talk stands; ``state`` is what ``wait`` compares with."""

    replies: list[FetchedOut]
    status: Literal["none", "queued", "taken", "closed"]
    seen: bool
    typing: bool
    state: str


class SessionIn(BaseModel):
    """A sign of a session, without words."""

    session: Session


def _media(one: Media) -> MediaOut:
    width, height = one.size or (None, None)
    url = f"{MEDIA}/{one.id}"
    return MediaOut(kind=one.kind, url=url, alt=one.alt, width=width, height=height)


def _fields(reply: Reply) -> dict[str, Any]:
    return {
        "html": reply.html,
        "text": reply.text,
        "choices": [ChoiceOut(label=c.label, value=c.value) for c in reply.choices],
        "content": reply.content,
        "route": reply.route,
        "language": reply.language,
        "direction": reply.direction,
        "danger": reply.danger,
        "media": [_media(one) for one in reply.media],
        "points": [asdict(point) for point in reply.points],
    }


def _out(replies: list[Reply]) -> RepliesOut:
    return RepliesOut(replies=[ReplyOut(**_fields(reply)) for reply in replies])


def _news(look: fetching.Look) -> NewsOut:
    now = look.standing
    return NewsOut(
        replies=[FetchedOut(id=number, **_fields(reply)) for number, reply in look.replies],
        status=now.status,
        seen=now.seen,
        typing=now.typing,
        state=now.state,
    )


def routes(desk: Desk) -> APIRouter:
    """The web chat's addresses."""
    router = APIRouter()

    def update_id(session: str, key: str | None) -> int | None:
        return desk.keys.update_id(desk.keys.pseudonym(CHANNEL, session), key) if key else None

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(render())

    @router.post("/chat/messages")
    async def send(message: MessageIn) -> RepliesOut:
        centre = message.centre if message.centre in desk.library.directory.centres else None
        incoming = Incoming(
            "choice" if message.choice is not None else "text",
            text=message.text or "",
            choice=message.choice or "",
            language=message.language,
            centre=centre,
        )
        replies = await desk.handle(
            CHANNEL,
            message.session,
            incoming,
            update_id=update_id(message.session, message.key),
            address=message.session,
        )
        return _out(replies)

    @router.get(MEDIA + "/{media_id}", response_class=Response)
    async def media(
        media_id: Annotated[str, Path(max_length=100)],
        if_none_match: Annotated[str, Header(max_length=100)] = "",
    ) -> Response:
        """A picture, document or recording that stands beside an answer."""
        try:
            file = await desk.shelf.open(media_id)
        except DATABASE_ERRORS as error:
            raise HTTPException(503, "try again later") from error
        if file is None:
            raise HTTPException(404, "no such file")
        # the same for everybody: a browser may keep it, and asks whether it is still the same
        kept = {"ETag": f'"{file.digest}"', "Cache-Control": "public, max-age=300"}
        if kept["ETag"] in if_none_match:
            return Response(status_code=304, headers=kept)
        # a whole page is kept, not opened at our address: it is made to be read offline
        shown = "attachment" if file.media_type.startswith("text/html") else "inline"
        kept["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(file.name)}"
        return Response(file.data, media_type=file.media_type, headers=kept)

    @router.get("/chat/messages")
    async def fetch(
        x_rahnuma_session: Annotated[str, Header(min_length=1, max_length=128)],
        x_rahnuma_after: Annotated[int | None, Header(ge=0, le=2**53)] = None,
        wait: Annotated[int, Query(ge=0, le=25)] = 0,
        state: Annotated[str, Query(max_length=32)] = "",
    ) -> NewsOut:
        """What a counsellor wrote. The session stands in no address.

        With ``X-Rahnuma-After`` (the last id that the page has shown) what is after it is given
        until it is confirmed so; without, each message once. ``wait``: seconds to wait for
        something new, or for the talk to stand otherwise than ``state``.
        """
        try:
            if x_rahnuma_after is None or not wait:
                return _news(await fetching.look(desk, CHANNEL, x_rahnuma_session, x_rahnuma_after))
            return _news(
                await fetching.wait_and_look(
                    desk, CHANNEL, x_rahnuma_session, x_rahnuma_after, wait, state
                )
            )
        except DATABASE_ERRORS as error:
            raise HTTPException(503, "try again later") from error

    @router.post("/chat/files")
    async def send_file(request: Request, response: Response) -> RepliesOut:
        """A photo, voice message or PDF for the open case, as multipart: ``file`` and the fields of
        FileIn. 413 or 422 if it can't be taken, with the reason in the person's language.
        """
        length = request.headers.get("content-length", "")
        # looked at before the body is read; without a length there would be no end to it
        if not length.isdecimal():
            raise HTTPException(411, "length required")
        if int(length) > files.MOST + OTHER_PARTS:
            raise HTTPException(413, "too large")
        async with request.form(max_files=1, max_fields=8) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise HTTPException(422, "file is missing")
            fields = {name: value for name, value in form.items() if name != "file"}
            try:
                given = FileIn.model_validate(fields)
            except ValidationError as error:
                raise HTTPException(422, "bad input") from error
            data = await file.read(files.MOST + 1)
        attachment, refused = None, None
        try:
            attachment = await asyncio.to_thread(files.check, data)
        except files.FileRefused as error:
            refused = error.why
            response.status_code = REFUSED[refused]
        incoming = Incoming(
            "file", text=given.text, language=given.language, attachment=attachment, refused=refused
        )
        number = update_id(given.session, given.key)
        replies = await desk.handle(
            CHANNEL, given.session, incoming, update_id=number, address=given.session
        )
        return _out(replies)

    @router.post("/chat/typing", status_code=204)
    async def typing(who: SessionIn) -> None:
        """The person types: who talks with them sees it."""
        try:
            await fetching.tell_typing(desk, CHANNEL, who.session)
        except DATABASE_ERRORS as error:
            raise HTTPException(503, "try again later") from error

    @router.post("/chat/leave", status_code=204)
    async def leave(who: SessionIn) -> None:
        """The person left quickly: what they wrote is remembered no more. The case stays."""
        await desk.left(CHANNEL, who.session)

    return router
