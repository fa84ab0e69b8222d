"""What the addresses of the live console have in common."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session, check_form
from console.live import Live
from content.answers import Library
from store.cases.moving import CaseMoved
from store.cases.signal import wake
from store.database import Database
from store.keys import Keys
from store.staff import note

#: Looks that are remembered, so that a page that fetches new messages is no new look each time.
LOOKS = 5000


class Looks:
    """Which sessions opened which cases in this process: the audit log has a line for each."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def noted(self, session: Session, case_id: str) -> bool:
        """Whether this session's look into a case is in the audit log already."""
        return (session.name, session.csrf, case_id) in self._seen

    async def note(self, db: AsyncSession, session: Session, case_id: str) -> None:
        """Add the line."""
        await note(db, session.name, "read case", case_id)
        self._seen[session.name, session.csrf, case_id] = None
        while len(self._seen) > LOOKS:
            self._seen.popitem(last=False)


@dataclass
class Tools:
    """What the addresses work with. ``area``: makes the dependency for a role's session; ``keep``:
    sets the session's cookie anew; ``still``: whether a session is still good."""

    database: Database
    keys: Keys
    library: Library
    live: Live
    area: Callable[[str], Any]
    keep: Callable[[Request, Response, Session], None]
    still: Callable[[Session], Awaitable[bool]]
    only_reviewed: bool = False
    looks: Looks = field(default_factory=Looks)

    def reader(self) -> Any:
        """A dependency: the session of somebody who may open cases."""
        return self.area("cases")

    def writer(self) -> Any:
        """A dependency: the same, for a change: the page's token is checked, and the session lives
        on, since a person did something."""
        area = self.area("cases")

        async def check(
            request: Request,
            response: Response,
            session: Annotated[Session, area],
            x_csrf: Annotated[str, Header(max_length=64)] = "",
        ) -> Session:
            check_form(session, x_csrf)
            self.keep(request, response, session)
            return session

        return Depends(check)


def moved(error: CaseMoved) -> HTTPException:
    """The answer where a case is not (any more) where a step begins."""
    return HTTPException(409, str(error))


def done(response: Response, content: dict[str, Any] | None = None) -> JSONResponse:
    """The answer to a change that is committed; it takes the cookie of ``response`` along."""
    wake()
    answer = JSONResponse(content or {})
    for name, value in response.raw_headers:
        if name == b"set-cookie":
            answer.raw_headers.append((name, value))
    return answer
