"""The two experts: same data same model, honest chances, storing."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import softmax

from nlu.components.intent_classifier import IntentClassifier
from nlu.components.intent_model import IntentModel
from nlu.components.linear import fit_ridge, fit_softmax, fit_temperature
from nlu.writing import GROUPS, group_of

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


def _fit(danger=_DANGER, config=_CONFIG):
    vectors, ngrams, labels, _ = _data()
    return IntentModel.fit(vectors, ngrams, labels, danger, config)


@pytest.fixture(scope="module")
def model():
    return _fit()


def test_same_data_same_chances(model):
    vectors, ngrams, _, groups = _data(50, seed=2)
    again = _fit()
    np.testing.assert_array_equal(
        model.predict(vectors, ngrams, groups), again.predict(vectors, ngrams, groups)
    )


def test_chances_sum_to_one(model):
    vectors, ngrams, _, groups = _data(50, seed=3)
    chances = model.predict(vectors, ngrams, groups)
    assert chances.shape == (50, 5)
    np.testing.assert_allclose(chances.sum(1), 1, atol=1e-6)


def test_a_temperature_damps_the_chances_of_its_group_only(model):
    config = {**_CONFIG, "temperature": {"Arab": 3.0, "Latn": 1.0, "romanised": 1.0}}
    vectors, ngrams, _, _ = _data(100, seed=6)
    damped = _fit(config=config)
    for group, is_damped in (("Arab", True), ("Latn", False)):
        highest = [m.predict(vectors, ngrams, [group] * 100).max(1).mean() for m in (model, damped)]
        assert (highest[1] < highest[0] - 0.05) == is_damped


def test_without_weight_the_ngrams_say_nothing():
    config = {**_CONFIG, "ngram_weight": {"Arab": 0.0, "Latn": 0.4, "romanised": 1.0}}
    vectors, ngrams, _, _ = _data(50, seed=7)
    nothing = csr_matrix(ngrams.shape, dtype=np.float32)
    model = _fit(config=config)
    chances = [model.predict(vectors, some, ["Arab"] * 50) for some in (ngrams, nothing)]
    np.testing.assert_allclose(*chances, atol=1e-6)


def test_danger_counts_more():
    plain = _fit(frozenset())
    heavy = _fit(config={**_CONFIG, "danger_weight": 5.0})
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
    assert group_of("Latn", "other") == "Latn"


def test_ngram_features_are_single_precision():
    # double precision would copy all weights of the model for each message (12 ms instead of 0.01)
    from nlu.components.ngrams import CharNgrams

    assert CharNgrams(1, 3, 1).fit(["salam", "doctor"]).transform(["salam"]).dtype == np.float32
