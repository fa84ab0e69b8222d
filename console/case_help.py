"""What helps a counsellor to answer: ready replies, answers of the library, referrals, files."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import Session
from console.case_access import held, opened, opened_locked, shown_name
from console.case_tools import Tools, done
from content.canned_replies import fill
from content.canned_replies import search as search_replies
from content.languages import LANGUAGES
from content.markup import to_text
from store.case_tables import CaseRow, ReferralRow
from store.cases.files import open_file
from store.cases.opening import about
from store.cases.referrals import Form, State, form_of, refer, settle
from store.staff import note
from store.tables import StaffRow

#: Replies and answers of a search.
MOST = 20
#: Files that a browser may show by itself; others are only downloaded.
SHOWN = ("image/jpeg", "image/png", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4")


class ReferralIn(BaseModel):
    """The form of a referral."""

    organisation: str = Field(max_length=32)
    urgent: bool = False
    text: str = Field(min_length=1, max_length=4000)
    name: str = Field(default="", max_length=100)
    contact: str = Field(default="", max_length=500)
    agreed: bool = False
    consent: str = Field(default="", max_length=300)


class StateIn(BaseModel):
    """What the organisation answered."""

    state: State


def case_help(tools: Tools, page) -> APIRouter:
    """Searches, referrals and files; ``page`` as in console/routes.py."""
    router = APIRouter()
    database, keys, library = tools.database, tools.keys, tools.library
    reader, writer = tools.reader(), tools.writer()

    @router.get("/api/cases/{case_id}/replies")
    async def replies(
        case_id: str,
        session: Annotated[Session, reader],
        q: Annotated[str, Query(max_length=200)] = "",
        language: Annotated[str, Query(max_length=2)] = "",
    ) -> dict[str, Any]:
        """Ready replies in the person's language with the English beside, filled where known."""
        async with database.looking() as db:
            case = await opened(db, session, case_id)
            account = await db.get(StaffRow, session.name)
        code = language if language in LANGUAGES else case.language

        def values(language: str) -> dict[str, str]:
            centre = library.directory.centres.get(case.centre or "")
            opening = library.directory.opening
            known = {"hours": opening.in_words(language)} if opening else {}
            return known | {
                "counsellor": shown_name(account),
                "name": about(keys, case).name or "",
                "centre": centre.called(language) if centre else "",
            }

        found = []
        for one in search_replies(q, code)[:MOST] if q else search_replies(q, code):
            text, missing = fill(one, code, values(code), library.directory)
            meaning, _ = fill(one, "en", values("en"), library.directory)
            found.append(
                {
                    "id": one.id,
                    "when": one.when,
                    "group": one.group,
                    "text": text,
                    "english": meaning,
                    "missing": missing,
                    "language": code,
                }
            )
        return {"replies": found}

    @router.get("/api/cases/{case_id}/answers")
    async def answers(
        case_id: str,
        session: Annotated[Session, reader],
        q: Annotated[str, Query(max_length=200)] = "",
        language: Annotated[str, Query(max_length=2)] = "",
    ) -> dict[str, Any]:
        """Answers of the library as plain text of the person's language."""
        async with database.looking() as db:
            case = await opened(db, session, case_id)
        code = language if language in LANGUAGES else case.language
        beginning = q.strip().lower()
        titled = [
            one.id
            for one in library.of_language("en")
            if beginning and beginning in one.title.lower()
        ]
        found_by = [library.finder.of(language).find(q, MOST) for language in ("en", code)]
        ids = dict.fromkeys([*titled, *found_by[0], *found_by[1]])
        found = []
        for intent in list(ids)[:MOST]:
            answer = library.get(intent, code)
            if answer is None or (tools.only_reviewed and answer.status != "reviewed"):
                continue
            found.append(
                {
                    "id": intent,
                    "title": answer.title,
                    "title_en": library.title(intent, "en"),
                    "text": to_text(library.html(intent, code)),
                    "english": to_text(library.html(intent, "en")),
                    "draft": answer.status != "reviewed",
                    "language": code,
                }
            )
        return {"answers": found}

    @router.post("/api/cases/{case_id}/referrals")
    async def make_referral(
        case_id: str, form: ReferralIn, response: Response, session: Annotated[Session, writer]
    ) -> Response:
        if form.organisation not in library.directory.organisations():
            raise HTTPException(400, "choose an organisation")
        if not form.agreed:
            raise HTTPException(400, "the person must agree first")
        what = Form(form.text, form.name, form.contact, form.consent)
        async with database.transaction() as db:
            case = await held(db, session, case_id)
            try:
                row = await refer(
                    db, keys, case, form.organisation, session.name, what, urgent=form.urgent
                )
            except ValueError as error:
                raise HTTPException(400, str(error)) from error
            await note(db, session.name, "make referral", case_id)
        return done(response, {"id": row.id})

    @router.post("/api/cases/{case_id}/referrals/{referral_id}")
    async def settle_referral(
        case_id: str,
        referral_id: str,
        what: StateIn,
        response: Response,
        session: Annotated[Session, writer],
    ) -> Response:
        async with database.transaction() as db:
            case = await opened_locked(db, session, case_id)
            row = await _referral(db, case, referral_id)
            await settle(db, keys, case, row, what.state, session.name)
            await note(db, session.name, "settle referral", case_id)
        return done(response)

    @router.get("/cases/{case_id}/referrals/{referral_id}")
    async def print_referral(
        request: Request, case_id: str, referral_id: str, session: Annotated[Session, reader]
    ) -> HTMLResponse:
        """The page for the organisation, to be printed."""
        async with database.transaction() as db:
            case = await opened(db, session, case_id)
            row = await _referral(db, case, referral_id)
            await note(db, session.name, "print referral", case_id)
        organisation = library.directory.organisations().get(row.organisation)
        return page(
            request,
            "referral.html",
            session,
            case=case,
            referral=row,
            form=form_of(keys, row),
            organisation=organisation or {"name": row.organisation},
        )

    @router.get("/cases/{case_id}/files/{file_id}")
    async def file(
        case_id: str,
        file_id: str,
        session: Annotated[Session, reader],
        download: bool = False,
    ) -> Response:
        """A photo, voice note or document of a case."""
        async with database.transaction() as db:
            await opened(db, session, case_id)
            found = await open_file(db, keys, case_id, file_id)
            if found is None:
                raise HTTPException(404, "no such file")
            await note(db, session.name, "open file", case_id)
        media_type, body = found
        show = media_type in SHOWN and not download
        kind = "inline" if show else "attachment"
        ending = media_type.split("/")[-1].split("+")[0]
        name = f"{file_id[:8]}.{ending if ending.isalnum() else 'bin'}"
        return Response(
            body,
            media_type=media_type if show else "application/octet-stream",
            headers={
                "Content-Disposition": f'{kind}; filename="{name}"',
                # whatever it is, it runs nothing here
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "X-Content-Type-Options": "nosniff",
                "Cross-Origin-Resource-Policy": "same-origin",
            },
        )

    return router


async def _referral(db: AsyncSession, case: CaseRow, referral_id: str) -> ReferralRow:
    row = await db.get(ReferralRow, referral_id)
    if row is None or row.case_id != case.id:
        raise HTTPException(404, "no such referral")
    return row
