"""The list of all answers in all languages, with how each stands."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from console.access import Session
from console.content_texts import Texts, may_decide
from console.unclear import TOPICS
from content.intents import intents
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.overlay import digest
from content.status import STATUSES, Status, file_changed, statuses
from store import versions
from store.content_tables import ContentVersionRow
from store.database import Database
from store.staff import note
from store.tables import today

#: What can be filtered by beside a status: work that is not done.
WORK = {
    "edited": "is being edited",
    "review": "waits for a second person",
    "file changed": "the file has changed under what was published or is being edited",
}
_MORE_PAGES = "More pages"


@dataclass(frozen=True)
class Cell:
    """An answer in one language: how it stands, and who works on it."""

    language: str
    statuses: tuple[Status, ...]
    work: ContentVersionRow | None
    file_changed: bool

    def shown_as(self, wanted: str) -> bool:
        """Whether it belongs into the list of a status or of a kind of work."""
        if wanted in WORK:
            return wanted in self.marks
        return not wanted or wanted in self.statuses

    @property
    def marks(self) -> tuple[str, ...]:
        """The kinds of work that are not done."""
        marks = []
        if self.work:
            marks.append("review" if self.work.state == "review" else "edited")
        if self.file_changed:
            marks.append("file changed")
        return tuple(marks)


def list_pages(
    database: Database,
    texts: Texts,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Editor = Annotated[Session, area("content")]

    def cells(
        open_: dict[tuple[str, str], ContentVersionRow],
        over: dict[tuple[str, str], ContentVersionRow],
    ) -> dict[str, list[Cell]]:
        """All texts by answer, each with one cell for each language."""
        found: dict[str, list[Cell]] = {}
        for intent in texts.ids:
            english = texts.library.get(intent, DEFAULT_LANGUAGE)
            for code in LANGUAGES:
                key = (code, intent)
                rows = [row for row in (open_.get(key), over.get(key)) if row]
                in_file = texts.file_digest(code, intent) if rows else None
                cell = Cell(
                    code,
                    statuses(texts.library.get(intent, code), english, today()),
                    open_.get(key),
                    any(file_changed(in_file, (row.base, digest(row.body))) for row in rows),
                )
                found.setdefault(intent, []).append(cell)
        return found

    @router.get("/content")
    async def content(
        request: Request, session: Editor, language: str = "", topic: str = "", status: str = ""
    ) -> HTMLResponse:
        language = language if language in LANGUAGES else ""
        status = status if status in STATUSES or status in WORK else ""
        async with database.transaction() as db:
            open_ = {(r.language, r.key): r for r in await versions.unfinished(db, "answer")}
            over = {(r.language, r.key): r for r in await versions.published(db, "answer")}
            await note(db, session.name, "list answers", status or "all")
        everything = cells(open_, over)
        topics = {_topic(intent): None for intent in everything}
        shown = [
            (intent, kept)
            for intent, row in everything.items()
            if not topic or _topic(intent) == topic
            if (kept := [c for c in row if language in ("", c.language) and c.shown_as(status)])
        ]
        in_language = [
            c for row in everything.values() for c in row if language in ("", c.language)
        ]
        return page(
            request,
            "content.html",
            session,
            shown=shown,
            titles={i: texts.library.title(i, DEFAULT_LANGUAGE) for i in everything},
            topics=list(topics),
            chosen={"language": language, "topic": topic, "status": status},
            counts=Counter(mark for c in in_language for mark in (*c.statuses, *c.marks)),
            meanings=STATUSES | WORK,
            for_me=_in_state(open_, "review", lambda by: by != session.name)
            if may_decide(session)
            else [],
            mine=_in_state(open_, "draft", lambda by: by == session.name),
        )

    return router


def _topic(intent: str) -> str:
    found = intents().get(intent)
    return TOPICS.get(found.topic, found.topic) if found else _MORE_PAGES


def _in_state(
    rows: dict[tuple[str, str], ContentVersionRow], state: str, of: Callable[[str], bool]
) -> list[ContentVersionRow]:
    """Versions in a state whose writer is one of those asked for."""
    return [row for row in rows.values() if row.state == state and of(row.written_by)]
