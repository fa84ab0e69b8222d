"""The first component: gives every message the two forms of its text that the others use."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoder.reading import tidy
from nlu.normalise import normalise

CLEAN = "clean_text"  # tidy, as written: for the sentence encoder
NORMALISED = "normalised_text"  # folded: for n-grams


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class TextNormaliser(GraphComponent):
    """Sets the message properties `clean_text` and `normalised_text`; `text` stays as it was.

    Both are without an opening greeting: it would draw every polite question towards `greet`.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextNormaliser:
        """Return a component; it has no settings and nothing to load."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set both forms on each message. A message without text gets empty ones."""
        for message in messages:
            text = tidy(message.get(TEXT) or "")
            message.set(CLEAN, text)
            message.set(NORMALISED, normalise(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Do the same for the training examples."""
        self.process(training_data.training_examples)
        return training_data
