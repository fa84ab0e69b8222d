"""The two experts: same data same model, honest chances, storing."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import softmax

from nlu.components.intent_classifier import IntentClassifier
from nlu.components.intent_model import GROUPS, IntentModel, group_of
from nlu.components.linear import fit_ridge, fit_softmax, fit_temperature

_CONFIG = IntentClassifier.get_default_config()
_DANGER = frozenset({"c0"})


def _data(n=600, classes=5, noise=1.6, seed=1):
    """Overlapping clouds, which no model tells apart without mistakes."""
    random = np.random.RandomState(seed)
    centres = np.random.RandomState(0).randn(classes, 8)
    numbers = random.randint(classes, size=n)
    vectors = (centres[numbers] + noise * random.randn(n, 8)).astype(np.float32)
    ngrams = csr_matrix(np.maximum(vectors @ random.randn(8, 20), 0).astype(np.float32))
    groups = [GROUPS[i % 3] for i in range(n)]
    return vectors, ngrams, [f"c{i}" for i in numbers], groups


@pytest.fixture(scope="module")
def model():
    return IntentModel.fit(*_data(), _DANGER, _CONFIG)


def test_same_data_same_chances(model):
    vectors, ngrams, _, groups = _data(50, seed=2)
    again = IntentModel.fit(*_data(), _DANGER, _CONFIG)
    np.testing.assert_array_equal(
        model.predict(vectors, ngrams, groups), again.predict(vectors, ngrams, groups)
    )


def test_chances_sum_to_one(model):
    vectors, ngrams, _, groups = _data(50, seed=3)
    chances = model.predict(vectors, ngrams, groups)
    assert chances.shape == (50, 5)
    np.testing.assert_allclose(chances.sum(1), 1, atol=1e-6)


def test_confidence_is_about_how_often_it_is_right(model):
    vectors, ngrams, labels, groups = _data(600, seed=1)
    held = np.arange(0, 600, 5)
    config = dict(_CONFIG)
    model = IntentModel.fit(vectors, ngrams, labels, groups, frozenset(), config)
    fresh = np.random.RandomState(9).permutation(600)[:300]
    chances = model.predict(vectors[fresh], ngrams[fresh], [groups[i] for i in fresh])
    right = np.array([model.classes[k] for k in chances.argmax(1)]) == np.array(labels)[fresh]
    assert abs(chances.max(1).mean() - right.mean()) < 0.12
    assert len(held) == 120


def test_danger_counts_more():
    plain = IntentModel.fit(*_data(), frozenset(), _CONFIG)
    heavy = IntentModel.fit(*_data(), _DANGER, {**_CONFIG, "danger_weight": 5.0})
    vectors, ngrams, _, groups = _data(200, seed=4)
    column = plain.classes.index("c0")
    seen = [m.predict(vectors, ngrams, groups)[:, column].mean() for m in (plain, heavy)]
    assert seen[1] > seen[0]


def test_stored_and_loaded_it_says_the_same(model, tmp_path):
    model.save(tmp_path)
    vectors, ngrams, _, groups = _data(50, seed=5)
    np.testing.assert_array_equal(
        IntentModel.load(tmp_path).predict(vectors, ngrams, groups),
        model.predict(vectors, ngrams, groups),
    )


def test_temperature_finds_how_overconfident_scores_are():
    random = np.random.RandomState(0)
    scores = random.randn(4000, 4) * 2
    labels = np.array([random.choice(4, p=p) for p in softmax(scores, axis=1)])
    assert fit_temperature(3 * scores, labels) == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize("labels", [["a"] * 6, ["a", "b"] * 3, ["a", "b", "c"] * 2])
def test_few_classes(labels):
    features = csr_matrix(np.eye(6, dtype=np.float32))
    for model in (fit_softmax(features, labels, 1.0), fit_ridge(features, labels, 0.5, 8.0)):
        assert model.scores(features).shape == (6, len(set(labels)))


def test_groups():
    assert group_of("Arab", "ar") == "Arab"
    assert group_of("Latn", "fr") == "Latn"
    assert group_of("Latn", "ps") == "romanised"
