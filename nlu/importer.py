"""Hands our examples, already read and checked, to Rasa's training.

Rasa's own importers read, copy, merge and hash the same 22,000 examples several times over, which
takes half a minute.
"""

from __future__ import annotations

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from nlu.data import Example


class _Examples(TrainingData):
    """Training data that are named by the hash of what they came from.

    Rasa hashes its data after every step, features and all, to look them up in a cache that we
    have switched off.
    """

    def __init__(self, messages: list[Message], name: str) -> None:
        super().__init__()
        self.training_examples = messages
        self._name = name

    def fingerprint(self) -> str:
        return self._name


class ExamplesImporter(TrainingDataImporter):
    """NLU examples and a recipe; no domain, no stories."""

    def __init__(self, examples: list[Example], config: Path, name: str) -> None:
        """`name`: hash of the examples and the recipe."""
        self._examples = examples
        self._config = config
        self._name = name

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples as Rasa's messages; the metadata go to each."""
        messages = [
            Message.build(
                example.text,
                example.intent,
                intent_metadata={"language": example.language, "script": example.script},
            )
            for example in self._examples
        ]
        return _Examples(messages, self._name)

    def get_config(self) -> dict:
        """Return the recipe; RasaException if it is not one."""
        return read_model_configuration(self._config)

    def get_config_file_for_auto_config(self) -> str:
        """Return the path of the recipe."""
        return str(self._config)

    def get_domain(self) -> Domain:
        """Return an empty domain: Rasa does no dialogue here."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return no stories."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """Return no stories."""
        return StoryGraph([])
