"""Two linear experts over a message's features, mixed and calibrated. Knows nothing of Rasa."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.special import log_softmax, softmax

from nlu.components.linear import Softmax, fit_ridge, fit_softmax
from nlu.writing import GROUPS

_FILE = "intents.npz"


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
        self.weights = weights
        self.temperatures = temperatures
        self.classes = dense.classes

    @classmethod
    def fit(
        cls, vectors: np.ndarray, ngrams, labels: list[str], danger: frozenset[str], config: dict
    ) -> IntentModel:
        """Learn from n examples.

        `vectors` (n, d) dense, `ngrams` (n, m) sparse, `danger` the intents that count more.
        Weights and temperatures come from `config`: the encoder knows the training examples, so
        only `nlu.calibrate`, on examples that it was not tuned on, can find them.
        """
        names = np.array(labels)
        weight = np.where(np.isin(names, sorted(danger)), config["danger_weight"], 1.0)
        mean, deviation = vectors.mean(0), vectors.std(0) + 1e-6
        standard = (vectors - mean) / deviation
        dense = fit_softmax(standard, names, config["dense_strength"], weight, rounds=60)
        sparse = fit_ridge(ngrams, names, config["sparse_penalty"], config["sparse_scale"], weight)
        weights, temperatures = (
            np.array([config[name][group] for group in GROUPS], dtype=float)
            for name in ("ngram_weight", "temperature")
        )
        return cls(mean, deviation, dense, sparse, weights, temperatures)

    def experts(self, vectors: np.ndarray, ngrams) -> tuple[np.ndarray, np.ndarray]:
        """Return the log chances of both experts, (n, classes) each."""
        dense = log_softmax(self._dense.scores((vectors - self._mean) / self._deviation), axis=1)
        return dense, log_softmax(self._sparse.scores(ngrams), axis=1)

    def predict(self, vectors: np.ndarray, ngrams, groups: list[str]) -> np.ndarray:
        """Return the chances, (n, classes); each row sums to 1."""
        numbers = np.array([GROUPS.index(group) for group in groups])
        dense, sparse = self.experts(vectors, ngrams)
        scores = dense + self.weights[numbers][:, None] * sparse
        return softmax(scores / self.temperatures[numbers][:, None], axis=1)

    def save(self, folder: Path) -> None:
        """Write to one .npz file in `folder`."""
        np.savez(
            folder / _FILE,
            mean=self._mean,
            deviation=self._deviation,
            weights=self.weights,
            temperatures=self.temperatures,
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
