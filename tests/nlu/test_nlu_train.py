"""Training as a command: what it refuses, when it has nothing to do, and what a model answers."""

import asyncio
import json
import os
import subprocess
import sys
import time

import pytest

from nlu import train
from nlu.data import (
    LANGUAGES,
    ROOT,
    DataError,
    check_against,
    load_contract,
    load_examples,
    load_other_languages,
    load_registers,
    some,
)
from nlu.runtime import accept_slashes

_WORDS = {
    "ar": ("سلام", "الدكتور"),
    "fa": ("سلام", "دکتر"),
    "ps": ("سلام", "ډاکټر"),
    "ur": ("سلام", "ڈاکٹر"),
    "fr": ("bonjour", "médecin"),
    "en": ("hello", "doctor"),
}


def _write(folder, language, blocks):
    script = "Latn" if language in ("fr", "en") else "Arab"
    lines = ['version: "3.1"', "nlu:"]
    for intent, utterances in blocks.items():
        lines += [
            f"- intent: {intent}",
            f"  metadata: {{language: {language}, script: {script}}}",
            "  examples: |",
            *(f"    - {utterance}" for utterance in utterances),
        ]
    (folder / language).mkdir(parents=True, exist_ok=True)
    (folder / language / "all.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def small_data(tmp_path_factory):
    """Six languages, every intent of the contract, six utterances each in English alone."""
    folder = tmp_path_factory.mktemp("data")
    intents = load_contract().intents
    for language, words in _WORDS.items():
        blocks = {
            intent: [f"{words[0]} {intent.replace('_', ' ')} {words[1]} {n}" for n in range(2)]
            for intent in (intents if language == "en" else intents[::6])
        }
        _write(folder, language, blocks)
    return folder


@pytest.fixture(scope="module")
def trained(small_data, tmp_path_factory):
    """Options of a training that was done, and the folder of its model."""
    models = tmp_path_factory.mktemp("models")
    arguments = ["--data", str(small_data), "--models", str(models)]
    arguments += ["--cache", str(tmp_path_factory.mktemp("cache"))]
    assert train.main(arguments) == 0
    return arguments, models


@pytest.fixture(scope="module")
def agent(trained):
    from rasa.core.agent import Agent

    accept_slashes()
    return Agent.load(str(train.newest_model(trained[1])))


def test_a_second_training_has_nothing_to_do(trained):
    begun = time.monotonic()
    command = [sys.executable, "-X", "importtime", "-m", "nlu.train", *trained[0]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert "up to date" in done.stdout
    assert "rasa" not in done.stderr  # the list of imported modules
    assert time.monotonic() - begun < 5  # under 1 s on a machine that is not busy


def test_other_data_are_noticed(small_data, trained, tmp_path):
    config = ROOT / "config.yml"
    same = train.fingerprint(small_data, config)
    assert train.is_current(train.newest_model(trained[1]), same)
    _write(tmp_path, "en", {"greet": ["hello"]})
    assert train.fingerprint(tmp_path, config) != same
    assert not train.is_current(None, same)


def test_a_model_without_its_note_does_not_count(tmp_path):
    (tmp_path / "20260101-000000.tar.gz").touch()
    assert train.newest_model(tmp_path) is None
    train.note_of(tmp_path / "20260101-000000.tar.gz").write_text("{")
    assert not train.is_current(train.newest_model(tmp_path), "x")


def test_only_two_models_are_kept(tmp_path):
    for day in range(1, 5):
        model = tmp_path / f"2026010{day}-000000.tar.gz"
        model.touch()
        train.note_of(model).write_text(json.dumps({"fingerprint": day}))
    train._drop_old(tmp_path)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [f"2026010{d}-000000.{e}" for d in (3, 4) for e in ("json", "tar.gz")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("nlu: [", "while parsing"),
        ("nlu: 3", "must be a mapping"),
        ("nlu:\n- lookup: x", "no intent"),
        ("nlu:\n- intent: greet\n  examples: |\n    - hi", "language: en"),
        (
            "nlu:\n- intent: greet\n  metadata: {language: en, script: Grek}\n"
            "  examples: |\n    - hi",
            "script",
        ),
        (
            "nlu:\n- intent: greet\n  metadata: {language: en, script: Latn}\n"
            "  examples: |\n    hi",
            "not `- utterance`",
        ),
        (
            "nlu:\n- intent: grreet\n  metadata: {language: en, script: Latn}\n"
            "  examples: |\n    - hi",
            "grreet",
        ),
        (
            "nlu:\n- intent: greet\n  metadata: {language: en, script: Latn}\n"
            "  examples: |\n    - hi",
            "no example of: asylum_apply",
        ),
    ],
)
def test_bad_data_end_with_one_clear_line(tmp_path, capsys, content, words):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.yml").write_text(content)
    arguments = ["--data", str(tmp_path), "--models", str(tmp_path / "models")]
    assert train.main(arguments) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_the_contract_holds_67_intents_ten_of_them_danger():
    contract = load_contract()
    assert len(contract.intents) == 67
    assert len(contract.danger) == 10


def test_our_own_data_fit_the_contract():
    examples = load_examples(ROOT / "nlu")
    check_against(load_contract(), examples)
    assert {e.language for e in examples} == set(LANGUAGES)


def test_a_share_of_the_data_is_always_the_same_and_part_of_every_larger_one():
    examples = load_examples(ROOT / "nlu")
    tenth, third = some(examples, 0.1), some(examples, 0.33)
    assert len(tenth) == pytest.approx(len(examples) / 10, rel=0.1)
    assert set(tenth) < set(third)
    assert some(tenth, 1) == tenth


def test_sentences_that_are_no_messages_are_in_our_languages_and_scripts():
    kinds = {(language, script) for _, language, script in load_registers()}
    assert {language for language, _ in kinds} == set(LANGUAGES)
    assert {script for _, script in load_other_languages()} == {"Arab", "Latn"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("registers: 3", "not a list of registers"),
        ("registers: [{language: tr, script: Latn, examples: [bir]}]", "must be one of"),
        ("registers: [{language: en, script: Cyrl, examples: [one]}]", "Arab or Latn"),
        ("registers: [{language: en, script: Latn, examples: [1]}]", "must be text"),
    ],
)
def test_registers_that_cannot_be_used_are_refused(tmp_path, content, words):
    path = tmp_path / "registers.yml"
    path.write_text(content)
    with pytest.raises(DataError, match=words):
        load_registers(path)


def test_a_contract_that_is_none_is_refused(tmp_path):
    (tmp_path / "c.yml").write_text("intents: [{name: x}]")
    with pytest.raises(DataError, match="not a list of intents"):
        load_contract(tmp_path / "c.yml")


@pytest.mark.parametrize(
    "text",
    [
        "hello doctor",
        "دکتر کجاست",
        "",
        " ",
        "😭",
        "\x00",
        "\ud800",
        "/start",
        "/greet{not json",
        "a" * 4096,
        "کمک " * 1024,
        "١٢٣",
        "[x](y){z}",
        "日本語",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_every_message_gets_the_whole_answer(agent, text):
    answer = asyncio.run(agent.parse_message(text))
    ranking = answer["intent_ranking"]
    assert answer["intent"] == ranking[0]
    assert sorted(entry["name"] for entry in ranking) == sorted(load_contract().intents)
    assert [e["confidence"] for e in ranking] == sorted(
        (e["confidence"] for e in ranking), reverse=True
    )
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1, abs=1e-3)
    assert set(answer["language"]) == {"name", "script", "confidence"}
    assert answer["language"]["name"] in (*LANGUAGES, "other")
    assert answer["language"]["script"] in ("Arab", "Latn")
    json.dumps(answer)


def test_an_empty_message_is_out_of_scope_with_low_confidence(agent):
    answer = asyncio.run(agent.parse_message(""))
    assert answer["intent"]["name"] == "out_of_scope"
    assert answer["intent"]["confidence"] < 0.2


def test_the_same_data_give_the_same_answers(agent, trained, tmp_path):
    from rasa.core.agent import Agent

    again = [*trained[0][:2], "--models", str(tmp_path), *trained[0][4:]]
    assert train.main(again) == 0
    other = Agent.load(str(train.newest_model(tmp_path)))
    for text in ("hello doctor 3", "سلام دکتر", "medical emergency"):
        assert asyncio.run(other.parse_message(text)) == asyncio.run(agent.parse_message(text))


def test_the_commands_need_no_terminal_and_no_home(trained):
    environment = {k: v for k, v in os.environ.items() if k not in ("HOME", "TERM")}
    command = [sys.executable, "-m", "nlu.train", *trained[0]]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert done.returncode == 0
