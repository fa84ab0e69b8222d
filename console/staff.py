"""The admin's page of staff accounts. Every change is in the audit log."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, check_form
from content.directory import Place
from store.accounts import (
    account_to_change,
    all_accounts,
    reset_password,
    set_active,
    set_place,
    unlock,
)
from store.database import Database
from store.passwords import one_time_password
from store.second_factor import drop_second_factor, recovery_codes_left
from store.staff import ROLES, add_staff, end_sessions, find_account, note
from store.tables import StaffRow, now

PAGE = "/console/staff"
#: What a button on the page of an account does, as it stands in the audit log.
Deed = Literal[
    "switch off account",
    "switch on account",
    "unlock account",
    "reset password",
    "reset second factor",
    "sign out everywhere",
]
#: Things that members of the staff do to their own account on their own page, with their password.
NOT_OWN = ("reset password", "reset second factor")


def staff_pages(
    database: Database,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    centres: Mapping[str, Place],
) -> APIRouter:
    """The pages and their forms. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Admin = Annotated[Session, area("staff")]
    Csrf = Annotated[str, Form(max_length=64)]
    Role = Annotated[str, Form(max_length=16)]
    CentreId = Annotated[str, Form(max_length=32)]

    def known_centre(centre: str) -> str | None:
        if centre and centre not in centres:
            raise ValueError("centre: choose one of the list")
        return centre or None

    async def show_list(
        request: Request, session: Session, problem: str | None = None, **typed: str
    ) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await all_accounts(db)
        response = page(
            request,
            "staff.html",
            session,
            rows=rows,
            now=now(),
            roles=ROLES,
            problem=problem,
            typed=typed,
        )
        response.status_code = 400 if problem else 200
        return response

    async def show_one(
        request: Request,
        session: Session,
        name: str,
        *,
        problem: str | None = None,
        one_time: str | None = None,
    ) -> HTMLResponse:
        async with database.transaction() as db:
            row = _found(await find_account(db, name))
            left = await recovery_codes_left(db, name)
        response = page(
            request,
            "staff_account.html",
            session,
            row=row,
            left=left,
            now=now(),
            roles=ROLES,
            own=name == session.name,
            problem=problem,
            one_time=one_time,
        )
        response.status_code = 400 if problem else 200
        return response

    @router.get("/staff")
    async def accounts(request: Request, session: Admin) -> HTMLResponse:
        return await show_list(request, session)

    @router.post("/staff")
    async def add(
        request: Request,
        session: Admin,
        csrf: Csrf,
        name: Annotated[str, Form(max_length=64)],
        role: Role,
        centre: CentreId = "",
    ) -> Response:
        check_form(session, csrf)
        name, password = name.strip(), one_time_password()
        try:
            async with database.transaction() as db:
                at = known_centre(centre)
                await add_staff(db, name, role, password, must_change=True, centre=at)
                await note(db, session.name, "add account", f"{name}: {_place(role, at)}")
        except ValueError as error:
            return await show_list(
                request, session, str(error), name=name, role=role, centre=centre
            )
        return await show_one(request, session, name, one_time=password)

    @router.get("/staff/{name}")
    async def account(request: Request, name: str, session: Admin) -> HTMLResponse:
        return await show_one(request, session, name)

    @router.post("/staff/{name}/place")
    async def place(
        request: Request, name: str, session: Admin, csrf: Csrf, role: Role, centre: CentreId = ""
    ) -> Response:
        check_form(session, csrf)
        try:
            async with database.transaction() as db:
                row = _found(await account_to_change(db, name))
                before, at = _place(row.role, row.centre), known_centre(centre)
                if await set_place(db, row, role, at):
                    what = f"{name}: {before} → {_place(role, at)}"
                    await note(db, session.name, "change account", what)
        except ValueError as error:
            return await show_one(request, session, name, problem=str(error))
        return _back(name)

    @router.post("/staff/{name}/do")
    async def do(
        request: Request,
        name: str,
        session: Admin,
        csrf: Csrf,
        deed: Annotated[Deed, Form()],
    ) -> Response:
        check_form(session, csrf)
        if name == session.name and deed in NOT_OWN:
            raise HTTPException(409, "use the page of your own account for this")
        one_time = None
        try:
            async with database.transaction() as db:
                one_time = await _do(db, _found(await account_to_change(db, name)), deed)
                await note(db, session.name, deed, name)
        except ValueError as error:
            return await show_one(request, session, name, problem=str(error))
        if one_time:
            return await show_one(request, session, name, one_time=one_time)
        return _back(name)

    return router


def _found(row: StaffRow | None) -> StaffRow:
    if row is None:
        raise HTTPException(404, "no such account")
    return row


async def _do(db: AsyncSession, row: StaffRow, deed: Deed) -> str | None:
    """Do it; returns a new one-time password if there is one. Raises LastAdmin."""
    match deed:
        case "switch off account" | "switch on account":
            await set_active(db, row, deed == "switch on account")
        case "unlock account":
            unlock(row)
        case "reset password":
            return reset_password(row)
        case "reset second factor":
            await drop_second_factor(db, row)
        case "sign out everywhere":
            end_sessions(row)
    return None


def _place(role: str, centre: str | None) -> str:
    return f"{role}, {centre}" if centre else role


def _back(name: str) -> Response:
    return RedirectResponse(f"{PAGE}/{quote(name)}", 303)
