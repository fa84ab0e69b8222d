"""The live console's lists and conversations, as JSON under ``/console/api``."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session
from console.case_access import (
    case_for,
    held,
    holds,
    mark_for,
    message_out,
    opened,
    oversees,
    shown_name,
    state_of,
    when,
    words_out,
)
from console.case_tools import Tools, done
from content.canned_replies import unfilled
from store.case_tables import CaseMessageRow, CaseRow
from store.cases.marks import Mark, marks
from store.cases.messages import Message, add_message, add_note, mark_seen, messages_of
from store.cases.opening import about
from store.cases.referrals import referrals_of
from store.cases.together import Together
from store.cases.typing import typed, typing
from store.presence import is_available
from store.staff import note
from store.tables import StaffRow, now

#: Characters of a message; with its mark it fits one message of Telegram.
MAX_TEXT = 2000
#: So many of the last messages to the person tell how far they got.
STATES = 50
#: Ids of SQLite and PostgreSQL's integer.
MessageId = Annotated[int, Field(ge=0, le=2**31 - 1)]


class MessageIn(BaseModel):
    """A message or a note; ``key`` is the page's own name for it."""

    key: str = Field(min_length=8, max_length=64)
    text: str = Field(min_length=1, max_length=MAX_TEXT)
    kind: Literal["text", "note"] = "text"


class SeenIn(BaseModel):
    """Up to which message the conversation was in view."""

    up_to: MessageId


def case_api(tools: Tools) -> APIRouter:
    """Lists, conversations, writing."""
    router = APIRouter(prefix="/api")
    database, keys = tools.database, tools.keys
    reader, writer = tools.reader(), tools.writer()

    async def look() -> list[Mark]:
        async with database.reading() as connection:
            return await marks(connection)

    # after a restart all consoles ask at once
    all_marks = Together(look)

    @router.get("/events")
    async def events(session: Annotated[Session, reader]) -> Response:
        async def still() -> bool:
            return await tools.still(session)

        # kept from proxies, which would hold events back
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = tools.live.stream(session, still)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    @router.get("/cases")
    async def lists(session: Annotated[Session, reader]) -> dict[str, Any]:
        every = await all_marks.get()
        async with database.looking() as db:
            account = await db.get(StaffRow, session.name)
            available = await is_available(db, session.name)
        found = [mark_for(session, one, keys) for one in every]
        return {
            "me": {
                "name": session.name,
                "shown_as": shown_name(account),
                "languages": account.languages if account else [],
                "supervisor": oversees(session),
                "available": available,
            },
            "now": when(now()),
            "cases": [one for one in found if one],
        }

    @router.get("/cases/{case_id}")
    async def conversation(case_id: str, session: Annotated[Session, reader]) -> dict[str, Any]:
        async with database.transaction() as db:
            case = await opened(db, session, case_id)
            await tools.looks.note(db, session, case_id)
            found = await messages_of(db, keys, case_id)
            told = about(keys, case)
            spoken = case.languages or [case.language]
            return {
                "case": case_for(session, case),
                "about": {
                    **words_out(told.text, spoken),
                    "name": told.name,
                    "shared": [words_out(text, spoken)["text"] for text in told.shared],
                },
                "messages": [message_out(one, case) for one in found],
                "referrals": await _referrals(db, case_id),
                "history": await _history(db, session, case),
            }

    @router.get("/cases/{case_id}/messages")
    async def news(
        case_id: str,
        session: Annotated[Session, reader],
        after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> dict[str, Any]:
        """What came after a message, and how far the last ones got."""
        if not tools.looks.noted(session, case_id):
            async with database.transaction() as db:
                await opened(db, session, case_id)
                await tools.looks.note(db, session, case_id)
        async with database.looking() as db:
            case = await opened(db, session, case_id)
            recent = await _recent_outgoing(db, case_id)
            found = await messages_of(db, keys, case_id, after)
            return {
                "case": case_for(session, case),
                "messages": [message_out(one, case) for one in found],
                "states": {one.id: state_of(Message(one, "")) for one in recent},
                "referrals": await _referrals(db, case_id),
            }

    @router.post("/cases/{case_id}/messages")
    async def write(
        case_id: str, message: MessageIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        if not message.text.strip():
            raise HTTPException(400, "there is nothing in this message")
        if message.kind == "text" and (missing := unfilled(message.text)):
            raise HTTPException(400, f"fill in {', '.join(missing)} first")
        async with database.transaction() as db:
            if message.kind == "note" and oversees(session):
                case = await opened(db, session, case_id)
            else:
                case = await held(db, session, case_id)
            if message.kind == "note":
                row = await add_note(db, keys, case, message.text, session.name, message.key)
            else:
                row = await add_message(
                    db,
                    keys,
                    case,
                    message.text,
                    from_person=False,
                    author=session.name,
                    key=message.key,
                )
            action = "note in case" if message.kind == "note" else "write in case"
            await note(db, session.name, action, case_id)
            shown = message_out(Message(row, keys.cases.open(row.body)), case)
        typed(case_id, "staff")
        return done(response, {"message": shown})

    @router.post("/cases/{case_id}/messages/{message_id}/again")
    async def send_again(
        case_id: str, message_id: MessageId, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        async with database.transaction() as db:
            case = await held(db, session, case_id)
            failed = update(CaseMessageRow).where(
                CaseMessageRow.id == message_id,
                CaseMessageRow.case_id == case_id,
                CaseMessageRow.delivery == "failed",
            )
            anew = failed.values(delivery="waiting", attempts=0, next_try=None, failure=None)
            if (await db.execute(anew)).rowcount == 0:
                raise HTTPException(409, "this message did not fail")
            case.rev += 1
            await note(db, session.name, "send again", case_id)
        return done(response)

    @router.post("/cases/{case_id}/seen")
    async def seen(
        case_id: str, what: SeenIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        async with database.transaction() as db:
            await mark_seen(db, await held(db, session, case_id), what.up_to)
        return done(response)

    @router.post("/cases/{case_id}/typing", status_code=204)
    async def types(case_id: str, session: Annotated[Session, writer]) -> None:
        async with database.reading() as connection:
            [mark] = await marks(connection, [case_id]) or [None]
        if mark is not None and holds(session, mark):
            typing(case_id, "staff")

    return router


async def _recent_outgoing(db: AsyncSession, case_id: str) -> list[CaseMessageRow]:
    rows = select(CaseMessageRow).where(
        CaseMessageRow.case_id == case_id,
        CaseMessageRow.from_person.is_(False),
        CaseMessageRow.delivery != "none",
    )
    return list((await db.execute(rows.order_by(CaseMessageRow.id.desc()).limit(STATES))).scalars())


async def _referrals(db: AsyncSession, case_id: str) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "organisation": row.organisation,
            "urgent": row.urgent,
            "state": row.state,
            "by": row.made_by,
            "at": when(row.made_at),
        }
        for row in await referrals_of(db, case_id)
    ]


async def _history(db: AsyncSession, session: Session, case: CaseRow) -> list[dict[str, Any]]:
    """Earlier cases of the same person that this member of the staff may open."""
    rows = select(CaseRow).where(CaseRow.pseudonym == case.pseudonym, CaseRow.id != case.id)
    if not oversees(session):
        rows = rows.where(CaseRow.status == "closed", CaseRow.last_by == session.name)
    found = (await db.execute(rows.order_by(CaseRow.opened_at.desc()).limit(20))).scalars()
    return [
        {
            "id": row.id,
            "opened": when(row.opened_at),
            "closed": when(row.closed_at),
            "outcome": row.outcome,
            "topic": row.topic,
        }
        for row in found
    ]
