"""The directory (``content/directory.yml``): every number, address, centre and organisation, once.

Answers name a fact by placeholder, such as ``{number.police}`` or ``{org.iom.phone}``; a fact that
is not marked for publication, or has no source, is never shown.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from content.opening import Opening, OpeningError, read_opening
from content.places import Place, PlaceError, read_place
from nlu.places import Gazetteer

DIRECTORY = Path(__file__).parent / "directory.yml"
#: Fields of an organisation by which it is reached.
CONTACTS = ("phone", "email", "address", "web")
PLACEHOLDER = re.compile(r"\{([a-z_]+\.[a-z0-9_.]+)\}")


class DirectoryError(Exception):
    """The directory can't be used. ``where`` names the entry."""

    def __init__(self, where: str, message: str):
        super().__init__(f"{DIRECTORY.name}: {where}: {message}")
        self.where = where


class UnknownPlaceholder(DirectoryError):
    """A placeholder that names no published fact."""


class UnpublishedFact(UnknownPlaceholder):
    """A placeholder of a fact that is there but may not be shown."""


class Directory:
    """The facts, looked up by placeholder, and the places that people name.

    ``centres``, ``towns`` and ``offices`` (organisations that have a place) are the same objects
    after ``replace``, with what is true now in them.
    """

    def __init__(self, data: dict[str, Any]):
        """Raises DirectoryError for a place that makes no sense."""
        self.centres: dict[str, Place] = {}
        self.towns: dict[str, Place] = {}
        self.offices: dict[str, Place] = {}
        self.replace(data)

    def replace(self, data: dict[str, Any]) -> None:
        """Take other facts in place of those known so far. Raises DirectoryError: none is taken."""
        centres, towns = _places(data, "centres"), _places(data, "towns")
        offices = {
            key: place
            for key, place in _places(data, "organisations").items()
            if place.near or place.point
        }
        self._data = data
        for places, read in (
            (self.centres, centres),
            (self.towns, towns),
            (self.offices, offices),
        ):
            places.clear()
            places.update(read)
        for name in ("opening", "_gazetteer"):  # worked out once, when first asked for
            self.__dict__.pop(name, None)

    @property
    def data(self) -> dict[str, Any]:
        """The facts as they stand in the file; not to be changed."""
        return self._data

    @classmethod
    def load(cls, path: Path = DIRECTORY) -> "Directory":
        """Read the directory; raises OSError or yaml.YAMLError if it can't be read."""
        with path.open(encoding="utf-8") as file:
            return cls(yaml.safe_load(file))

    def value(self, placeholder: str, language: str) -> str:
        """The published value of ``number.x``, ``org.x.field`` or ``centre.x.name``.

        Raises UnknownPlaceholder if there is no such fact, it has no source or may not be shown.
        """
        kind, *path = placeholder.split(".")
        if kind == "number" and len(path) == 1:
            return self._fact(placeholder, self._data["numbers"].get(path[0]), language)
        if kind in ("org", "centre", "town") and len(path) == 2:
            section = {"org": "organisations", "centre": "centres", "town": "towns"}[kind]
            entry = self._data.get(section, {}).get(path[0])
            if entry is None:
                raise UnknownPlaceholder(placeholder, "no such entry")
            if path[1] == "name":
                return entry["name"]
            if path[1] == "called":
                return entry.get("names", {}).get(language, entry["name"])
            return self._fact(placeholder, entry.get(path[1]), language)
        raise UnknownPlaceholder(placeholder, "no such kind of fact")

    def _fact(self, placeholder: str, fact: Any, language: str) -> str:
        if not isinstance(fact, dict) or "value" not in fact:
            raise UnknownPlaceholder(placeholder, "no such fact")
        if not fact.get("source") or not fact.get("checked"):
            raise UnpublishedFact(placeholder, "has no source or no date of checking")
        if not fact.get("publish", False):
            raise UnpublishedFact(placeholder, "is not to be published")
        return str(fact.get("names", {}).get(language, fact["value"]))

    def fill(self, text: str, language: str) -> str:
        """Text with its placeholders replaced; raises UnknownPlaceholder."""
        return PLACEHOLDER.sub(lambda m: self.value(m[1], language), text)

    def number(self, key: str) -> str:
        """A published number of the section ``numbers``; raises UnknownPlaceholder."""
        return self.value(f"number.{key}", "en")

    @cached_property
    def opening(self) -> Opening | None:
        """When the counsellors' desk is open; None where it is not known. Raises DirectoryError."""
        try:
            return read_opening((self._data.get("desk") or {}).get("hours"))
        except OpeningError as error:
            raise DirectoryError("desk", str(error)) from error

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer.of_directory(self._data)

    def named_in(self, text: str) -> Place | None:
        """The centre, or else the town, that a message names first in any language, or None."""
        found = self._gazetteer.find(text)
        for kind, places in (("centre", self.centres), ("town", self.towns)):
            for place in found:
                if place.kind == kind:
                    return places[place.value]
        return None

    def organisations(self) -> dict[str, dict[str, str]]:
        """Organisations with a published way to reach them: id → name and contacts, by field."""
        found = {}
        for key, entry in (self._data.get("organisations") or {}).items():
            ways = {way: self.published(f"org.{key}.{way}", "en") for way in CONTACTS}
            if any(ways.values()):
                found[key] = {"name": entry["name"]} | {k: v for k, v in ways.items() if v}
        return found

    def published(self, placeholder: str, language: str) -> str | None:
        """The value of a fact, or None if it is not known or not to be shown."""
        try:
            return self.value(placeholder, language)
        except UnknownPlaceholder:
            return None


def _places(data: dict[str, Any], section: str) -> dict[str, Place]:
    towns = data.get("towns") or {}
    places = {}
    for key, row in (data.get(section) or {}).items():
        try:
            places[key] = read_place(key, row, towns)
        except PlaceError as error:
            raise DirectoryError(f"{section}.{key}.{error.field}", str(error)) from error
    return places
