"""Dense sentence features from the tuned encoder."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import embedding
from nlu.components.language_identifier import LANGUAGE
from nlu.components.text_normaliser import CLEAN
from nlu.encoder.reading import reading


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class E5Featurizer(GraphComponent):
    """Adds the sentence feature "E5Featurizer", (1, 384) float32, to each message with text."""

    ORIGIN = "E5Featurizer"

    def __init__(self, config: dict[str, Any]) -> None:
        self._cache_dir = config["cache_dir"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`cache_dir`: where vectors of training examples are kept, below the project root."""
        return {"cache_dir": str(embedding.CACHE_DIR)}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> E5Featurizer:
        """Return a component; the encoder itself is loaded at the first message."""
        return cls(config)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> E5Featurizer:
        """Return a component that is warm, so that the first message is as quick as others."""
        embedding.embed("salam")
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to each message. Nothing of a message is ever written to disk."""
        for message in messages:
            if message.get(CLEAN):
                found = message.get(LANGUAGE)
                text = reading(message.get(CLEAN), found["name"], found["script"])
                self._add(message, embedding.embed(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature to the training examples, with the cache and on all cores."""
        examples = [m for m in training_data.training_examples if m.get(CLEAN)]
        vectors = embedding.embed_all(
            [_reading_learnt(m) for m in examples],
            self._cache_dir,
            lambda line: print(line, file=sys.stderr, flush=True),
        )
        for message, vector in zip(examples, vectors, strict=True):
            self._add(message, vector)
        return training_data

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(
            Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self.ORIGIN)
        )


def _reading_learnt(message: Message) -> str:
    about = message.get(METADATA)[METADATA_INTENT]  # the data say it: no need to guess
    return reading(message.get(CLEAN), about["language"], about["script"])
