"""Latin letters to Arabic script: rough, but never failing, and alike for alike spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.transliterate import LANGUAGES, transliterate


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("ar", "bghit nrja3 l bladi", "بغيت نرجع ل بلدي"),
        ("ar", "7abibi wen 9albi", "حبيبي ون قلبي"),
        ("fa", "mikham", "میخام"),
        ("ur", "doctor ke paas", "دوکتور کے پاس"),
        ("ps", "cherta di", "چرتا دی"),
    ],
)
def test_words(language, text, written):
    assert transliterate(text, language) == written


@pytest.mark.parametrize("pair", [("choukran", "shukran"), ("nrja3", "narja3"), ("kif", "keef")])
def test_spellings_of_one_word_meet(pair):
    first, second = (transliterate(word, "ar") for word in pair)
    assert first == second


@given(st.sampled_from(LANGUAGES), st.text(max_size=60))
def test_no_latin_letter_of_a_word_is_left_and_nothing_else_changes(language, text):
    written = transliterate(text, language)
    assert not any(c.isascii() and c.isalpha() for c in written)
    assert transliterate(written, language) == written


def test_another_language_is_refused():
    with pytest.raises(KeyError):
        transliterate("bonjour", "fr")
