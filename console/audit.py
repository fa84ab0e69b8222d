"""The audit log's page: who did what, filtered and paged."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from console.access import Session
from store.audit import AuditFilter, audit_choices, audit_lines
from store.database import Database

#: Ids are whole numbers of at most 32 bits.
LARGEST = 2**31 - 1
#: PostgreSQL refuses a null character in a text.
TEXT = r"^[^\x00]*$"


def audit_pages(
    database: Database, page: Callable[..., HTMLResponse], area: Callable[[str], Any]
) -> APIRouter:
    """The page. ``page`` and ``area`` are the console's own."""
    router = APIRouter()

    @router.get("/audit")
    async def audit(
        request: Request,
        session: Annotated[Session, area("audit")],
        staff: Annotated[str, Query(max_length=64, pattern=TEXT)] = "",
        action: Annotated[str, Query(max_length=32, pattern=TEXT)] = "",
        day: Annotated[str, Query(max_length=10)] = "",
        before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    ) -> HTMLResponse:
        wanted = AuditFilter(staff or None, action or None, _day(day))
        async with database.transaction() as db:
            lines, following = await audit_lines(db, wanted, before)
            names, actions = await audit_choices(db)
        chosen = {"staff": staff, "action": action, "day": day}
        kept = {key: value for key, value in chosen.items() if value}
        return page(
            request,
            "audit.html",
            session,
            lines=lines,
            names=names,
            actions=actions,
            chosen=chosen,
            newest=f"/console/audit?{urlencode(kept)}" if before else None,
            older=f"/console/audit?{urlencode(kept | {'before': following})}"
            if following
            else None,
        )

    return router


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise HTTPException(400, "day: a date such as 2025-03-01") from error
