"""The poster for the wall of a centre: six languages, codes to scan, the emergency numbers."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from booklet.contents import EMERGENCY, Places, label
from booklet.pdf import set_pdf
from booklet.runs import line
from content.directory import Directory
from content.languages import LANGUAGES
from content.sentences import _, sentence

_QUESTION = _("Questions? Ask here.")
_PROMISE = _("Free, and without your name. Scan with your phone.")


class NoPlace(Exception):
    """It is not known where the chat is, so a poster could lead nowhere."""


def contents(
    directory: Directory, places: Places, *, operator: str, centre: str | None = None
) -> dict[str, Any]:
    """What a poster says; ``centre`` is an id of the directory. Raises NoPlace, KeyError for a
    centre that is not known, UnknownPlaceholder."""
    links = places.links("en", centre)
    if not links:
        raise NoPlace("PUBLIC_URL or TELEGRAM_BOT: one is needed for posters")
    name = directory.centres[centre].name if centre else ""
    return {
        "title": f"Rahnuma · {name}" if name else "Rahnuma",
        "operator": operator,
        "centre": name,
        "links": [asdict(link) for link in links],
        "calls": [
            {
                "language": code,
                "question": [asdict(run) for run in line(sentence(code, _QUESTION), code)],
                "promise": [asdict(run) for run in line(sentence(code, _PROMISE), code)],
            }
            for code in LANGUAGES
        ],
        "numbers": [
            {
                "number": directory.number(key),
                "labels": _labels(text),
            }
            for key, text in EMERGENCY.items()
        ],
    }


def _labels(text: str) -> list[dict[str, str]]:
    """What a number is called in each language; a word that two languages share stands once."""
    found: dict[str, str] = {}
    for code in LANGUAGES:
        found.setdefault(label(code, text), code)
    return [{"language": code, "text": called} for called, code in found.items()]


async def draw(contents: dict[str, Any], made: dt.date) -> bytes:
    """The poster as a PDF file of one page (A4). Raises booklet.pdf.NotSet."""
    # its few words of Urdu make no large file, so it is tagged
    return await set_pdf("poster.typ", contents, made)
