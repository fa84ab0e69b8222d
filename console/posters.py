"""The page from which staff print posters for their centre, and take the booklets."""

from collections.abc import Callable
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse

from booklet.pdf import NotSet
from booklet.poster import NoPlace
from booklet.shelf import KINDS, Booklets
from console.access import Session
from content.languages import LANGUAGES
from store.database import Database
from store.staff import note

log = structlog.get_logger()
#: In addresses, the poster that names no centre.
ALL = "all"


def poster_pages(
    database: Database,
    booklets: Booklets,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
) -> APIRouter:
    """The list and the files. ``page`` and ``area`` are the console's own."""
    router = APIRouter()
    Member = Annotated[Session, area("posters")]

    def file_response(file: Any) -> Response:
        attached = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.data, media_type=file.media_type, headers=attached)

    @router.get("/posters")
    async def posters(request: Request, session: Member) -> HTMLResponse:
        sizes = {
            (code, kind): booklets.kilobytes(code, kind) for code in LANGUAGES for kind in KINDS
        }
        return page(
            request,
            "posters.html",
            session,
            posters=[key for key in booklets.posters() if key],
            places=booklets.places,
            sizes=sizes,
            kinds=KINDS,
        )

    @router.get("/posters/{name}.pdf")
    async def poster(name: Annotated[str, Path(max_length=32)], session: Member) -> Response:
        try:
            file = await booklets.poster(None if name == ALL else name)
        except KeyError as error:
            raise HTTPException(404, "no poster of this centre") from error
        except NoPlace as error:
            raise HTTPException(409, str(error)) from error
        except NotSet as error:
            log.error("poster.not_made", error=str(error))
            raise HTTPException(503, "the poster can't be made now; try again") from error
        async with database.transaction() as db:
            await note(db, session.name, "make poster", name)
        return file_response(file)

    @router.get("/posters/booklets/{name}")
    async def booklet(name: Annotated[str, Path(max_length=16)], session: Member) -> Response:
        file = await booklets.source(name)
        if file is None:
            raise HTTPException(404, "no such booklet")
        async with database.transaction() as db:
            await note(db, session.name, "make booklet", name)
        return file_response(file)

    return router
