"""Signing in, step by step: password, code, a new password where it must be changed; and out."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.access import Session, Sessions, check_form, forget
from console.gate import HOME, SIGN_IN, Gate
from store.database import Database
from store.keys import CannotDecrypt, Keys
from store.second_factor import right_code
from store.staff import AccountLocked, find_account, note, set_password, sign_in, signed_in

WRONG = "Name or password is wrong."
WRONG_CODE = "The code is wrong, or was used already. Each code works once: wait for the next one."
OTHER_KEY = (
    "The code can't be checked: the server's secret key was changed. Ask for a new second factor "
    "(rahnuma users reset)."
)
ACCOUNT = "/console/account"

Csrf = Annotated[str, Form(max_length=64)]
#: Longer than any password, so that a too long one is refused in words.
Password = Annotated[str, Form(max_length=1024)]
Code = Annotated[str, Form(max_length=64)]


def locked(error: AccountLocked) -> str:
    """A sentence for somebody whose account is locked."""
    return f"Too many wrong tries: {error}."


def sign_in_pages(
    database: Database,
    keys: Keys,
    sessions: Sessions,
    gate: Gate,
    page: Callable[..., HTMLResponse],
) -> APIRouter:
    """The pages and their forms. ``page`` is the console's own."""
    router = APIRouter()
    AtCode = Annotated[Session, gate.at("code")]
    AtPassword = Annotated[Session, gate.at("password")]

    def refused(
        request: Request, template: str, session: Session | None, problem: str, status: int
    ) -> HTMLResponse:
        response = page(request, template, session, problem=problem)
        response.status_code = status
        return response

    @router.get("/sign-in")
    async def sign_in_page(request: Request) -> HTMLResponse:
        return page(request, "sign_in.html", None, problem=None)

    @router.post("/sign-in")
    async def take_sign_in(
        request: Request, name: Annotated[str, Form(max_length=64)], password: Password
    ) -> Response:
        problem = WRONG
        async with database.transaction() as db:
            try:
                row = await sign_in(db, name.strip(), password)
            except AccountLocked as error:
                row, problem = None, locked(error)
        if row is None:
            return refused(request, "sign_in.html", None, problem, 401)
        response = RedirectResponse(HOME, 303)
        sessions.give(request, response, sessions.new(row, second=False))
        return response

    @router.get("/sign-in/code")
    async def code_page(request: Request, session: AtCode) -> HTMLResponse:
        return page(request, "code.html", session, problem=None)

    @router.post("/sign-in/code")
    async def take_code(request: Request, session: AtCode, csrf: Csrf, code: Code) -> Response:
        check_form(session, csrf)
        problem, right, ticket, used_recovery = WRONG_CODE, False, None, False
        async with database.transaction() as db:
            row = await find_account(db, session.name)
            try:
                before = row.totp_step
                right = await right_code(db, keys, row, code)
            except AccountLocked as error:
                problem = locked(error)
            except CannotDecrypt:
                problem = OTHER_KEY
            if right:
                used_recovery = row.totp_step == before
                signed_in(row)
                await note(db, row.name, "sign in", "password and code")
                ticket = sessions.new(row, second=True)
        if ticket is None:
            return refused(request, "code.html", session, problem, 401)
        # how many recovery codes are left is on the account's page
        response = RedirectResponse(ACCOUNT if used_recovery else HOME, 303)
        sessions.give(request, response, ticket)
        return response

    @router.post("/sign-out")
    async def sign_out(session: Annotated[Session, Depends(gate.anybody)], csrf: Csrf) -> Response:
        check_form(session, csrf)
        response = RedirectResponse(SIGN_IN, 303)
        forget(response)
        return response

    @router.get("/password")
    async def password_page(request: Request, session: AtPassword) -> HTMLResponse:
        return page(request, "password.html", session, problem=None)

    @router.post("/password")
    async def take_password(
        request: Request, session: AtPassword, csrf: Csrf, password: Password
    ) -> Response:
        check_form(session, csrf)
        try:
            async with database.transaction() as db:
                row = await find_account(db, session.name)
                set_password(row, password)
                await note(db, session.name, "change password", "own account")
        except ValueError as error:
            return refused(request, "password.html", session, str(error), 400)
        response = RedirectResponse(HOME, 303)
        sessions.give(request, response, session.of_epoch(row.epoch).ticket)
        return response

    return router
