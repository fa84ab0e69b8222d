"""A fact of the directory: changed by one editor, published by another, taken back at once."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, check_form
from console.content_texts import BOUND, may_decide
from console.fact_work import Work, difference, empty_of, form_values, in_fields
from console.translated_fields import plain
from content.answers import Library
from content.fact_form import CONFIDENCE, PHONES, FactProblem, dialled, read_fact
from content.facts import NEEDED, Fact, changed_lines, fact, may_be_added, missed
from content.opening import DAYS
from content.overlay import DESK_HOURS, digest, fact_at, of_fact, to_fact, with_fact
from store import versions
from store.content_tables import ContentVersionRow
from store.database import Database
from store.staff import note
from store.tables import today
from store.versions import Thing, VersionError

PAGE = "/console/directory/fact"
#: Steps with a version, and how the audit log calls them.
STEPS = {
    "ask": "ask review of fact",
    "back": "send back fact",
    "drop": "drop fact",
    "publish": "publish fact",
    "undo": "undo fact",
}
#: Steps that change what people read, or end somebody else's work.
DECISIONS = ("publish", "back", "undo")
#: Characters of a reason.
LONGEST = 500


class Missed(Exception):
    """Answers could not be shown any more; ``who`` they are."""

    def __init__(self, who: list[str]):
        super().__init__(
            "People must not lose it: it is named by " + ", ".join(who) + ". Change these texts "
            "first."
        )
        self.who = who


def fact_pages(
    database: Database,
    library: Library,
    files: dict[str, Any],
    refresh: Callable[[], Awaitable[bool]],
    page: Callable[..., HTMLResponse],
    editor: Any,
) -> APIRouter:
    """The page of a fact and its steps; the arguments are those of ``directory_pages``, ``editor``
    is the dependency that gives the session."""
    router = APIRouter()
    Editor = Annotated[Session, editor]

    def found_at(path: str) -> Fact:
        data = library.directory.data
        found = fact(data, path) or may_be_added(data, path)
        if found is None:
            raise HTTPException(404, "no such fact")
        return found

    def then(path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """The directory's data with another version of a fact (None: without it)."""
        new = None if body is None else to_fact(body)
        return with_fact(library.directory.data, path, new)

    def check(path: str, body: dict[str, Any] | None) -> None:
        """Raises Missed if an answer could not be shown with this version."""
        if who := missed(library.answers, then(path, body), path):
            raise Missed(who)

    def show(
        request: Request,
        session: Session,
        found: Fact,
        work: Work,
        *,
        problem: str | None = None,
        sent: dict[str, str] | None = None,
        proposed: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """The page; ``sent``: a form's fields as they were sent, ``proposed``: the version that
        they would make, which is not saved."""
        path, row = found.path, work.open
        now = None if empty_of(found) else of_fact(found.data)
        body = proposed or (row.body if row else None)
        changes, differs = [], []
        if body is not None:
            changes = changed_lines(library.answers, library.directory.data, then(path, body), path)
            differs = difference(now, body)
        response = page(
            request,
            "directory_fact.html",
            session,
            fact=found,
            now=in_fields(now),
            age=found.age(today()),
            dialled=dialled(str(found.data.get("value", ""))) if _phone(found) else None,
            will_dial=dialled(str(body.get("value", ""))) if body and _phone(found) else None,
            work=work,
            row=row,
            proposed=proposed is not None,
            mine=row is not None and row.written_by == session.name,
            states=work.states(files, path),
            in_file=in_fields(_file(files, path)) if work.file_changed(files, path) else None,
            changes=changes,
            difference=differs,
            history=[(one, in_fields(one.body)) for one in work.versions],
            values=sent or form_values(body or now or of_fact(found.data)),
            edits=row.edits if row else 0,
            decides=may_decide(session),
            days=DAYS,
            confidences=CONFIDENCE,
            phone=_phone(found),
            emergency=path in {f"numbers.{key}" for key in NEEDED},
            desk=path == DESK_HOURS,
            today=today().isoformat(),
            problem=problem,
            longest=LONGEST,
        )
        response.status_code = status
        return response

    async def work_on(db: AsyncSession, path: str) -> Work:
        return Work(await versions.history(db, Thing("fact", path)))

    @router.get("/directory/fact/{path}")
    async def see(request: Request, path: str, session: Editor) -> HTMLResponse:
        found = found_at(path)
        async with database.transaction() as db:
            work = await work_on(db, path)
            await note(db, session.name, "read fact", path)
        return show(request, session, found, work)

    @router.post("/directory/fact/{path}")
    async def save(request: Request, path: str, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        await refresh()  # what is checked below is what is published now, also by another replica
        found = found_at(path)
        if not found.simple:
            raise HTTPException(409, "this fact is changed in the file")
        sent = {name: plain(form, name) for name in form}
        async with database.looking() as db:
            work = await work_on(db, path)
        try:
            body = read_fact(found, sent, today())
            check(path, body)
        except (FactProblem, Missed) as error:
            said = f"{error} Nothing was saved."
            return show(request, session, found, work, problem=said, sent=sent, status=400)
        if sent.get("do") != "save":
            return show(request, session, found, work, sent=sent, proposed=body)
        now = None if empty_of(found) else of_fact(found.data)
        try:
            async with database.transaction() as db:
                await versions.save(
                    db,
                    Thing("fact", path),
                    body,
                    base=None if now is None else digest(now),
                    edits=_number(sent.get("edits")),
                    by=session.name,
                )
                await note(db, session.name, "write fact", path)
        except VersionError as error:
            async with database.looking() as db:
                work = await work_on(db, path)
            said = (
                f"{error} Nothing was saved; what you wrote stands in the form, "
                "what was saved meanwhile above it."
            )
            return show(request, session, found, work, problem=said, sent=sent, status=409)
        return RedirectResponse(f"{PAGE}/{path}", 303)

    @router.post("/directory/fact/{path}/step")
    async def step(request: Request, path: str, session: Editor) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        await refresh()  # what is checked below is what is published now, also by another replica
        found = found_at(path)
        do = plain(form, "do")
        if do not in STEPS:
            raise HTTPException(422, "no such step")
        if do in DECISIONS and not may_decide(session):
            async with database.looking() as db:
                work = await work_on(db, path)
            return show(request, session, found, work, problem=BOUND, status=403)
        try:
            async with database.transaction() as db:
                await _take(db, found, session.name, do, form, check, files)
                await note(db, session.name, STEPS[do], path)
        except (VersionError, Missed) as error:
            async with database.looking() as db:
                work = await work_on(db, path)
            return show(request, session, found, work, problem=str(error), status=409)
        await refresh()  # people read it now; other replicas see it within seconds
        return RedirectResponse(f"{PAGE}/{path}", 303)

    return router


async def _take(
    db: AsyncSession,
    found: Fact,
    by: str,
    do: Literal["ask", "back", "drop", "publish", "undo"] | str,
    form: Mapping[str, Any],
    check: Callable[[str, dict[str, Any] | None], None],
    files: dict[str, Any],
) -> None:
    """One step; raises VersionError or Missed if it can't be taken."""
    thing, why = Thing("fact", found.path), plain(form, "why")[:LONGEST]
    if do == "undo":
        if not why:
            raise VersionError("Say why it is taken back.")
        before = await versions.undo(db, thing, by, why)
        check(found.path, before.body if before else _file(files, found.path))
        return
    row = await versions.working_on(db, thing)
    if row is None or row.edits != _number(plain(form, "edits")):
        raise VersionError("It was changed since you opened it. Look again.")
    if do == "ask":
        check(found.path, row.body)
        await versions.ask_review(db, row)
    elif do == "back":
        await versions.refuse(db, row, by, why)
    elif do == "drop":
        await versions.drop(db, row, by)
    else:
        await _publish(db, row, found, by, form, check)


async def _publish(
    db: AsyncSession,
    row: ContentVersionRow,
    found: Fact,
    by: str,
    form: Mapping[str, Any],
    check: Callable[[str, dict[str, Any] | None], None],
) -> None:
    if row.written_by != by and plain(form, "compared") != "yes":
        raise VersionError("Compare it with the source first, and say that you did.")
    check(found.path, row.body)
    await versions.publish(db, row, by, None, edits=row.edits)


def _file(files: dict[str, Any], path: str) -> dict[str, Any] | None:
    there = fact_at(files, path)
    return None if there is None else of_fact(there)


def _phone(found: Fact) -> bool:
    return found.field in PHONES


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
