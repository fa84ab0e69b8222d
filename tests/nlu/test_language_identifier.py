"""Languages by letters and words: shapes, short messages, other keyboards, storing."""

import pytest

from nlu.components.language_identifier import (
    LanguageIdentifier,
    LanguageModel,
    language_form,
    other_keyboard,
)

_SENTENCES = {
    ("ar", "Arab"): [
        "وين المخيم",
        "بدي دكتور اليوم",
        "شكرا كتير",
        "متى يفتح المكتب",
        "أنا تعبان جدا",
    ],
    ("fa", "Arab"): ["کمپ کجاست", "من دکتر می‌خواهم", "خیلی ممنون", "دفتر کی باز است", "چطور بروم"],
    ("ps", "Arab"): [
        "کمپ چېرته دی",
        "زه ډاکټر غواړم",
        "ډېره مننه",
        "دفتر کله خلاصېږي",
        "څنګه لاړ شم",
    ],
    ("ur", "Arab"): [
        "کیمپ کہاں ہے",
        "مجھے ڈاکٹر چاہیے",
        "بہت شکریہ",
        "دفتر کب کھلتا ہے",
        "میں کیسے جاؤں",
    ],
    ("fr", "Latn"): [
        "où est le camp",
        "je veux un médecin",
        "merci beaucoup",
        "quand ouvre le bureau",
    ],
    ("en", "Latn"): [
        "where is the camp",
        "i want a doctor",
        "thank you very much",
        "when does it open",
    ],
    ("ar", "Latn"): ["win el mokhayam", "3andi mochkil", "choukran bzaf", "nheb tabib lyoum"],
    ("ur", "Latn"): [
        "camp kahan hai",
        "mujhe doctor chahiye",
        "bohat shukriya",
        "daftar kab khulta hai",
    ],
}


@pytest.fixture(scope="module")
def model():
    rows = [(text, *key) for key, texts in _SENTENCES.items() for text in texts * 3]
    texts, languages, scripts = map(list, zip(*rows, strict=True))
    return LanguageModel.fit(texts, languages, scripts)


@pytest.mark.parametrize(
    ("text", "name", "script"),
    [
        ("بدي دكتور", "ar", "Arab"),
        ("می‌خواهم", "fa", "Arab"),
        ("غواړم", "ps", "Arab"),
        ("چاہیے", "ur", "Arab"),
        ("je veux", "fr", "Latn"),
        ("where is", "en", "Latn"),
        ("3andi", "ar", "Latn"),
        ("kahan hai", "ur", "Latn"),
    ],
)
def test_short_messages(model, text, name, script):
    answer = model.predict(text)
    assert (answer["name"], answer["script"]) == (name, script)
    assert 1 / 6 < answer["confidence"] <= 1


@pytest.mark.parametrize("text", ["", " ", "123", "😭", "\x00", "\ud800", "?!"])
def test_nothing_to_tell_by_is_a_blind_guess(model, text):
    answer = model.predict(text)
    assert answer["name"] == "en"
    assert answer["script"] == "Latn"
    assert answer["confidence"] <= 0.25


@pytest.mark.parametrize("text", ["日本語", "Где врач?", "ডাক্তার কোথায়", "ሓኪም ኣበይ ኣሎ", "γιατρός ok"])
def test_another_script_is_another_language(model, text):
    assert model.predict(text) == {"name": "other", "script": "Latn", "confidence": 1.0}


def test_another_language_in_our_letters_is_learnt_like_the_six():
    texts = ["doktor nerede", "yemek ne zaman", "where is the doctor", "when is the food"] * 3
    model = LanguageModel.fit(texts, ["other", "other", "en", "en"] * 3, ["Latn"] * 12)
    assert model.predict("yemek nerede")["name"] == "other"
    assert model.predict("where is the food")["name"] == "en"


def test_a_script_that_was_not_learnt_has_no_confidence():
    model = LanguageModel.fit(["where is it", "où est-il"] * 3, ["en", "fr"] * 3, ["Latn"] * 6)
    assert model.predict("سلام") == {"name": "en", "script": "Arab", "confidence": 0.0}


def test_stored_and_loaded_it_says_the_same(model, tmp_path):
    model.save(tmp_path)
    again = LanguageModel.load(tmp_path)
    for texts in _SENTENCES.values():
        for text in texts:
            assert again.predict(text) == model.predict(text)


def test_form_keeps_the_letters_that_tell_languages_apart():
    assert language_form("چېرته؟") == "چېرته"
    assert language_form("3andi 14 jours, où?!") == "3andi jours où"
    assert language_form("heeeelp") == "help"


def test_other_keyboards():
    assert other_keyboard("زه غواړم", "ps", 0) == "زه غوارم"
    assert other_keyboard("یک", "fa", 1) == "يك"
    assert other_keyboard("où été", "fr", 0) == "ou ete"
    assert other_keyboard("where", "en", 0) == "where"


def test_examples_without_metadata_are_refused():
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    data = TrainingData([Message.build("hello", "greet")])
    with pytest.raises(ValueError, match="greet"):
        LanguageIdentifier(None, None).train(data)
