"""Centres, towns and offices of the directory: where they are and what they offer.

Read from the rows of ``content/directory.yml``; a point, a nearness or a service that is not
published with source and date is not known. A pin in a wrong place can lead somebody into a
minefield: a place has a ``point`` only if the directory publishes one for that very place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from content.border import in_country
from content.distance import Point, kilometres
from content.services import Service, ServiceError, read_languages, read_service

OPEN = ("confirmed", "unconfirmed", "closed")


class PlaceError(ValueError):
    """A row can't be used; ``field`` is the path of what is wrong in it, such as ``point``."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Place:
    """A centre, a town or an office; ``choosable``: people may say that they are there.

    ``open`` is what is known of whether it takes people: confirmed, unconfirmed or closed.
    ``near`` is a town that it is in or near, ``canton`` the chief town of the canton that it is
    in: these order lists, and are never taken for the place itself.
    """

    id: str
    name: str
    names: dict[str, str]
    aliases: tuple[str, ...]
    choosable: bool
    open: str
    point: Point | None = None
    near: str | None = None
    canton: str | None = None
    services: dict[str, Service] = field(default_factory=dict)
    languages: tuple[str, ...] = ()

    def called(self, language: str) -> str:
        """The name in a language, the Latin name where none is written."""
        return self.names.get(language, self.name)


class Near(NamedTuple):
    """A place with how far it is: ``km`` to the place itself, or to the town ``by`` that it is
    near; None where only its canton is known, or the town is where one is."""

    place: Place
    km: float | None
    by: str | None


def published(fact: Any) -> bool:
    """Whether a fact may be shown: it has a source, a day of checking, and is set free."""
    return (
        isinstance(fact, dict)
        and "value" in fact
        and bool(fact.get("source") and fact.get("checked") and fact.get("publish", False))
    )


def read_place(key: str, row: Mapping[str, Any], towns: Iterable[str]) -> Place:
    """A row of centres, towns or organisations; ``towns`` are the ids that it may be near.

    Raises PlaceError for what makes no sense, also where it is not published.
    """
    state = row.get("open", "unconfirmed")
    if state not in OPEN:
        raise PlaceError("open", f"{state!r} is none of {', '.join(OPEN)}")
    return Place(
        key,
        row["name"],
        row.get("names", {}),
        tuple(row.get("aliases", ())),
        bool(row.get("choosable", False)),
        state,
        read_point(row.get("point")),
        read_town("near", row.get("near"), towns),
        read_town("canton", row.get("canton"), towns),
        read_services(row.get("services")),
        read_spoken(row.get("languages")),
    )


def read_point(fact: Any) -> Point | None:
    """The published point of a place. Raises PlaceError."""
    if fact is None:
        return None
    value = fact.get("value") if isinstance(fact, dict) else None
    if not (isinstance(value, list) and len(value) == 2 and all(map(_is_degrees, value))):
        raise PlaceError("point", "value is not [degrees north, degrees east]")
    point = Point(*map(float, value))
    if not in_country(point):
        raise PlaceError("point", "is not in Bosnia and Herzegovina")
    return point if published(fact) else None


def _is_degrees(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 180


def read_town(field: str, fact: Any, towns: Iterable[str]) -> str | None:
    """The published town in a fact of a place. Raises PlaceError."""
    if fact is None:
        return None
    town = fact.get("value") if isinstance(fact, dict) else None
    if not isinstance(town, str) or town not in towns:
        raise PlaceError(field, f"{town!r} is no town of the directory")
    return town if published(fact) else None


def read_spoken(fact: Any) -> tuple[str, ...]:
    """The published languages of a place. Raises PlaceError."""
    if fact is None:
        return ()
    try:
        codes = read_languages(fact.get("value") if isinstance(fact, dict) else fact)
    except ServiceError as error:
        raise PlaceError("languages", str(error)) from error
    return codes if published(fact) else ()


def read_services(rows: Any) -> dict[str, Service]:
    """The published services of a place, by code. Raises PlaceError."""
    if rows is None:
        return {}
    if not isinstance(rows, dict):
        raise PlaceError("services", "is no list of services by code")
    found = {}
    for code, fact in rows.items():
        try:
            service = read_service(code, fact)
        except ServiceError as error:
            raise PlaceError(f"services.{code}", str(error)) from error
        if published(fact):
            found[code] = service
    return found


def nearest(
    start: Point, places: Iterable[Place], towns: Mapping[str, Place], *, in_town: float
) -> list[Near]:
    """Places by how far they are, nearest first; those of which it is not known are left out.

    Where only a town is known that a place is near, the town's distance stands for it; within
    ``in_town`` km of the town's middle nothing is said of a distance.
    """
    found = []
    for place in places:
        town = towns.get(place.near or place.canton or "")
        at = place.point or (town.point if town else None)
        if at is None:
            continue
        km = kilometres(start, at)
        if place.point:
            near = Near(place, km, None)
        elif place.near and km > in_town:
            near = Near(place, km, place.near)
        else:
            near = Near(place, None, None)
        # of places that are equally far by what is known, the one known best comes first
        rank = 0 if place.point else 1 if place.near else 2
        found.append((km, rank, near))
    return [near for _km, _rank, near in sorted(found, key=lambda row: row[:2])]
