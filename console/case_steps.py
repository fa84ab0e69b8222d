"""The steps of a case from the live console: take, pass, transfer, give back, close, reopen."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from console.access import Session
from console.case_access import held, opened, opened_locked, oversees, waiting
from console.case_tools import Tools, done, moved
from content.coding import frame
from content.desks import desks
from store.case_tables import CaseRow
from store.cases import moving
from store.cases.moving import OUTCOMES, CaseMoved, Outcome
from store.presence import set_available, there
from store.staff import note
from store.tables import StaffRow

#: Tags of a case at most.
MOST_TAGS = 12
#: Roles that may hold a case.
HOLDERS = ("counsellor", "supervisor")


class TransferIn(BaseModel):
    """To whom a case goes: a colleague, or a desk."""

    to: str | None = Field(default=None, max_length=64)
    desk: str | None = Field(default=None, max_length=32)


class CloseIn(BaseModel):
    """What became of a case."""

    outcome: Outcome


class TagsIn(BaseModel):
    """Codes of the coding frame."""

    tags: list[str] = Field(max_length=MOST_TAGS)


class PresenceIn(BaseModel):
    """Whether somebody wants new cases."""

    available: bool


def case_steps(tools: Tools) -> APIRouter:
    """What is done with a case, and by whom."""
    router = APIRouter(prefix="/api")
    database, keys = tools.database, tools.keys
    reader, writer = tools.reader(), tools.writer()

    @router.post("/cases/{case_id}/take")
    async def take(
        case_id: str, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        """Take a case that waits; a supervisor also takes one over."""
        async with database.transaction() as db:
            case = await waiting(db, session, case_id)
            try:
                over = oversees(session) and case.status == "taken"
                if over and case.assigned_to != session.name:
                    await moving.transfer(
                        db, keys, case_id, session.name, to=session.name, anyway=True
                    )
                anyway = case.danger or oversees(session)
                await moving.take(db, keys, case_id, session.name, anyway=anyway)
            except CaseMoved as error:
                raise moved(error) from error
            await note(db, session.name, "take case", case_id)
        return done(response)

    @router.post("/cases/{case_id}/pass")
    async def let_pass(
        case_id: str, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        async with database.transaction() as db:
            try:
                await moving.let_pass(db, keys, case_id, session.name, "declined")
            except CaseMoved as error:
                raise moved(error) from error
            await note(db, session.name, "pass case", case_id)
        return done(response)

    @router.post("/cases/{case_id}/give-back")
    async def give_back(
        case_id: str, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        async with database.transaction() as db:
            await held(db, session, case_id)
            await moving.give_back(db, keys, case_id, session.name, "given back")
            await note(db, session.name, "give case back", case_id)
        return done(response)

    @router.post("/cases/{case_id}/transfer")
    async def transfer(
        case_id: str, where: TransferIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        if (where.to is None) == (where.desk is None):
            raise HTTPException(400, "choose a colleague or a desk")
        if where.desk is not None and where.desk not in desks():
            raise HTTPException(400, "there is no such desk")
        async with database.transaction() as db:
            await opened(db, session, case_id)
            if where.to is not None:
                account = await db.get(StaffRow, where.to)
                if account is None or not account.active or account.role not in HOLDERS:
                    raise HTTPException(400, "there is no such colleague")
            try:
                await moving.transfer(
                    db,
                    keys,
                    case_id,
                    session.name,
                    to=where.to,
                    desk=where.desk,
                    anyway=oversees(session),
                )
            except CaseMoved as error:
                raise moved(error) from error
            await note(db, session.name, "transfer case", case_id)
        return done(response)

    @router.post("/cases/{case_id}/close")
    async def close(
        case_id: str, how: CloseIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        if how.outcome not in OUTCOMES or how.outcome == "left":
            raise HTTPException(400, "say what became of the case")
        async with database.transaction() as db:
            await opened(db, session, case_id)
            try:
                await moving.close(
                    db, keys, case_id, session.name, how.outcome, anyway=oversees(session)
                )
            except CaseMoved as error:
                raise moved(error) from error
            await note(db, session.name, "close case", case_id)
        return done(response)

    @router.post("/cases/{case_id}/reopen")
    async def reopen(
        case_id: str, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        """Open a closed case again; it is theirs at once."""
        async with database.transaction() as db:
            await opened(db, session, case_id)
            try:
                await moving.reopen(db, keys, case_id, session.name)
                await moving.take(db, keys, case_id, session.name, anyway=True)
            except CaseMoved as error:
                raise moved(error) from error
            await note(db, session.name, "reopen case", case_id)
        return done(response)

    @router.post("/cases/{case_id}/tags")
    async def tag(
        case_id: str, what: TagsIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        wanted = list(dict.fromkeys(what.tags))
        if not set(wanted) <= set(frame().codes):
            raise HTTPException(400, "there is no such tag")
        async with database.transaction() as db:
            case = await opened_locked(db, session, case_id)
            case.tags = wanted
            case.rev += 1
            await note(db, session.name, "tag case", case_id)
        return done(response, {"tags": wanted})

    @router.get("/cases/{case_id}/colleagues")
    async def colleagues(case_id: str, session: Annotated[Session, reader]) -> dict[str, Any]:
        """Who could go on with a case: who is there first, then who speaks the language."""
        async with database.looking() as db:
            case = await opened(db, session, case_id)
            rows = select(StaffRow).where(StaffRow.role.in_(HOLDERS), StaffRow.active)
            staff = (await db.execute(rows.order_by(StaffRow.name))).scalars().all()
            here = await there(db)
            holders = select(CaseRow.assigned_to).where(CaseRow.status == "taken")
            loads = list((await db.execute(holders)).scalars())
        found = [
            {
                "name": one.name,
                "role": one.role,
                "languages": one.languages or [],
                "speaks": bool(set(one.languages or ()) & set(case.languages or ())),
                "here": one.name in here,
                "load": loads.count(one.name),
                "capacity": one.capacity,
            }
            for one in staff
            if one.name not in (session.name, case.assigned_to)
        ]
        found.sort(key=lambda one: (not one["here"], not one["speaks"], one["load"], one["name"]))
        return {"colleagues": found, "desks": desks()}

    @router.post("/presence")
    async def presence(
        what: PresenceIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        async with database.transaction() as db:
            await set_available(db, session.name, what.available)
            await note(db, session.name, "available" if what.available else "away", "own account")
        return done(response, {"available": what.available})

    @router.post("/alive")
    async def alive(response: Response, session: Annotated[Session, writer]) -> Response:
        """Somebody is at the page: the session lives on."""
        return done(response, {"name": session.name})

    return router
