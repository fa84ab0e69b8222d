"""The gate of every page: what the cookie says is checked against the account as it is now."""

import time
from typing import Any

from fastapi import Depends, HTTPException, Request
from sqlalchemy import select

from console.access import STEPS, Session, Sessions, SignInNeeded, Ticket, require
from store.database import Database
from store.tables import StaffRow

SIGN_IN, HOME = "/console/sign-in", "/console/"
#: Seconds in which the code must follow the password.
CODE_WITHIN = 600


class Gate:
    """Lets requests in; ``require_totp``: every account must have a second factor."""

    def __init__(self, database: Database, sessions: Sessions, *, require_totp: bool):
        self._database, self._sessions, self._required = database, sessions, require_totp

    async def look_up(self, ticket: Ticket) -> Session:
        """The session of a ticket; raises SignInNeeded if the account's sessions were ended."""
        columns = select(
            StaffRow.role,
            StaffRow.centre,
            StaffRow.must_change,
            StaffRow.totp.is_not(None).label("second"),
        ).where(StaffRow.name == ticket.name, StaffRow.epoch == ticket.epoch, StaffRow.active)
        # a reading: on SQLite a transaction would wait for the one write lock
        async with self._database.reading() as connection:
            row = (await connection.execute(columns)).one_or_none()
        if row is None:
            raise SignInNeeded
        step = None
        if row.second and not ticket.second:
            step = "code"
            if time.time() - ticket.started > CODE_WITHIN:
                raise SignInNeeded
        elif row.must_change:
            step = "password"
        elif self._required and not row.second:
            step = "second factor"
        return Session(ticket, row.role, row.centre, step)

    async def anybody(self, request: Request) -> Session:
        """The session of a request, at whatever step; else the browser goes to the sign-in page."""
        try:
            return await self.look_up(self._sessions.read(request))
        except SignInNeeded as error:
            raise HTTPException(303, headers={"Location": SIGN_IN}) from error

    async def signed_in(self, request: Request) -> Session:
        """The session of a complete sign-in; else the browser goes to the page of the next step."""
        session = await self.anybody(request)
        if session.step is not None:
            raise HTTPException(303, headers={"Location": STEPS[session.step]})
        return session

    def at(self, *steps: str | None) -> Any:
        """A dependency: the session, which must be at one of the steps (None: complete)."""

        async def check(request: Request) -> Session:
            session = await self.anybody(request)
            if session.step not in steps:
                there = HOME if session.step is None else STEPS[session.step]
                raise HTTPException(303, headers={"Location": there})
            return session

        return Depends(check)

    def area(self, name: str) -> Any:
        """A dependency: the session of somebody whose role may open the area."""

        async def check(request: Request) -> Session:
            session = await self.signed_in(request)
            require(session, name)
            return session

        return Depends(check)
