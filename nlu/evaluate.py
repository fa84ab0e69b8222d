"""How good the newest model is: nlu/.venv/bin/python -m nlu.evaluate [--json FILE]

Reads tests/nlu/<language>/*.yml (the format of the training data, with `kind: plain` or
`kind: hard` in the metadata). Trains nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from nlu.data import ROOT, Contract, DataError, Example, load_contract, load_examples
from nlu.normalise import normalise
from nlu.runtime import accept_slashes, prepare_rasa
from nlu.train import MODELS, newest_model

_COLUMNS = (
    ("n", "n", "{:.0f}"),
    ("accuracy", "acc", "{:.3f}"),
    ("top3", "top3", "{:.3f}"),
    ("macro_f1", "F1", "{:.3f}"),
    ("danger_recall", "dng rec", "{:.3f}"),
    ("danger_precision", "dng prec", "{:.3f}"),
    ("suspected_recall", "sus rec", "{:.3f}"),
    ("false_alarms", "false al", "{:.3f}"),
    ("language_accuracy", "lang", "{:.3f}"),
    ("calibration_error", "ECE", "{:.3f}"),
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 with figures, 1 with one line on wrong data or no model."""
    parser = argparse.ArgumentParser(prog="python -m nlu.evaluate", description="Measure.")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    parser.add_argument("--tests", type=Path, default=ROOT / "tests" / "nlu")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu", help="the training data")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument(
        "--suspect",
        type=float,
        default=0.08,
        metavar="P",
        help="danger is suspected from this summed chance on (default 0.08)",
    )
    options = parser.parse_args(arguments)
    try:
        result = _evaluate(options)
    except (DataError, OSError) as error:
        print(f"nlu.evaluate: {error}", file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    _print(result)
    return 0


def _evaluate(options: argparse.Namespace) -> dict:
    contract = load_contract()
    tests = load_examples(options.tests.resolve())
    if not tests:
        raise DataError(f"no test utterances below {options.tests}")
    for test in tests:
        if test.intent not in contract.intents:
            raise DataError(f"{test.file}: intent {test.intent} is not in the contract")
        if test.kind not in ("plain", "hard"):
            raise DataError(f"{test.file}: {test.intent}: metadata must say kind: plain or hard")
    refuse_leaks(tests, load_examples(options.data.resolve()))
    model = newest_model(options.models.resolve())
    if model is None:
        raise DataError(f"no model in {options.models}: run `python -m nlu.train` first")
    return {
        "model": model.name,
        "suspect": options.suspect,
        **figures(tests, parse_all(model, [t.text for t in tests]), contract, options.suspect),
    }


def refuse_leaks(tests: list[Example], training: list[Example]) -> None:
    """DataError if a test utterance also stands in the training data (normalised)."""
    learnt = {normalise(e.text): e for e in training}
    leaks = [(t, learnt[normalise(t.text)]) for t in tests if normalise(t.text) in learnt]
    if leaks:
        test, same = leaks[0]
        raise DataError(
            f"{len(leaks)} test utterances stand in the training data, as {test.text!r} "
            f"({test.file}, {test.intent}) in {same.file} ({same.intent})"
        )


def parse_all(model: Path, texts: list[str]) -> list[dict]:
    """Return Rasa's answer to each text, as the server would give it."""
    prepare_rasa()
    from rasa.core.agent import Agent

    accept_slashes()
    agent = Agent.load(str(model))

    async def parse() -> list[dict]:
        answers = []
        for number, text in enumerate(texts, 1):
            answers.append(await agent.parse_message(text))
            if number % 500 == 0:
                print(f"parsed {number}/{len(texts)}", file=sys.stderr, flush=True)
        return answers

    return asyncio.run(parse())


def figures(tests: list[Example], answers: list[dict], contract: Contract, suspect: float) -> dict:
    """Return {"groups": {name: figures}, "confusions": [...]} of answers to tests."""
    records = [_record(t, a, contract) for t, a in zip(tests, answers, strict=True)]
    names = {"all": records}
    for kind in ("plain", "hard"):
        names[kind] = [r for r in records if r["kind"] == kind]
    for test, record in zip(tests, records, strict=True):
        for name in (
            f"{test.language} {test.script}",
            f"{test.language} {test.script} {test.kind}",
        ):
            names.setdefault(name, []).append(record)
    confusions = Counter((r["intent"], r["guess"]) for r in records if r["intent"] != r["guess"])
    missed = [
        {"text": t.text, "intent": t.intent, "guess": r["guess"], "danger": round(r["danger"], 4)}
        for t, r in zip(tests, records, strict=True)
        if r["is_danger"] and not r["guess_danger"] and r["danger"] < suspect
    ]
    return {
        "groups": {k: _group(v, suspect) for k, v in names.items() if v},
        "confusions": [[a, b, n] for (a, b), n in confusions.most_common(25)],
        "missed_danger": missed,
    }


def _record(test: Example, answer: dict, contract: Contract) -> dict:
    ranking = answer["intent_ranking"]
    guess = answer["intent"]["name"]
    return {
        "kind": test.kind,
        "intent": test.intent,
        "guess": guess,
        "confidence": answer["intent"]["confidence"],
        "in_top3": test.intent in [entry["name"] for entry in ranking[:3]],
        "is_danger": test.intent in contract.danger,
        "guess_danger": guess in contract.danger,
        "danger": sum(e["confidence"] for e in ranking if e["name"] in contract.danger),
        "language_right": answer["language"]["name"] == test.language,
    }


def _group(records: list[dict], suspect: float) -> dict[str, float | None]:
    danger = [r for r in records if r["is_danger"]]
    harmless = [r for r in records if not r["is_danger"]]
    alarms = [r for r in records if r["guess_danger"]]
    return {
        "n": len(records),
        "accuracy": _share(records, lambda r: r["guess"] == r["intent"]),
        "top3": _share(records, lambda r: r["in_top3"]),
        "macro_f1": _macro_f1(records),
        "danger_recall": _share(danger, lambda r: r["guess_danger"]),
        "danger_precision": _share(alarms, lambda r: r["is_danger"]),
        "suspected_recall": _share(danger, lambda r: _alarm(r, suspect)),
        "false_alarms": _share(harmless, lambda r: _alarm(r, suspect)),
        "language_accuracy": _share(records, lambda r: r["language_right"]),
        "calibration_error": _calibration_error(records),
    }


def _alarm(record: dict, suspect: float) -> bool:
    return record["guess_danger"] or record["danger"] >= suspect


def _share(records: list[dict], holds) -> float | None:
    return sum(map(bool, map(holds, records))) / len(records) if records else None


def _macro_f1(records: list[dict]) -> float:
    """Mean F1 of the intents that the tests hold."""
    right = Counter(r["intent"] for r in records if r["intent"] == r["guess"])
    asked = Counter(r["intent"] for r in records)
    said = Counter(r["guess"] for r in records)
    return sum(2 * right[i] / (asked[i] + said[i]) for i in asked) / len(asked)


def _calibration_error(records: list[dict]) -> float:
    """Mean distance of confidence and accuracy over ten equal steps of confidence."""
    confidence = np.array([r["confidence"] for r in records])
    right = np.array([r["guess"] == r["intent"] for r in records], dtype=float)
    step = np.minimum((confidence * 10).astype(int), 9)
    gaps = [abs((confidence - right)[step == s].sum()) for s in range(10)]
    return float(sum(gaps) / len(records))


def _print(result: dict) -> None:
    print(f"model {result['model']}; danger suspected from {result['suspect']} on")
    print(f"{'':16}" + "".join(f"{head:>9}" for _, head, _ in _COLUMNS))
    for name, group in result["groups"].items():
        cells = ("-" if group[k] is None else form.format(group[k]) for k, _, form in _COLUMNS)
        print(f"{name:16}" + "".join(f"{cell:>9}" for cell in cells))
    print("\nmost frequent confusions (asked → understood):")
    for asked, understood, count in result["confusions"]:
        print(f"{count:5}  {asked} → {understood}")
    print(f"\ndanger neither understood nor suspected: {len(result['missed_danger'])}")
    for miss in result["missed_danger"]:
        print(f"  {miss['intent']} → {miss['guess']} ({miss['danger']}): {miss['text']}")


if __name__ == "__main__":
    sys.exit(main())
