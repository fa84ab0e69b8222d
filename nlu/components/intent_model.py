"""Two linear experts over a message's features, mixed and calibrated. Knows nothing of Rasa."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import log_softmax, softmax

from nlu.components.linear import Softmax, fit_softmax, fit_temperature

_FILE = "intents.npz"


class IntentModel:
    """Chances of the intents from dense vectors and n-grams.

    One expert sees the standardised dense vector, the other the n-grams. Their log chances are
    added, the second one's times a weight that depends on the script: n-grams help Latin
    letters, which the encoder reads badly, more than native script.
    """

    def __init__(
        self,
        mean: np.ndarray,
        deviation: np.ndarray,
        dense: Softmax,
        sparse: Softmax,
        weights: dict[str, float],
        temperature: float,
    ) -> None:
        self._mean = mean
        self._deviation = deviation
        self._dense = dense
        self._sparse = sparse
        self._weights = weights
        self._temperature = temperature
        self.classes = dense.classes

    @classmethod
    def fit(
        cls,
        vectors: np.ndarray,
        ngrams,
        labels: list[str],
        scripts: list[str],
        danger: frozenset[str],
        config: dict[str, Any],
    ) -> IntentModel:
        """Learn from n examples.

        `vectors` (n, d) dense, `ngrams` (n, m) sparse, `scripts` "Arab" or "Latn" each.
        The temperature comes from a fifth that a first fit did not see.
        """
        labels = np.array(labels)
        scripts = np.array(scripts)
        held = np.arange(len(labels)) % 5 == 0
        temperature = 1.0
        if set(labels[~held]) >= set(labels[held]) and held.any() and len(set(labels)) > 1:
            trial = cls._fit_experts(vectors[~held], ngrams[~held], labels[~held], danger, config)
            scores = trial._mixed(vectors[held], ngrams[held], scripts[held])
            temperature = fit_temperature(scores, np.searchsorted(trial.classes, labels[held]))
        model = cls._fit_experts(vectors, ngrams, labels, danger, config)
        model._temperature = temperature
        return model

    @classmethod
    def _fit_experts(cls, vectors, ngrams, labels, danger, config) -> IntentModel:
        weight = np.where(np.isin(labels, sorted(danger)), config["danger_weight"], 1.0)
        mean, deviation = vectors.mean(0), vectors.std(0) + 1e-6
        standard = (vectors - mean) / deviation
        dense = fit_softmax(standard, labels, config["dense_strength"], weight, rounds=60)
        sparse = fit_softmax(ngrams, labels, config["sparse_strength"], weight, rounds=30)
        return cls(mean, deviation, dense, sparse, dict(config["ngram_weight"]), 1.0)

    def _mixed(self, vectors, ngrams, scripts) -> np.ndarray:
        weight = np.array([self._weights.get(s, 0.5) for s in scripts])[:, None]
        dense = log_softmax(self._dense.scores((vectors - self._mean) / self._deviation), axis=1)
        return dense + weight * log_softmax(self._sparse.scores(ngrams), axis=1)

    def predict(self, vectors: np.ndarray, ngrams, scripts: list[str]) -> np.ndarray:
        """Return the chances, (n, classes); each row sums to 1."""
        return softmax(self._mixed(vectors, ngrams, scripts) / self._temperature, axis=1)

    def save(self, folder: Path) -> None:
        """Write to one .npz file in `folder`."""
        np.savez(
            folder / _FILE,
            mean=self._mean,
            deviation=self._deviation,
            temperature=self._temperature,
            scripts=np.array(list(self._weights)),
            script_weights=np.array(list(self._weights.values())),
            **self._dense.arrays("dense_"),
            **self._sparse.arrays("sparse_"),
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote; OSError or KeyError if it cannot be."""
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            weights = dict(zip(stored["scripts"].tolist(), stored["script_weights"].tolist()))
            return cls(
                stored["mean"],
                stored["deviation"],
                Softmax.from_arrays(stored, "dense_"),
                Softmax.from_arrays(stored, "sparse_"),
                weights,
                float(stored["temperature"]),
            )
