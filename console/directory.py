"""The directory in the console: all facts, what is done about each, and their way back to files."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse

from actions.published import as_published
from console.access import Session
from console.directory_fact import fact_pages
from console.fact_work import Work, by_path
from content.answers import Library
from content.export import ExportError, file_name, new_files, patch
from content.facts import Fact, addable, all_facts, named_by
from content.overlay import Published
from store import versions
from store.database import Database
from store.staff import note
from store.tables import today

AREA = "directory"
TITLES = {
    "desk": "Counsellors' desk",
    "numbers": "Numbers",
    "organisations": "Organisations",
    "centres": "Centres",
    "towns": "Towns",
}
Show = Literal["all", "hidden", "shown", "open", "review", "published"]


@dataclass(frozen=True)
class Line:
    """A fact in the list: what it is, what is done about it, which answers name it."""

    fact: Fact
    age: int | None
    states: list[str]
    named: dict[str, list[str]]  # intent → languages
    work: Work

    def fits(self, words: list[str], days: int | None, show: Show) -> bool:
        """Whether a search and the filters find it."""
        data, work = self.fact.data, self.work
        text = f"{self.fact.path} {self.fact.name} {' '.join(map(str, data.values()))}".casefold()
        if not all(word in text for word in words):
            return False
        if days is not None and self.age is not None and self.age <= days:
            return False
        return {
            "all": True,
            "hidden": self.fact.hidden_because is not None,
            "shown": self.fact.hidden_because is None,
            "open": work.open is not None,
            "review": work.open is not None and work.open.state == "review",
            "published": work.published is not None,
        }[show]


def directory_pages(
    database: Database,
    library: Library,
    files: dict[str, Any],
    refresh: Callable[[], Awaitable[bool]],
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list, a page for each fact, and the export. ``files``: the directory's data of the file,
    over which published facts lie; ``refresh``: loads again what people read."""
    router = APIRouter()
    Editor = Annotated[Session, area(AREA)]

    @router.get("/directory")
    async def directory(
        request: Request,
        session: Editor,
        q: Annotated[str, Query(max_length=100)] = "",
        days: Annotated[str, Query(max_length=4, pattern=r"^\d*$")] = "",
        show: Show = "all",
    ) -> HTMLResponse:
        async with database.transaction() as db:
            work = by_path(await versions.every(db, "fact"))
            await note(db, session.name, "list directory", "list")
        data, names = library.directory.data, named_by(library.answers)
        lines = [_line(fact, work, files, names) for fact in all_facts(data)]
        words, limit = q.casefold().split(), int(days) if days else None
        filtered = bool(words or days or show != "all")
        found = [line for line in lines if line.fits(words, limit, show)]
        return page(
            request,
            "directory.html",
            session,
            sections=_grouped(found, data, everything=not filtered),
            titles=TITLES,
            n=len(found),
            total=len(lines),
            waiting=sum(line.fits([], None, "review") for line in lines),
            q=q,
            days=days,
            show=show,
        )

    @router.get("/directory/export")
    async def export(request: Request, session: Editor) -> HTMLResponse:
        async with database.looking() as db:
            rows = await versions.published(db)
        problem = None
        try:
            changed = await asyncio.to_thread(new_files, [as_published(row) for row in rows])
        except ExportError as error:
            changed, problem = {}, str(error)
        return page(
            request,
            "directory_export.html",
            session,
            rows=rows,
            changed=sorted(changed),
            problem=problem,
        )

    @router.get("/directory/export.patch")
    async def download(session: Editor) -> Response:
        async with database.transaction() as db:
            rows = await versions.published(db)
            await note(db, session.name, "export content", f"{len(rows)} versions")
        try:
            text = await asyncio.to_thread(_patch, [as_published(row) for row in rows])
        except ExportError as error:
            raise HTTPException(409, f"a published version can't be exported: {error}") from error
        name = file_name(today())
        return Response(
            text,
            media_type="text/x-diff; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    router.include_router(fact_pages(database, library, files, refresh, page, area(AREA)))
    return router


def _patch(published: list[Published]) -> str:
    return patch(new_files(published))


def _line(
    fact: Fact,
    work: dict[str, Work],
    files: dict[str, Any],
    names: dict[str, list[tuple[str, str]]],
) -> Line:
    mine, named = work.get(fact.path, Work()), {}
    for language, intent in names.get(fact.placeholder or "", ()):
        named.setdefault(intent, []).append(language)
    return Line(fact, fact.age(today()), mine.states(files, fact.path), named, mine)


@dataclass(frozen=True)
class Group:
    """The facts of one entry; ``addable``: fields that it may have and has not."""

    key: str
    name: str
    lines: list[Line]
    addable: list[str]


def _grouped(
    lines: list[Line], data: dict[str, Any], *, everything: bool
) -> dict[str, list[Group]]:
    """Facts by section and entry; with ``everything`` also entries of which nothing is known."""
    by_entry: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        section, key = line.fact.path.split(".")[:2]
        key = "" if section in ("numbers", "desk") else key
        by_entry.setdefault((section, key), []).append(line)
    found: dict[str, list[Group]] = {}
    for section in TITLES:
        entries = ("",) if section in ("numbers", "desk") else (data.get(section) or {})
        for key in entries:
            mine = by_entry.get((section, key), [])
            fields = addable(data, section, key) if key and everything else []
            if mine or fields:
                name = data[section][key]["name"] if key else ""
                found.setdefault(section, []).append(Group(key, name, mine, fields))
    return found
