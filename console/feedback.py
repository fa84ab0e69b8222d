"""The inbox of feedback: what came, by filters; the general one, and apart from it what is
sensitive, which only the protection desk sees. One item has its page in ``feedback_item.py``."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from actions.feedback import STATUSES
from console.access import Session
from content.coding import Category, frame
from content.directory import Place
from content.languages import LANGUAGES
from store.clocks import due_on, is_overdue
from store.database import Database
from store.inbox import PAGE, About, Filters, Reader, inbox, owed
from store.staff import names_with_role, note
from store.tables import today

GENERAL, SENSITIVE = "feedback", "sensitive"  # areas of the console and parts of its addresses
#: Which accounts items of each inbox are assigned to.
ROLE = {GENERAL: "aap", SENSITIVE: "protection"}
#: Shown in the select of weeks.
WEEKS = 26
STATES = ("open", "overdue", *STATUSES)
#: What a select sends for "all", "nobody" and "no centre given".
ALL, NONE = "", "none"


@dataclass(frozen=True)
class Chosen:
    """The filters as they stand in the address; HTTPException 400 if one is unknown."""

    state: Annotated[str, Query(max_length=16)] = ALL
    centre: Annotated[str, Query(max_length=32)] = ALL
    language: Annotated[str, Query(max_length=2)] = ALL
    type: Annotated[str, Query(max_length=16)] = ALL
    category: Annotated[str, Query(max_length=32)] = ALL
    week: Annotated[str, Query(max_length=10)] = ALL
    assigned: Annotated[str, Query(max_length=64)] = ALL
    translation: Annotated[str, Query(max_length=3)] = ALL

    def filters(self, centres: dict[str, Place]) -> Filters:
        """As the store wants them."""
        known = {
            "state": STATES,
            "centre": (NONE, *centres),
            "language": tuple(LANGUAGES),
            "type": tuple(frame().types),
            "category": tuple(frame().categories),
        }
        for name, values in known.items():
            if getattr(self, name) not in (ALL, *values):
                raise HTTPException(400, f"unknown {name}")
        category = frame().categories.get(self.category)
        return Filters(
            state=self.state or None,
            centre=_choice(self.centre),
            language=self.language or None,
            type=self.type or None,
            about=about(category) if category else None,
            week=_monday(self.week),
            assigned=_choice(self.assigned),
            translation=bool(self.translation),
        )

    def address(self, **changed: object) -> str:
        """The query of these filters, with some changed."""
        values = {**self.__dict__, **changed}
        return urlencode({name: value for name, value in values.items() if value not in (ALL, 1)})


def _choice(value: str) -> str | None:
    """None for all, "" for nobody or no centre, else the value."""
    return None if value == ALL else "" if value == NONE else value


def _monday(value: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(value) if value else None
    except ValueError as error:
        raise HTTPException(400, "unknown week") from error
    return day - dt.timedelta(days=day.weekday()) if day else None


def about(category: Category) -> About:
    """What is of a category, by code or, where it is not coded, by the area that was pressed."""
    return About(frozenset(c.id for c in frame().in_category(category.id)), category.areas)


def reader(session: Session, where: str) -> Reader:
    """What a member of the staff may read in an inbox."""
    return Reader(where == SENSITIVE, session.centre, about(frame().categories["staff"]))


def weeks() -> list[dt.date]:
    """The Mondays of the last weeks, the newest first."""
    monday = today() - dt.timedelta(days=today().weekday())
    return [monday - dt.timedelta(weeks=n) for n in range(WEEKS)]


def inbox_pages(
    database: Database,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    centres: dict[str, Place],
) -> APIRouter:
    """Both inboxes. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Wanted = Annotated[Chosen, Depends()]
    Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]

    async def show(
        request: Request, session: Session, where: str, chosen: Chosen, number: int
    ) -> HTMLResponse:
        filters, who = chosen.filters(centres), reader(session, where)
        async with database.transaction() as db:
            items, found = await inbox(db, who, filters, number)
            counts = await owed(db, who, session.name)
            officers = await names_with_role(db, ROLE[where])
            await note(db, session.name, f"read {where}", "list")
        return page(
            request,
            "feedback.html",
            session,
            where=where,
            items=items,
            found=found,
            owed=counts,
            officers=officers,
            chosen=chosen,
            number=number,
            last=max(1, -(-found // PAGE)),
            frame=frame(),
            states=STATES,
            weeks=weeks(),
            due_on=due_on,
            is_overdue=is_overdue,
        )

    def add(where: str) -> None:
        @router.get(f"/{where}")
        async def items(
            request: Request,
            session: Annotated[Session, area(where)],
            chosen: Wanted,
            number: Number = 1,
        ) -> HTMLResponse:
            return await show(request, session, where, chosen, number)

    for where in (GENERAL, SENSITIVE):
        add(where)
    return router
