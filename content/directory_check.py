"""Checks the directory: every published fact with source, dates and words; places that make sense.

``Directory`` refuses the first thing that it can't use; this lists all, each with its line.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from content.directory import DIRECTORY
from content.languages import LANGUAGES
from content.places import (
    OPEN,
    PlaceError,
    published,
    read_point,
    read_services,
    read_spoken,
    read_town,
)

#: Sections with facts; those with places; how sure the source of a fact is.
SECTIONS = ("numbers", "organisations", "centres", "towns")
PLACES = SECTIONS[1:]
CONFIDENCE = ("stated", "old", "inferred")

#: Where something stands: the keys from the top of the file.
Where = tuple[str, ...]


def check_directory(path: Path = DIRECTORY) -> list[tuple[int, str]]:
    """Everything to mend, as (line, message), in the order of the file.

    Raises OSError, or yaml.YAMLError for a file that is no YAML.
    """
    text = path.read_text(encoding="utf-8")
    lines = _lines(yaml.compose(text, Loader=yaml.SafeLoader))
    found = [
        (_line(lines, where), f"{'.'.join(where)}: {message}")
        for where, message in problems(yaml.safe_load(text) or {})
    ]
    return sorted(found)


def problems(data: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """Everything to mend in the directory's data: where it stands, and what is wrong."""
    for where, fact in facts(data):
        for message in _in_fact(fact):
            yield where, message
    for section in PLACES:
        for key, row in (data.get(section) or {}).items():
            yield from _in_place((section, key), row, data.get("towns") or {})


def facts(data: dict[str, Any]) -> Iterator[tuple[Where, dict[str, Any]]]:
    """Every fact, published or not: a group of fields with a ``value``."""
    for section in SECTIONS:
        yield from _facts((section,), data.get(section))


def _facts(where: Where, node: Any) -> Iterator[tuple[Where, dict[str, Any]]]:
    if not isinstance(node, dict):
        return
    if "value" in node:
        yield where, node
        return
    for key, child in node.items():
        yield from _facts((*where, str(key)), child)


def _in_fact(fact: dict[str, Any]) -> Iterator[str]:
    if fact["value"] in (None, "", []):
        yield "has no value"
    if fact.get("confidence") not in CONFIDENCE:
        yield f"confidence is none of {', '.join(CONFIDENCE)}"
    if not isinstance(fact.get("publish"), bool):
        yield "publish is neither true nor false"
    if not fact.get("publish"):
        return
    if not fact.get("source"):
        yield "published without a source"
    if not fact.get("source_date"):
        yield "published without source_date (a source without a date: undated)"
    # JSON has no dates: what was edited in the console has them as text until it is published
    if type(fact.get("checked")) is not dt.date:
        yield "published without the day on which it was checked"
    if fact.get("confidence") != "stated":
        yield "published, but not stated by its source"
    if names := fact.get("names"):
        lacking = [code for code in LANGUAGES if not names.get(code)]
        if lacking:
            yield f"names lack {', '.join(lacking)}"


def _in_place(where: Where, row: Any, towns: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    if not isinstance(row, dict) or not row.get("name"):
        yield where, "has no name"
        return
    if row.get("open", OPEN[0]) not in OPEN:
        yield (*where, "open"), f"is none of {', '.join(OPEN)}"
    readings = (
        lambda: read_point(row.get("point")),
        lambda: read_town("near", row.get("near"), towns),
        lambda: read_town("canton", row.get("canton"), towns),
        lambda: read_spoken(row.get("languages")),
        *(lambda one=one: read_services(one) for one in _services(row.get("services"))),
    )
    for read in readings:
        try:
            read()
        except PlaceError as error:
            yield (*where, *error.field.split(".")), str(error)
    for name in ("near", "canton"):
        town = towns.get(str(row[name]["value"])) if published(row.get(name)) else None
        if town and not published(town.get("point")):
            yield (*where, name), "the town has no published point"


def _services(services: Any) -> Iterator[Any]:
    """Each service apart, so that all that are wrong are found, not only the first."""
    if isinstance(services, dict):
        yield from ({code: fact} for code, fact in services.items())
    else:
        yield services


def _lines(node: yaml.Node | None, where: Where = ()) -> dict[Where, int]:
    """The line (from 1) at which each key of nested mappings stands."""
    found: dict[Where, int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            path = (*where, str(key.value))
            found[path] = key.start_mark.line + 1
            found |= _lines(child, path)
    return found


def _line(lines: dict[Where, int], where: Where) -> int:
    """The line of what is there: of a field that is missing, of what should hold it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)
