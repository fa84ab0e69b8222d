"""A member of the staff's own account: password, second factor, recovery codes, other sessions."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, Sessions, check_form, forget
from console.gate import SIGN_IN, Gate
from console.sign_in import ACCOUNT, OTHER_KEY, Code, Csrf, Password, locked
from store.database import Database
from store.keys import CannotDecrypt, Keys
from store.second_factor import (
    new_recovery_codes,
    recovery_codes_left,
    right_code,
    set_second_factor,
)
from store.staff import (
    AccountLocked,
    end_sessions,
    find_account,
    note,
    right_password,
    set_password,
)
from store.tables import StaffRow
from store.totp import address, new_secret

WRONG = "Password or code is wrong."


def account_pages(
    database: Database,
    keys: Keys,
    sessions: Sessions,
    gate: Gate,
    page: Callable[..., HTMLResponse],
) -> APIRouter:
    """The pages and their forms. ``page`` is the console's own."""
    router = APIRouter()
    Own = Annotated[Session, Depends(gate.signed_in)]
    AtSetup = Annotated[Session, gate.at("second factor")]
    MaySetup = Annotated[Session, gate.at("second factor", None)]

    async def show(
        request: Request, session: Session, problem: str | None = None, done: str | None = None
    ) -> HTMLResponse:
        async with database.transaction() as db:
            row = await db.get(StaffRow, session.name)
            left = await recovery_codes_left(db, session.name)
        response = page(
            request, "account.html", session, row=row, left=left, problem=problem, done=done
        )
        response.status_code = 400 if problem else 200
        return response

    def show_setup(
        request: Request, session: Session, secret: str, problem: str | None = None
    ) -> HTMLResponse:
        # the secret waits in the form, sealed for this session only: nothing is kept until it works
        sealed = keys.second_factor.seal(json.dumps([session.name, session.csrf, secret]))
        response = page(
            request,
            "second_factor.html",
            session,
            qr=segno.make(address(secret, session.name), micro=False).svg_data_uri(
                scale=5, light="white"
            ),
            groups=[secret[i : i + 4] for i in range(0, len(secret), 4)],
            sealed=sealed.decode(),
            problem=problem,
        )
        response.status_code = 400 if problem else 200
        return response

    def waiting_secret(session: Session, sealed: str) -> str:
        try:
            name, csrf, secret = json.loads(keys.second_factor.open(sealed.encode()))
        except (CannotDecrypt, ValueError) as error:
            raise HTTPException(400, "this form was not made here") from error
        if (name, csrf) != (session.name, session.csrf):
            raise HTTPException(403, "the form is out of date; go back and reload the page")
        return secret

    async def proven(db: AsyncSession, row: StaffRow, password: str, code: str) -> str | None:
        """None if the password is right, and the code where there is a second factor; else why."""
        try:
            right = await right_password(db, row, password)
            if right and row.totp is not None:
                right = await right_code(db, keys, row, code)
        except AccountLocked as error:
            return locked(error)
        except CannotDecrypt:
            return OTHER_KEY
        return None if right else WRONG

    @router.get("/account")
    async def account(request: Request, session: Own, done: str = "") -> HTMLResponse:
        said = "Your password is changed." if done == "password" else None
        return await show(request, session, done=said)

    @router.post("/account/password")
    async def change_password(
        request: Request, session: Own, csrf: Csrf, old: Password, password: Password
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await find_account(db, session.name)
            try:
                problem = None
                if not await right_password(db, row, old):
                    problem = "The old password is wrong."
                else:
                    set_password(row, password)
                    await note(db, session.name, "change password", "own account")
            except AccountLocked as error:
                problem = locked(error)
            except ValueError as error:
                problem = str(error)
        if problem:
            return await show(request, session, problem)
        response = RedirectResponse(f"{ACCOUNT}?done=password", 303)
        sessions.give(request, response, session.of_epoch(row.epoch).ticket)
        return response

    @router.get("/second-factor")
    async def first_setup(request: Request, session: AtSetup) -> HTMLResponse:
        return show_setup(request, session, new_secret())

    @router.post("/account/second-factor")
    async def begin_setup(
        request: Request, session: Own, csrf: Csrf, password: Password, code: Code = ""
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await find_account(db, session.name)
            problem = await proven(db, row, password, code)
        if problem:
            return await show(request, session, problem)
        return show_setup(request, session, new_secret())

    @router.post("/second-factor")
    async def confirm_setup(
        request: Request,
        session: MaySetup,
        csrf: Csrf,
        sealed: Annotated[str, Form(max_length=1024)],
        code: Code,
    ) -> Response:
        check_form(session, csrf)
        secret = waiting_secret(session, sealed)
        async with database.transaction() as db:
            row = await find_account(db, session.name)
            codes = await set_second_factor(db, keys, row, secret, code)
        if codes is None:
            problem = "This is not the app's code now. Is the phone's clock right? Try the next."
            return show_setup(request, session, secret, problem)
        # a fresh ticket: the form that was sealed for the old one can't be sent again
        ready = replace(session, ticket=sessions.new(row, second=True), step=None)
        return page(request, "recovery_codes.html", ready, codes=codes)

    @router.post("/account/recovery-codes")
    async def renew_recovery_codes(
        request: Request, session: Own, csrf: Csrf, password: Password, code: Code
    ) -> Response:
        check_form(session, csrf)
        codes = []
        async with database.transaction() as db:
            row = await find_account(db, session.name)
            if row.totp is None:
                problem = "Set up a second factor first."
            else:
                problem = await proven(db, row, password, code)
            if problem is None:
                codes = await new_recovery_codes(db, keys, row)
                await note(db, session.name, "new recovery codes", "own account")
        if problem:
            return await show(request, session, problem)
        return page(request, "recovery_codes.html", session, codes=codes)

    @router.post("/account/sign-out-everywhere")
    async def sign_out_everywhere(session: Own, csrf: Csrf) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            row = await find_account(db, session.name)
            end_sessions(row)
            await note(db, session.name, "sign out everywhere", "own account")
        response = RedirectResponse(SIGN_IN, 303)
        forget(response)
        return response

    return router
