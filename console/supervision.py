"""Supervision: the handoff as it is now and over time, the targets, and the monthly counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.access import Session, check_form
from console.translated_fields import plain
from content.languages import LANGUAGES
from reporting.export import MAX_PURPOSE
from reporting.handoff import (
    MONTHS,
    OUTCOME_NAMES,
    REPLY_BUCKETS,
    duration,
    export_counts,
    months,
    opened_chart,
    reply_chart,
)
from reporting.selection import month_of, months_before
from reporting.week_grid import week_svg
from store.database import Database
from store.local_time import local
from store.shifts import WEEKDAYS, ranges
from store.staff import note
from store.supervision.live import AGES, Now, OpenCase, state_now
from store.supervision.past import FEWEST, WEEKS, counted, demand, kept_cases
from store.supervision.targets import (
    TARGETS,
    Target,
    missed,
    set_targets,
    target_values,
)
from store.tables import today

AREA = "supervision"
#: Months of which the hours of demand are shown, and cases that are named of a missed target.
DEMAND_MONTHS, MOST_CASES = 3, 10
CHANGED = "Somebody else changed the targets meanwhile. Look at them, then save again."


@dataclass(frozen=True)
class Miss:
    """A target that is missed now, and by which cases."""

    target: Target
    limit: int
    cases: list[OpenCase]

    @property
    def said(self) -> str:
        """What is wrong, after a number of cases."""
        return self.target.missed.format(limit=self.target.words(self.limit))


def supervision_pages(
    database: Database, page: Callable[..., HTMLResponse], area: Callable[[str], Any]
) -> APIRouter:
    """The pages. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Supervisor = Annotated[Session, area(AREA)]
    Csrf = Annotated[str, Form(max_length=64)]

    async def live() -> dict[str, Any]:
        async with database.reading() as connection:
            state, values = await state_now(connection), await target_values(connection)
        return _live(state, values)

    @router.get("/supervision")
    async def supervision(
        request: Request,
        session: Supervisor,
        language: Annotated[str, Query(max_length=2)] = "",
    ) -> HTMLResponse:
        if language and language not in LANGUAGES:
            raise HTTPException(400, "unknown language")
        now_, past = await live(), await _past(database, language or None)
        async with database.transaction() as db:
            await note(db, session.name, "read supervision", language or "all languages")
        return page(request, "supervision.html", session, **now_, **past, chosen=language)

    @router.get("/supervision/now")
    async def current(request: Request, session: Supervisor) -> HTMLResponse:
        # without the session: a page that refreshes itself must not keep an idle session alive
        return page(request, "supervision_now.html", None, **await live())

    @router.get("/supervision/targets")
    async def targets(request: Request, session: Supervisor) -> HTMLResponse:
        async with database.reading() as connection:
            values = await target_values(connection)
        return page(request, "supervision_targets.html", session, **_targets(values))

    @router.post("/supervision/targets")
    async def save_targets(request: Request, session: Supervisor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        sent = {name: plain(form, name) for name, _target in _settable()}
        async with database.transaction() as db:
            before = await target_values(db)
            problem = CHANGED if plain(form, "version") != _version(before) else None
            if problem is None:
                try:
                    wanted = {name: _number(target, sent[name]) for name, target in _settable()}
                    changed = {name: n for name, n in wanted.items() if n != before[name]}
                    await set_targets(db, changed)
                except ValueError as error:
                    problem = str(error)
                else:
                    what = (f"{name} {before[name]} to {n}" for name, n in changed.items())
                    await note(db, session.name, "set targets", "; ".join(what) or "no change")
                    return RedirectResponse("/console/supervision/targets", 303)
        shown = before if problem == CHANGED else {**before, **sent}
        response = page(
            request,
            "supervision_targets.html",
            session,
            **_targets(before) | {"values": shown, "problem": problem},
        )
        response.status_code = 409 if problem == CHANGED else 400
        return response

    @router.post("/supervision/export")
    async def export(
        session: Supervisor, csrf: Csrf, purpose: Annotated[str, Form(max_length=MAX_PURPOSE)]
    ) -> Response:
        check_form(session, csrf)
        if not purpose.strip():
            raise HTTPException(400, "say what the export is for")
        first = months_before(month_of(today()), MONTHS - 1)
        about = f"csv; internal; since {first:%Y-%m}; purpose: {purpose.strip()}"
        async with database.transaction() as db:
            await note(db, session.name, "export supervision", about)
        async with database.reading() as connection:
            text = export_counts(await counted(connection, first))
        named = f'attachment; filename="handoff_{first:%Y-%m}_{today():%Y-%m}_internal.csv"'
        return Response(
            text, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": named}
        )

    return router


def _live(state: Now, values: dict[str, int]) -> dict[str, Any]:
    """What the part of the page needs that refreshes itself."""
    misses = [
        Miss(TARGETS[name], values[name], cases)
        for name, cases in missed(state, values).items()
        if cases
    ]
    late = {case.id for miss in misses for case in miss.cases}
    wait = state.longest_wait
    return {
        "state": state,
        "misses": misses,
        "late": late,
        "longest": duration(wait.total_seconds() / 60) if wait is not None else None,
        "bands": [label for _most, label in AGES],
        "at": local(state.at),
        "waited": lambda case: duration((state.at - case.waiting_since).total_seconds() / 60),
        "most_cases": MOST_CASES,
    }


async def _past(database: Database, language: str | None) -> dict[str, Any]:
    """What is shown over time, of one language or of all."""
    this_month = month_of(today())
    async with database.reading() as connection:
        kept = await kept_cases(connection, language)
        counts = await counted(connection, months_before(this_month, MONTHS - 1), language)
    by_months = months(counts, this_month)
    since = months_before(this_month, DEMAND_MONTHS - 1)
    hours = demand(one for one in counts if one.month >= since)
    return {
        "kept": kept,
        "months": [m for m in by_months if m.opened or m.closed or m.ratings or m.replies],
        "charts": [opened_chart(by_months), reply_chart(kept)],
        "hours": hours,
        "hours_svg": week_svg("demand", "Cases opened by weekday and hour", hours),
        "ranges": ranges,
        "weekdays": WEEKDAYS,
        "buckets": REPLY_BUCKETS,
        "outcomes": OUTCOME_NAMES,
        "duration": duration,
        "fewest": FEWEST,
        "weeks_back": WEEKS,
        "months_back": MONTHS,
        "demand_months": DEMAND_MONTHS,
        "max_purpose": MAX_PURPOSE,
    }


def _settable() -> list[tuple[str, Target]]:
    return [(name, target) for name, target in TARGETS.items() if target.unit]


def _targets(values: dict[str, int]) -> dict[str, Any]:
    return {"targets": _settable(), "values": values, "version": _version(values), "problem": None}


def _version(values: dict[str, int]) -> str:
    """Changes with every target: nothing is overwritten unseen."""
    return "-".join(str(values[name]) for name, _target in _settable())


def _number(target: Target, text: str) -> int:
    """The number of a field; raises ValueError that says which."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise ValueError(f"{target.label}: write a whole number of {target.unit}.")
    return int(text)
