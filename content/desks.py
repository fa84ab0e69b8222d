"""Desks of counsellors (``content/desks.yml``): id → English name."""

from functools import cache

import yaml

from content.answers import CONTENT

DESKS = CONTENT / "desks.yml"


@cache
def desks() -> dict[str, str]:
    """The desks by id, in the order of the file; raises OSError, yaml.YAMLError or ValueError."""
    found = yaml.safe_load(DESKS.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not all(
        isinstance(one, str) and len(one) <= 32 for one in found
    ):
        raise ValueError(f"{DESKS.name}: not a list of desks")
    return {key: str(name) for key, name in found.items()}
