"""Desks of counsellors (``content/desks.yml``): id → English name."""

import re
from functools import cache
from pathlib import Path

import yaml

from content.answers import CONTENT

DESKS = CONTENT / "desks.yml"


@cache
def desks() -> dict[str, str]:
    """The desks of the repository by id, in the order of the file; raises as ``read_desks``."""
    return read_desks(DESKS)


def read_desks(path: Path) -> dict[str, str]:
    """Read desks; raises ValueError for what is none, yaml.YAMLError, OSError if missing."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not found:
        raise ValueError(f"{path.name}: not a list of desks")
    for key, name in found.items():
        if not isinstance(key, str) or not re.fullmatch("[a-z_]{1,32}", key):
            raise ValueError(f"{path.name}: {key}: an id is 1 to 32 small letters or _")
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{path.name}: {key}: no name")
    return found
