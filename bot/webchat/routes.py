"""The web chat over HTTP: the page, ``POST /chat/messages``, and what counsellors wrote."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, model_validator

from actions.reply import Reply
from bot.conversation.desk import Desk
from bot.conversation.incoming import Incoming
from bot.webchat.page import render
from store.database import DATABASE_ERRORS

STATIC = Path(__file__).parent / "static"
CHANNEL = "web"
Session = Annotated[str, Field(min_length=1, max_length=128)]


class MessageIn(BaseModel):
    """What a person sends: a text, or the value of a pressed button; a language is only a hint."""

    session: Session
    text: str | None = Field(default=None, max_length=4096)
    choice: str | None = Field(default=None, max_length=64)
    language: str | None = Field(default=None, max_length=35)
    centre: str | None = Field(default=None, max_length=32)

    @model_validator(mode="after")
    def one_of_both(self) -> "MessageIn":
        """Either a text or a choice."""
        if (self.text is None) == (self.choice is None):
            raise ValueError("give either text or choice")
        return self


class ChoiceOut(BaseModel):
    """A button."""

    label: str
    value: str


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


class RepliesOut(BaseModel):
    """All messages that answer one."""

    replies: list[ReplyOut]


def _out(replies: list[Reply]) -> RepliesOut:
    return RepliesOut(
        replies=[
            ReplyOut(
                html=r.html,
                text=r.text,
                choices=[ChoiceOut(label=c.label, value=c.value) for c in r.choices],
                content=r.content,
                route=r.route,
                language=r.language,
                direction=r.direction,
                danger=r.danger,
            )
            for r in replies
        ]
    )


def routes(desk: Desk) -> APIRouter:
    """The web chat's addresses."""
    router = APIRouter()

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
        replies = await desk.handle(CHANNEL, message.session, incoming, address=message.session)
        return _out(replies)

    @router.get("/chat/messages")
    async def fetch(
        x_rahnuma_session: Annotated[str, Header(min_length=1, max_length=128)],
    ) -> RepliesOut:
        """What a counsellor wrote since the last time. The session stands in no address."""
        try:
            return _out(await desk.collect(CHANNEL, x_rahnuma_session))
        except DATABASE_ERRORS as error:
            raise HTTPException(503, "try again later") from error

    return router
