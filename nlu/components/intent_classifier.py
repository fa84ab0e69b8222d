"""What a person wants: one of the intents of the contract, with the chances of all."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from nlu.components.e5_featurizer import E5Featurizer
from nlu.components.intent_model import IntentModel
from nlu.components.language_identifier import LANGUAGE
from nlu.components.ngram_featurizer import NgramFeaturizer
from nlu.data import load_contract
from nlu.writing import group_of

RANKING = "intent_ranking"
NOTHING = "out_of_scope"  # what a message without content is
_NOTHING_CONFIDENCE = 0.1  # too little to act upon


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """Sets `intent` and `intent_ranking`, which holds every intent, likeliest first.

    The chances sum to 1 (up to rounding), so that those of the danger intents can be added up.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How closely each expert fits, how they are mixed, and how much danger counts.

        `ngram_weight` and `temperature` are what `nlu.calibrate` found.
        """
        return {
            "dense_strength": 0.02,
            "sparse_penalty": 0.5,
            "sparse_scale": 8.0,
            "ngram_weight": {"Arab": 0.6, "Latn": 0.4, "romanised": 1.0},
            "temperature": {"Arab": 1.0, "Latn": 1.0, "romanised": 1.0},
            "danger_weight": 1.5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Return a component that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have both features; ValueError if there are none."""
        examples = [m for m in training_data.intent_examples if _dense(m) is not None]
        if not examples:
            raise ValueError("no training example has text")
        self._model = IntentModel.fit(
            np.stack([_dense(m) for m in examples]),
            vstack([_sparse(m) for m in examples]).tocsr(),
            [m.get(INTENT) for m in examples],
            load_contract().danger,
            self._config,
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Return the trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set both properties on each message."""
        for message in messages:
            vector = _dense(message)
            if vector is None:
                chances = self._chances_of_nothing()
            else:
                group = group_of(message.get(LANGUAGE)["script"], message.get(LANGUAGE)["name"])
                chances = self._model.predict(vector[None], _sparse(message), [group])[0]
            ranking = [
                {"name": self._model.classes[i], "confidence": round(float(chances[i]), 6)}
                for i in np.argsort(-chances, kind="stable")
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _chances_of_nothing(self) -> np.ndarray:
        """Chances for a message without any content: nothing asked, and little known."""
        classes = self._model.classes
        chances = np.full(len(classes), 1 / len(classes))
        if NOTHING in classes and len(classes) > 1:
            chances[:] = (1 - _NOTHING_CONFIDENCE) / (len(classes) - 1)
            chances[classes.index(NOTHING)] = _NOTHING_CONFIDENCE
        return chances


def _dense(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT, [E5Featurizer.ORIGIN])
    return None if sentence is None else sentence.features[0]


def _sparse(message: Message):
    _, sentence = message.get_sparse_features(TEXT, [NgramFeaturizer.ORIGIN])
    return sentence.features
