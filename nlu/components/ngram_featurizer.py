"""Sparse sentence features: character n-grams of the folded text."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.ngrams import CharNgrams
from nlu.components.text_normaliser import NORMALISED

_FILE = "ngrams.npz"
_TOO_LONG = 1200  # characters; as much as the sentence encoder sees


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class NgramFeaturizer(GraphComponent):
    """Adds the sentence feature "NgramFeaturizer", sparse (1, n-grams) float32, to each message."""

    ORIGIN = "NgramFeaturizer"

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        ngrams: CharNgrams | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._ngrams = ngrams

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Lengths of the n-grams, and in how many examples one must stand to count."""
        return {"shortest": 1, "longest": 5, "min_count": 2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """Return a component that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the n-grams and their weights from all examples; ValueError if there are none."""
        config = self._config
        self._ngrams = CharNgrams(config["shortest"], config["longest"], config["min_count"])
        self._ngrams.fit([_text(m) for m in training_data.training_examples])
        with self._model_storage.write_to(self._resource) as folder:
            self._ngrams.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """Return the trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, CharNgrams.load(folder / _FILE))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to each message."""
        matrix = self._ngrams.transform([_text(m) for m in messages])
        for message, row in zip(messages, matrix, strict=True):
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self.ORIGIN))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature to the training examples."""
        self.process(training_data.training_examples)
        return training_data


def _text(message: Message) -> str:
    return (message.get(NORMALISED) or "")[:_TOO_LONG]
