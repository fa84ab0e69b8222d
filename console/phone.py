"""The page on which a member of the staff links their phone to write in the staff's group."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.access import Session, check_form
from store.database import Database
from store.keys import Keys
from store.phones import CODE_LIFE, has_phone, new_code, unlink_phone
from store.staff import note

HOME = "/console/phone"


def phone_pages(
    database: Database,
    keys: Keys,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Session],
    staff_group: bool,
) -> APIRouter:
    """The page and its forms. ``page`` and ``area`` are the console's own; ``staff_group``: whether
    there is a group to write in."""
    router = APIRouter()
    Allowed = Annotated[Session, area("phone")]
    Csrf = Annotated[str, Form(max_length=64)]

    async def show(request: Request, session: Session, code: str | None = None) -> HTMLResponse:
        async with database.transaction() as db:
            linked = await has_phone(db, session.name)
        minutes = int(CODE_LIFE.total_seconds() // 60)
        values = {"linked": linked, "code": code, "minutes": minutes, "group": staff_group}
        return page(request, "phone.html", session, **values)

    @router.get("/phone")
    async def phone(request: Request, session: Allowed) -> HTMLResponse:
        return await show(request, session)

    @router.post("/phone/code")
    async def make_code(request: Request, session: Allowed, csrf: Csrf) -> HTMLResponse:
        check_form(session, csrf)
        async with database.transaction() as db:
            code = await new_code(db, keys, session.name)
            await note(db, session.name, "code for a phone", "own account")
        return await show(request, session, code)

    @router.post("/phone/unlink")
    async def unlink(session: Allowed, csrf: Csrf) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            if await unlink_phone(db, session.name):
                await note(db, session.name, "unlink phone", "own account")
        return RedirectResponse(HOME, 303)

    return router
