"""Two linear experts over a message's features, mixed and calibrated. Knows nothing of Rasa."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import log_softmax, softmax

from nlu.components.linear import Softmax, fit_ridge, fit_softmax, fit_temperature

# Ways of writing that the experts are good at to different degrees: native Arabic script, French
# and English, and Arabic, Farsi, Pashto or Urdu in Latin letters.
GROUPS = ("Arab", "Latn", "romanised")

_FILE = "intents.npz"
_ENOUGH = 100  # held-out examples that a temperature of a group's own needs


def group_of(script: str, language: str) -> str:
    """Return which of GROUPS a message of this script and language belongs to."""
    if script == "Arab":
        return "Arab"
    return "Latn" if language in ("en", "fr") else "romanised"


class IntentModel:
    """Chances of the intents from dense vectors and n-grams.

    One expert sees the standardised dense vector, the other the n-grams. Their log chances are
    added, the second one's times a weight that depends on the group: n-grams help most where
    the encoder reads badly. A temperature for each group makes the chances honest.
    """

    def __init__(
        self,
        mean: np.ndarray,
        deviation: np.ndarray,
        dense: Softmax,
        sparse: Softmax,
        weights: np.ndarray,
        temperatures: np.ndarray,
    ) -> None:
        """`weights`, `temperatures`: one for each of GROUPS."""
        self._mean = mean
        self._deviation = deviation
        self._dense = dense
        self._sparse = sparse
        self._weights = weights
        self._temperatures = temperatures
        self.classes = dense.classes

    @classmethod
    def fit(
        cls,
        vectors: np.ndarray,
        ngrams,
        labels: list[str],
        groups: list[str],
        danger: frozenset[str],
        config: dict[str, Any],
    ) -> IntentModel:
        """Learn from n examples.

        `vectors` (n, d) dense, `ngrams` (n, m) sparse, `groups` of GROUPS, `danger` the intents
        that count more. Temperatures come from a fifth that a first fit did not see.
        """
        names = np.array(labels)
        numbers = np.array([GROUPS.index(group) for group in groups])
        held = np.arange(len(names)) % 5 == 0
        temperatures = np.ones(len(GROUPS))
        if len(set(labels)) > 1 and set(names[~held]) == set(labels):
            trial = cls._fit_experts(vectors[~held], ngrams[~held], names[~held], danger, config)
            scores = trial._mixed(vectors[held], ngrams[held], numbers[held])
            right = np.searchsorted(trial.classes, names[held])
            temperatures[:] = fit_temperature(scores, right)
            for group in range(len(GROUPS)):
                rows = numbers[held] == group
                if rows.sum() >= _ENOUGH:
                    temperatures[group] = fit_temperature(scores[rows], right[rows])
        model = cls._fit_experts(vectors, ngrams, names, danger, config)
        model._temperatures = temperatures
        return model

    @classmethod
    def _fit_experts(cls, vectors, ngrams, labels, danger, config) -> IntentModel:
        weight = np.where(np.isin(labels, sorted(danger)), config["danger_weight"], 1.0)
        mean, deviation = vectors.mean(0), vectors.std(0) + 1e-6
        standard = (vectors - mean) / deviation
        dense = fit_softmax(standard, labels, config["dense_strength"], weight, rounds=60)
        sparse = fit_ridge(ngrams, labels, config["sparse_penalty"], config["sparse_scale"], weight)
        weights = np.array([config["ngram_weight"][group] for group in GROUPS], dtype=float)
        return cls(mean, deviation, dense, sparse, weights, np.ones(len(GROUPS)))

    def _mixed(self, vectors, ngrams, numbers) -> np.ndarray:
        dense = log_softmax(self._dense.scores((vectors - self._mean) / self._deviation), axis=1)
        sparse = log_softmax(self._sparse.scores(ngrams), axis=1)
        return dense + self._weights[numbers][:, None] * sparse

    def predict(self, vectors: np.ndarray, ngrams, groups: list[str]) -> np.ndarray:
        """Return the chances, (n, classes); each row sums to 1."""
        numbers = np.array([GROUPS.index(group) for group in groups])
        scores = self._mixed(vectors, ngrams, numbers)
        return softmax(scores / self._temperatures[numbers][:, None], axis=1)

    def save(self, folder: Path) -> None:
        """Write to one .npz file in `folder`."""
        np.savez(
            folder / _FILE,
            mean=self._mean,
            deviation=self._deviation,
            weights=self._weights,
            temperatures=self._temperatures,
            **self._dense.arrays("dense_"),
            **self._sparse.arrays("sparse_"),
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote; OSError or KeyError if it cannot be."""
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            return cls(
                stored["mean"],
                stored["deviation"],
                Softmax.from_arrays(stored, "dense_"),
                Softmax.from_arrays(stored, "sparse_"),
                stored["weights"],
                stored["temperatures"],
            )
