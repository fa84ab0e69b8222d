"""Finds what in a message changes an answer: places, dates, phone numbers, feedback codes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from nlu.components.language_identifier import LANGUAGE
from nlu.data import ROOT
from nlu.entities import entities
from nlu.places import Found, Gazetteer

_SURE = 0.5  # below this the language tells nothing about what a word means


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class EntityExtractor(GraphComponent):
    """Sets `entities` in Rasa's shape; positions are those of the message's text.

    The names of places are read from the directory when the server starts: a new spelling needs
    no training.
    """

    def __init__(self, gazetteer: Gazetteer, timezone: ZoneInfo) -> None:
        """`gazetteer`: the places; `timezone`: where "tomorrow" is."""
        self._gazetteer, self._timezone = gazetteer, timezone

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The directory's path below the project root, and the time zone of "today"."""
        return {"directory": "content/directory.yml", "timezone": "Europe/Sarajevo"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """Return a component; OSError or YAMLError if the directory cannot be read."""
        directory = YAML(typ="safe").load((ROOT / config["directory"]).read_text(encoding="utf-8"))
        return cls(Gazetteer.of_directory(directory), ZoneInfo(config["timezone"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `entities` on each message, after those that are there already."""
        today = dt.datetime.now(self._timezone).date()
        for message in messages:
            told = message.get(LANGUAGE) or {}
            language = told.get("name") if told.get("confidence", 0.0) >= _SURE else None
            found = entities(message.get(TEXT) or "", self._gazetteer, today, language)
            before = message.get(ENTITIES) or []
            message.set(ENTITIES, before + [_row(one) for one in found], add_to_output=True)
        return messages


def _row(found: Found) -> dict[str, Any]:
    return {
        "entity": found.kind,
        "value": found.value,
        "start": found.start,
        "end": found.end,
        "extractor": EntityExtractor.__name__,
    }
