"""Counsellors for supervisors: what they speak and serve, their shifts, and who is planned when."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, check_form
from console.translated_fields import FormProblem, plain
from content.desks import desks
from content.directory import Directory, Place
from content.languages import LANGUAGES
from reporting.overview import language_name
from reporting.week_grid import week_svg
from store.database import Database
from store.shifts import (
    WEEKDAYS,
    Shift,
    ShiftError,
    clock,
    open_hours,
    planned,
    ranges,
    read_shift,
    set_shifts,
    shifts_of,
)
from store.staff import note
from store.tables import StaffRow

PEOPLE = "/console/supervision/people"
#: Shifts of one person on one day that the form has room for.
A_DAY = 2
LONGEST_NAME, MOST_CHATS = 64, 100
CHANGED = "Somebody else changed this meanwhile. Below is how it is now: change it again."
_NON_JOINER = "\u200c"  # invisible, and right in Farsi names


def people_pages(
    database: Database,
    directory: Directory,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list with the coverage, and the form of one. ``page``, ``area``: the console's own."""
    centres = directory.centres
    router = APIRouter()
    Supervisor = Annotated[Session, area("supervision")]
    Name = Annotated[str, Query(max_length=64)]

    @router.get("/supervision/people")
    async def people(request: Request, session: Supervisor) -> HTMLResponse:
        async with database.transaction() as db:
            rows = (await db.execute(_counsellors())).scalars().all()
            shifts = await shifts_of(db, [row.name for row in rows])
            await note(db, session.name, "read supervision", "counsellors")
        wanted = open_hours(directory.opening.week if directory.opening else None)
        return page(
            request,
            "supervision_people.html",
            session,
            people=rows,
            hours={name: sum(s.ends - s.begins for s in own) / 60 for name, own in shifts.items()},
            desks=desks(),
            coverage=_coverage(rows, shifts, wanted),
            open_hours=sum(map(sum, wanted)),
            weekdays=WEEKDAYS,
            ranges=ranges,
        )

    def form(
        request: Request, session: Session, row: StaffRow, shifts: list[Shift], **more: Any
    ) -> HTMLResponse:
        values = {
            "row": row,
            "fields": _fields(row, shifts),
            "version": _version(row, shifts),
            "problem": None,
        } | more
        response = page(
            request,
            "supervision_person.html",
            session,
            weekdays=WEEKDAYS,
            a_day=A_DAY,
            desks=desks(),
            most_chats=MOST_CHATS,
            longest_name=LONGEST_NAME,
            **values,
        )
        if problem := values["problem"]:
            response.status_code = 409 if problem == CHANGED else 400
        return response

    @router.get("/supervision/person")
    async def person(request: Request, session: Supervisor, name: Name = "") -> HTMLResponse:
        async with database.transaction() as db:
            row, shifts = await _counsellor(db, name)
            await note(db, session.name, "read supervision", f"counsellor {name}")
        return form(request, session, row, shifts)

    @router.post("/supervision/person")
    async def save(request: Request, session: Supervisor, name: Name = "") -> Response:
        sent = await request.form()
        check_form(session, plain(sent, "csrf"))
        fields = _sent_fields(sent, centres)
        async with database.transaction() as db:
            row, shifts = await _counsellor(db, name)
            if plain(sent, "version") != _version(row, shifts):
                return form(request, session, row, shifts, problem=CHANGED)
            before = _state(row, shifts)
            try:
                values, wanted = _checked(fields)
                await set_shifts(db, name, wanted)
            except (FormProblem, ShiftError) as problem:
                # nothing of it is kept, also no shift: the row is as it was read
                return form(request, session, row, shifts, fields=fields, problem=str(problem))
            for column, value in values.items():
                setattr(row, column, value)
            after = _state(row, sorted(wanted))
            changed = ", ".join(key for key in after if after[key] != before[key])
            await note(db, session.name, "change counsellor", f"{name}: {changed or 'nothing'}")
        return RedirectResponse(PEOPLE, 303)

    return router


def _counsellors():
    active = StaffRow.active.is_(True)
    return select(StaffRow).where(StaffRow.role == "counsellor", active).order_by(StaffRow.name)


async def _counsellor(db: AsyncSession, name: str) -> tuple[StaffRow, list[Shift]]:
    """A counsellor, held until the transaction ends, and their shifts; HTTPException 404."""
    rows = _counsellors().where(StaffRow.name == name.replace("\x00", ""))
    row = (await db.execute(rows.with_for_update())).scalar_one_or_none()
    if row is None:
        raise HTTPException(404, "no such counsellor")
    return row, (await shifts_of(db, [row.name]))[row.name]


def _coverage(
    rows: Collection[StaffRow], shifts: Mapping[str, list[Shift]], wanted: list[list[bool]]
) -> list[dict[str, Any]]:
    """For each language: how many who speak it are planned in each hour, drawn and in numbers."""
    found = []
    for code in LANGUAGES:
        speakers = [row.name for row in rows if code in (row.languages or ())]
        grid = planned(shift for name in speakers for shift in shifts[name])
        title = f"{language_name(code)}: counsellors planned by weekday and hour"
        found.append(
            {
                "code": code,
                "speakers": len(speakers),
                "grid": grid,
                "svg": week_svg(f"cover-{code}", title, grid, wanted),
                "empty": sum(
                    is_open and n == 0
                    for hours, opened in zip(grid, wanted, strict=True)
                    for n, is_open in zip(hours, opened, strict=True)
                ),
            }
        )
    return found


def _state(row: StaffRow, shifts: list[Shift]) -> dict[str, Any]:
    """All that the form changes."""
    return {
        "shown_as": row.shown_as,
        "languages": row.languages or [],
        "desks": row.desks or [],
        "serves": row.serves or [],
        "capacity": row.capacity,
        "shifts": [(one.weekday, one.begins, one.ends) for one in shifts],
    }


def _version(row: StaffRow, shifts: list[Shift]) -> str:
    """Changes with everything that the form changes: nothing is overwritten unseen."""
    return hashlib.sha256(json.dumps(_state(row, shifts)).encode()).hexdigest()[:32]


def _fields(row: StaffRow, shifts: list[Shift]) -> dict[str, Any]:
    """The form's fields as they are saved."""
    times = {}
    for day in range(len(WEEKDAYS)):
        own = [shift for shift in shifts if shift.weekday == day]
        for place in range(A_DAY):
            one = own[place] if place < len(own) else None
            times[day, place] = (clock(one.begins), clock(one.ends)) if one else ("", "")
    return {
        "shown_as": row.shown_as or "",
        "languages": row.languages or [],
        "desks": row.desks or [],
        "serves": row.serves or [],
        "capacity": str(row.capacity),
        "times": times,
    }


def _sent_fields(sent: Any, centres: Mapping[str, Place]) -> dict[str, Any]:
    """The form's fields as they were sent; HTTPException 400 for what no form of ours sends."""
    ticked = {}
    for name, known in {"languages": LANGUAGES, "desks": desks(), "serves": centres}.items():
        wanted = sent.getlist(name)
        if not set(wanted) <= set(known):
            raise HTTPException(400, f"unknown value of {name}")
        ticked[name] = [key for key in known if key in wanted]
    return ticked | {
        "shown_as": plain(sent, "shown_as"),
        "capacity": plain(sent, "capacity"),
        "times": {
            (day, place): tuple(plain(sent, f"{end}_{day}_{place}") for end in ("from", "to"))
            for day in range(len(WEEKDAYS))
            for place in range(A_DAY)
        },
    }


def _checked(fields: dict[str, Any]) -> tuple[dict[str, Any], list[Shift]]:
    """The columns and the shifts of a form; raises FormProblem or ShiftError."""
    shown_as = re.sub(" +", " ", fields["shown_as"])
    if len(shown_as) > LONGEST_NAME or not shown_as.replace(_NON_JOINER, "").isprintable():
        raise FormProblem(f"Name that people see: one line of at most {LONGEST_NAME} characters.")
    capacity = fields["capacity"]
    number = int(capacity) if re.fullmatch(r"\d{1,3}", capacity, re.ASCII) else 0
    if not 1 <= number <= MOST_CHATS:
        raise FormProblem(f"Chats at the same time: a number from 1 to {MOST_CHATS}.")
    shifts = []
    for (day, _place), (begins, ends) in fields["times"].items():
        if begins or ends:
            shifts.append(read_shift(day, begins, ends))
    columns = {
        "shown_as": shown_as or None,
        "languages": fields["languages"],
        "desks": fields["desks"],
        "serves": fields["serves"],
        "capacity": number,
    }
    return columns, shifts
