"""Linear classifiers that can be stored without pickle, and their calibration."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression, RidgeClassifier


class Softmax:
    """Scores of classes, linear in the features: log p = log_softmax(X @ weights + bias)."""

    def __init__(self, classes: list[str], weights: np.ndarray, bias: np.ndarray) -> None:
        """`weights`: (features, classes); `bias`: (classes,)."""
        self.classes = classes
        # row by row in memory: otherwise SciPy copies all of it for each sparse message
        self.weights = np.ascontiguousarray(weights, dtype=np.float32)
        self.bias = np.asarray(bias, dtype=np.float32)

    def scores(self, features) -> np.ndarray:
        """Return (n, classes) scores before the softmax; `features` dense or sparse (n, d)."""
        return np.asarray(features @ self.weights) + self.bias

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """What to put into an .npz file; names begin with `prefix`."""
        return {
            f"{prefix}classes": np.array(self.classes),
            f"{prefix}weights": self.weights,
            f"{prefix}bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, stored, prefix: str) -> Softmax:
        """Read what `arrays` gave; KeyError if it is not there."""
        return cls(
            stored[f"{prefix}classes"].tolist(),
            stored[f"{prefix}weights"],
            stored[f"{prefix}bias"],
        )


def fit_softmax(
    features, labels, strength: float, sample_weight=None, rounds: int = 100
) -> Softmax:
    """Fit by L-BFGS from zero, so that the same data give the same model.

    `strength` is C: larger fits closer. With only one class the scores are constant.
    """
    classes = sorted(set(labels))
    if len(classes) == 1:
        return Softmax(classes, np.zeros((features.shape[1], 1)), np.zeros(1))
    model = LogisticRegression(C=strength, max_iter=rounds, tol=1e-3, multi_class="multinomial")
    model.fit(features, labels, sample_weight)
    weights, bias = model.coef_, model.intercept_
    if len(classes) == 2:  # one row, of the second class; the first one's is its negative
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Softmax(model.classes_.tolist(), weights.T, bias)


def fit_ridge(features, labels, penalty: float, scale: float, sample_weight=None) -> Softmax:
    """Fit least squares to ±1 for each class, scores times `scale`.

    For many sparse features: several times quicker than `fit_softmax`, and better on ours.
    """
    classes = sorted(set(labels))
    if len(classes) < 3:  # two classes would share one column
        return fit_softmax(features, labels, 1.0, sample_weight)
    model = RidgeClassifier(alpha=penalty, solver="sparse_cg", tol=1e-2)
    model.fit(features, labels, sample_weight)
    return Softmax(model.classes_.tolist(), model.coef_.T * scale, model.intercept_ * scale)


def fit_temperature(scores: np.ndarray, labels: np.ndarray, weight=None) -> float:
    """Return t > 0 such that softmax(scores / t) has the least log loss for class numbers
    `labels`. `scores` must come from data that the model was not fitted to.
    """
    rows = np.arange(len(labels))

    def loss(log_t: float) -> float:
        right = log_softmax(scores / np.exp(log_t), axis=1)[rows, labels]
        return -np.average(right, weights=weight)

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
