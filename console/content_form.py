"""What stands in an editor's form, what it means, and how one text differs from another."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from console.translated_fields import FormProblem, plain
from content.differences import Line, differences
from store.tables import today

#: Characters and entries that a draft may have: far more than people can be shown.
LONGEST_TITLE, LONGEST_BODY, LONGEST_SOURCE = 100, 6000, 400
MOST_SOURCES, MOST_RELATED = 12, 4
_HASH = re.compile(r"[0-9a-f]{12}")

#: The body of a version (content/overlay.py).
Body = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What differs between two bodies: in what people read, and in what it rests on."""

    text: list[Line]
    beside: list[Line]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return self.text_differs or self.beside_differs

    @property
    def text_differs(self) -> bool:
        """Whether people read something else."""
        return any(line.kind != "same" for line in self.text)

    @property
    def beside_differs(self) -> bool:
        """Whether sources, related topics or the day of checking are others."""
        return any(line.kind != "same" for line in self.beside)


def changes(old: Body | None, new: Body | None) -> Changes:
    """What differs between two bodies; None is a text that is not written."""
    return Changes(differences(_read(old), _read(new)), differences(_rests_on(old), _rests_on(new)))


def _read(body: Body | None) -> str:
    return f"{body['title']}\n\n{body['body']}" if body else ""


def _rests_on(body: Body | None) -> str:
    if body is None:
        return ""
    return "\n".join(
        (
            *(f"Source: {source}" for source in body["sources"]),
            f"Related: {', '.join(body['related'])}",
            f"Checked on: {body['checked']}",
        )
    )


def typed(form: Mapping[str, Any]) -> Body:
    """What stands in the form's fields, whatever it is."""
    related = [plain(form, f"related_{n}") for n in range(MOST_RELATED)]
    sources = plain(form, "sources").split("\n")
    return {
        # a no-break space, as before a French colon, stays one
        "title": re.sub(r"[ \t\n]+", " ", plain(form, "title")),
        "body": plain(form, "body"),
        "sources": [source.strip() for source in sources if source.strip()],
        "related": list(dict.fromkeys(one for one in related if one)),
        "checked": plain(form, "checked"),
        "made_from": plain(form, "english") if plain(form, "compared") else None,
    }


def read_body(
    form: Mapping[str, Any], intent: str, before: Body | None, ids: Collection[str]
) -> Body:
    """A form's fields as the body of a version of an intent's text; raises FormProblem.

    ``before`` is the text that the editor went on with, ``ids`` those of all answers.
    A translation's ``made_from`` is the English text that the editor has compared it with; where
    they don't say so, it stays what it was.
    """
    body = typed(form)
    for field, value, longest in (
        ("Title", body["title"], LONGEST_TITLE),
        ("Text", body["body"], LONGEST_BODY),
        *(("Sources, each line", source, LONGEST_SOURCE) for source in body["sources"]),
    ):
        if len(value) > longest:
            raise FormProblem(f"{field}: at most {longest} characters, now {len(value)}.")
    if len(body["sources"]) > MOST_SOURCES:
        raise FormProblem(f"Sources: at most {MOST_SOURCES} lines.")
    for one in body["related"]:
        if one not in ids or one == intent:
            raise FormProblem("Related topics: choose from the list.")
    body["checked"] = read_day(body["checked"], "Checked on").isoformat()
    if dt.date.fromisoformat(body["checked"]) > today():
        raise FormProblem("Checked on: this day is yet to come.")
    compared_with = plain(form, "english")
    if plain(form, "compared") and _HASH.fullmatch(compared_with):
        body["made_from"] = compared_with
    else:
        body["made_from"] = (before or {}).get("made_from")
    return body


def read_day(text: str, what: str) -> dt.date:
    """A day written as 2027-05-22; raises FormProblem."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise FormProblem(f"{what}: write the day as 2027-05-22.") from error


def read_number(text: str) -> int:
    """A number that our page put into a form; raises FormProblem."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise FormProblem("The form is not whole. Reload the page.")
    return int(text)
