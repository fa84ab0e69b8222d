"""The contract of intents (``nlu/contract.yml``): topic, route and danger of each, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Route = Literal["answer", "emergency", "feedback", "report", "handoff", "chat"]
CONTRACT = Path(__file__).parent.parent / "nlu" / "contract.yml"

#: Topics that are shown as buttons in the main menu, in this order.
MENU_TOPICS = ("asylum", "avrr", "mines", "services")


@dataclass(frozen=True)
class Intent:
    """What a person wants: its id, its topic, and what is done about it (its route)."""

    id: str
    topic: str
    route: Route
    danger: bool
    means: str


@cache
def intents() -> dict[str, Intent]:
    """All intents by id, in the contract's order. Raises OSError or yaml.YAMLError."""
    with CONTRACT.open(encoding="utf-8") as file:
        rows = yaml.safe_load(file)["intents"]
    return {
        row["id"]: Intent(
            row["id"], row["topic"], row["route"], row.get("danger", False), row["means"]
        )
        for row in rows
    }


@cache
def intents_with_text() -> tuple[str, ...]:
    """Ids of the intents that have a written answer in every language."""
    return tuple(i.id for i in intents().values() if i.route in ("answer", "emergency", "report"))


@cache
def danger_intents() -> frozenset[str]:
    """Ids of the intents that mean danger."""
    return frozenset(i.id for i in intents().values() if i.danger)
