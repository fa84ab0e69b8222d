"""The live page of the counsellors, ``/console/cases``."""

import json
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from console.access import Session
from console.case_api import MAX_TEXT, case_api
from console.case_help import case_help
from console.case_steps import MOST_TAGS, case_steps
from console.case_tools import Tools
from content.coding import frame
from content.desks import desks
from content.languages import LANGUAGES
from reporting.overview import language_name

#: Outcomes that a counsellor chooses from, as the page names them.
OUTCOMES = {
    "solved": "Solved: they have what they needed",
    "informed": "Informed: they know what they can do",
    "referred": "Referred to an organisation",
    "unreached": "Not reached: they answer no more",
    "other": "Something else",
}
#: Topics that people choose from when they ask for a counsellor, for the staff.
TOPICS = {
    "asylum": "Asylum",
    "avrr": "Going home",
    "mines": "Mines",
    "services": "Centres and services",
    "health": "Health",
    "family": "Family and children",
    "protection": "Protection",
    "other": "Something else",
}


def case_pages(tools: Tools, page) -> APIRouter:
    """The page and everything that it asks for; ``page`` as in console/routes.py."""
    router = APIRouter()
    reader = tools.reader()

    @router.get("/cases")
    async def cases(request: Request, session: Annotated[Session, reader]) -> HTMLResponse:
        return page(request, "cases.html", session, labels=json.dumps(_labels(tools)))

    router.include_router(case_api(tools))
    router.include_router(case_steps(tools))
    router.include_router(case_help(tools, page))
    return router


def _labels(tools: Tools) -> dict:
    """What the page's scripts name things by."""
    directory = tools.library.directory
    return {
        "languages": {
            code: {
                "name": language_name(code),
                "own": one.own_name,
                "direction": one.direction,
            }
            for code, one in LANGUAGES.items()
        },
        "centres": {key: one.name for key, one in directory.centres.items()},
        "organisations": directory.organisations(),
        "outcomes": OUTCOMES,
        "topics": TOPICS,
        "desks": desks(),
        "tags": {
            code.id: {
                "label": code.label["en"],
                "category": frame().categories[code.category].label["en"],
            }
            for code in frame().codes.values()
        },
        "most_tags": MOST_TAGS,
        "most_text": MAX_TEXT,
    }
