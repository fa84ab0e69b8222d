"""The measuring: its figures by hand, and that tests are not learnt by heart."""

import pytest

from nlu import evaluate
from nlu.data import Contract, DataError, Example

_CONTRACT = Contract(("rescue", "greet", "food"), frozenset({"rescue"}))


def _test(text, intent, language="en", script="Latn", kind="plain"):
    return Example(text, intent, language, script, kind, "x.yml")


def _answer(chances, language="en"):
    ranking = [
        {"name": name, "confidence": chance}
        for name, chance in sorted(chances.items(), key=lambda item: -item[1])
    ]
    return {
        "intent": ranking[0],
        "intent_ranking": ranking,
        "language": {"name": language, "script": "Latn", "confidence": 1.0},
    }


def test_figures():
    tests = [
        _test("a", "rescue"),
        _test("b", "rescue", kind="hard"),
        _test("c", "greet"),
        _test("d", "food", "fr"),
    ]
    answers = [
        _answer({"rescue": 0.9, "greet": 0.05, "food": 0.05}),
        _answer({"greet": 0.8, "rescue": 0.1, "food": 0.1}),  # suspected
        _answer({"greet": 0.9, "rescue": 0.04, "food": 0.06}),
        _answer({"rescue": 0.6, "food": 0.4, "greet": 0.0}, "fr"),  # a false alarm
    ]
    result = evaluate.figures(tests, answers, _CONTRACT)
    whole = result["groups"]["all"]
    assert whole["n"] == 4
    assert whole["accuracy"] == 0.5
    assert whole["top3"] == 1
    assert whole["danger_recall"] == 0.5
    assert whole["danger_precision"] == 0.5
    assert whole["suspected_recall"] == 1
    assert whole["false_alarms"] == 0.5
    assert whole["language_accuracy"] == whole["short_language_accuracy"] == 1
    assert whole["out_of_scope_recall"] is None
    assert whole["macro_f1"] == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert whole["calibration_error"] == pytest.approx((0.8 + 0.2 + 0.6) / 4)
    assert set(result["groups"]) >= {"plain", "hard", "en Latn", "fr Latn plain"}
    assert result["groups"]["fr Latn"]["danger_recall"] is None
    assert ["rescue", "greet", 1] in result["confusions"]
    assert result["missed_danger"] == []


def test_a_missed_danger_is_named():
    answers = [_answer({"greet": 0.99, "rescue": 0.01, "food": 0.0})]
    result = evaluate.figures([_test("help us", "rescue")], answers, _CONTRACT)
    assert result["missed_danger"][0]["text"] == "help us"


def test_floors_name_what_fell_and_only_rise():
    groups = {"all": {"n": 4, "accuracy": 0.8, "false_alarms": 0.1, "danger_recall": None}}
    floors = evaluate.raise_floors({}, groups)
    assert floors == {"all": {"accuracy": 0.79, "false_alarms": 0.11}}
    assert evaluate.below(floors, groups) == []
    worse = {"all": {"n": 4, "accuracy": 0.7, "false_alarms": 0.2, "danger_recall": None}}
    assert len(evaluate.below(floors, worse)) == 2
    assert evaluate.raise_floors(floors, worse) == floors


def test_an_utterance_of_the_training_data_is_refused():
    learnt = [_test("Where is  the CAMP?", "food")]
    with pytest.raises(DataError, match="1 test utterances stand in the training data"):
        evaluate.refuse_leaks([_test("where is the camp", "food")], learnt)
    evaluate.refuse_leaks([_test("where is my camp", "food")], learnt)


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ("{language: en, script: Latn}", "kind: plain or hard"),
        ("{language: en, script: Latn, kind: plain}", "no model"),
    ],
)
def test_what_cannot_be_measured_ends_with_one_line(tmp_path, capsys, metadata, words):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "t.yml").write_text(
        f"nlu:\n- intent: greet\n  metadata: {metadata}\n  examples: |\n    - zq zq zq\n"
    )
    arguments = ["--tests", str(tmp_path), "--models", str(tmp_path)]
    assert evaluate.main(arguments) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
