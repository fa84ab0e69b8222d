"""What the steps of an answer's pages share: their addresses, what is said after each, and the text
as people would get it."""

import datetime as dt
from typing import Any

from fastapi.responses import RedirectResponse
from markupsafe import Markup

from console.content_form import Body
from console.content_texts import Texts
from content.languages import LANGUAGES
from store.versions import Thing

PAGE = "/console/content"
#: What is said on the page after a step.
DONE = {
    "saved": "The draft is saved. People read it once a second person has published it.",
    "asked": "Saved. A second person can now look at it and publish it.",
    "dropped": "The draft is dropped. It stays in the history.",
    "published": "Published. People read it from now on.",
    "refused": "Sent back to who wrote it, with your reason.",
    "undone": "Taken back. People read what is shown here now.",
}


def address(thing: Thing, step: str = "") -> str:
    """The address of a text's page, or of one of its steps."""
    return f"{PAGE}/{thing.language}/{thing.key}" + (f"/{step}" if step else "")


def done(thing: Thing, what: str) -> RedirectResponse:
    """Back to the editor's page, which says what was done."""
    return RedirectResponse(f"{address(thing)}?done={what}", 303)


def shown(
    texts: Texts, thing: Thing, body: Body, valid_until: dt.date | None = None
) -> dict[str, Any]:
    """The message and its buttons as on a phone. The light HTML is made of escaped text."""
    reply = texts.preview(thing, body, valid_until)
    return {
        "html": Markup(reply.html),
        "language": thing.language,
        "direction": LANGUAGES[thing.language].direction,
        "choices": [choice.label for choice in reply.choices],
    }
