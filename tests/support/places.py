"""A library in which a centre and an office have a point on the map, as an operator may give it."""

import copy
import datetime as dt
from typing import Any

from content.answers import Library, read_answers
from content.directory import Directory

#: Somewhere in the country; of no real centre.
CENTRE, OFFICE = [44.7, 16.05], [44.82, 15.88]


def fact(value: Any, **more: Any) -> dict[str, Any]:
    """A published fact."""
    return {
        "value": value,
        "source": "measured at the gate",
        "source_date": "2026-11-30",
        "checked": dt.date(2026, 11, 30),
        "confidence": "stated",
        "publish": True,
    } | more


def facts(**changes: Any) -> dict[str, Any]:
    """The directory's data with other facts, by path: ``centres__lipa__point=fact(...)``."""
    data = copy.deepcopy(Directory.load().data)
    for path, value in changes.items():
        *parents, last = path.split("__")
        at = data
        for part in parents:
            at = at.setdefault(part, {})
        at[last] = value
    return data


def pinned() -> Library:
    """The project's content; Lipa and the JRS have points."""
    library = Library.load()
    library.replace(
        read_answers(),
        facts(
            centres__lipa__point=fact(CENTRE),
            organisations__jrs__point=fact(OFFICE),
            organisations__jrs__address=fact("Here 1, Bihać"),
            organisations__jrs__languages=fact(["en", "ar"]),
            centres__lipa__services__food=fact(
                "meals",
                names=dict.fromkeys(("ar", "fa", "ps", "ur", "fr", "en"), "three meals"),
                hours={"timezone": "Europe/Sarajevo", "week": {"mon": ["08:00-09:00"]}},
                languages=["fa", "en"],
            ),
        ),
    )
    return library
