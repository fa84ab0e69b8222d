"""Sentence vectors and their cache."""

import numpy as np
import pytest
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import embedding
from nlu.components.e5_featurizer import E5Featurizer
from nlu.components.language_identifier import LANGUAGE
from nlu.components.text_normaliser import TextNormaliser
from nlu.embedding import DIM, VectorCache, embed, embed_all

_TEXTS = ["where is the camp", "کمپ کجاست", "camp", "where is the camp"]


def test_vectors_are_unit_length_and_the_same_each_time(tmp_path):
    first = embed_all(_TEXTS, tmp_path, workers=1)
    assert first.shape == (4, DIM)
    assert first.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(first[0], first[3])
    np.testing.assert_array_equal(first[1], embed(_TEXTS[1]))


def test_the_cache_spares_the_encoder(tmp_path, monkeypatch):
    first = embed_all(_TEXTS, tmp_path, workers=1)
    monkeypatch.setattr(embedding, "_embed_batch", lambda texts: pytest.fail("computed again"))
    lines = []
    np.testing.assert_array_equal(embed_all(_TEXTS, tmp_path, lines.append), first)
    assert lines == ["sentence vectors: all 4 from the cache"]


def test_processes_give_the_same_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "_BATCH", 2)
    texts = [f"sentence number {n}" for n in range(12)]
    alone = embed_all(texts, tmp_path / "one", workers=1)
    lines = []
    np.testing.assert_array_equal(embed_all(texts, tmp_path / "two", lines.append, 2), alone)
    assert "12/12, 0 s left" in lines[-1]


def test_a_broken_cache_is_made_anew(tmp_path):
    embed_all(_TEXTS, tmp_path, workers=1)
    path = VectorCache(tmp_path).path
    path.write_bytes(path.read_bytes()[:100])
    assert len(VectorCache(tmp_path)) == 0
    assert embed_all(_TEXTS, tmp_path, workers=1).shape == (4, DIM)
    assert len(VectorCache(tmp_path)) == 3


def test_interrupted_work_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "_BATCH", 1)
    computed = iter([np.zeros((1, DIM), np.float32)])
    monkeypatch.setattr(embedding, "_embed_batch", lambda texts: next(computed))
    with pytest.raises(RuntimeError):  # StopIteration inside a generator
        embed_all(_TEXTS, tmp_path, workers=1)
    assert len(VectorCache(tmp_path)) == 1
    assert [p.suffix for p in tmp_path.iterdir()] == [".npz"]


def test_no_texts(tmp_path):
    assert embed_all([], tmp_path).shape == (0, DIM)


def test_component_adds_one_feature_and_stores_no_message(tmp_path):
    component = E5Featurizer({"cache_dir": str(tmp_path)})
    messages = [_message("hello"), _message("")]
    component.process(messages)
    _, sentence = messages[0].get_dense_features(TEXT, [E5Featurizer.ORIGIN])
    assert sentence.features.shape == (1, DIM)
    assert messages[1].get_dense_features(TEXT, [E5Featurizer.ORIGIN]) == (None, None)
    assert list(tmp_path.iterdir()) == []


def _message(text, language="en", script="Latn"):
    """A message as the components before this one leave it."""
    message = TextNormaliser().process([Message({TEXT: text})])[0]
    message.set(LANGUAGE, {"name": language, "script": script, "confidence": 1.0})
    return message


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [("  HELP\x00 meeeeee  ", "en", "Latn"), ("bghit nrja3 l bladi", "ar", "Latn")],
)
def test_training_and_parsing_give_the_same_vector(tmp_path, text, language, script):
    component = E5Featurizer({"cache_dir": str(tmp_path)})
    learnt = Message.build(text, "rescue")
    learnt.set(METADATA, {METADATA_INTENT: {"language": language, "script": script}})
    data = TextNormaliser().process_training_data(TrainingData([learnt]))
    component.process_training_data(data)
    message = component.process([_message(text, language, script)])[0]
    pair = [m.get_dense_features(TEXT, [])[1].features for m in (data.intent_examples[0], message)]
    np.testing.assert_array_equal(*pair)
