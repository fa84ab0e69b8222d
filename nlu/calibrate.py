"""Find the intent model's mixing weights and temperatures: nlu/.venv/bin/python -m nlu.calibrate

A maintainer's command, after tuning the encoder. It uses only training utterances, and judges on
those that the encoder was not tuned on. It prints the lines for ``config.yml``, and what the
danger thresholds of ``nlu/thresholds.py`` would give.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.special import log_softmax, softmax

from nlu import embedding
from nlu.components.intent_classifier import IntentClassifier
from nlu.components.intent_model import IntentModel
from nlu.components.linear import fit_temperature
from nlu.components.ngram_featurizer import NgramFeaturizer
from nlu.components.ngrams import CharNgrams
from nlu.data import ROOT, load_contract, load_examples
from nlu.encoder.held_out import is_held_out
from nlu.encoder.reading import reading, tidy
from nlu.normalise import normalise
from nlu.writing import GROUPS, group_of

_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.3)
_STRENGTHS = (0.001, 0.003, 0.01)
_SUSPECTED = (0.03, 0.05, 0.065, 0.08, 0.1, 0.12, 0.15)
_SURE = (0.4, 0.5, 0.6, 0.7)


def main() -> int:
    """Run the command."""
    contract = load_contract()
    examples = load_examples(ROOT / "nlu")
    tidied = [tidy(e.text) for e in examples]
    vectors = embedding.embed_all(
        [reading(t, e.language, e.script) for t, e in zip(tidied, examples, strict=True)],
        ROOT / embedding.CACHE_DIR,
        progress=lambda line: print(line, file=sys.stderr, flush=True),
    )
    held = np.array([is_held_out(e.text) for e in examples])
    settings = NgramFeaturizer.get_default_config()
    ngrams = CharNgrams(settings["shortest"], settings["longest"], settings["min_count"])
    texts = [normalise(t) for t in tidied]
    ngrams.fit([t for t, h in zip(texts, held, strict=True) if not h])
    sparse = ngrams.transform(texts)
    names = np.array([e.intent for e in examples])
    groups = np.array([GROUPS.index(group_of(e.script, e.language)) for e in examples])[held]
    danger = np.isin(names[held], sorted(contract.danger))
    for strength in _STRENGTHS:
        config = IntentClassifier.get_default_config() | {"dense_strength": strength}
        model = IntentModel.fit(
            vectors[~held], sparse[~held], names[~held].tolist(), contract.danger, config
        )
        right = np.searchsorted(model.classes, names[held])
        experts = model.experts(vectors[held], sparse[held])
        print(f"\ndense_strength: {strength}")
        chances = _calibrate(experts, right, groups)
        _thresholds(chances, np.isin(model.classes, sorted(contract.danger)), danger, groups)
    return 0


def _calibrate(experts, right: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Print the best weight and temperature of each group; return the chances that they give."""
    dense, sparse = experts
    chances = np.zeros_like(dense)
    for number, group in enumerate(GROUPS):
        rows = groups == number
        found = []
        for weight in _WEIGHTS:
            scores = dense[rows] + weight * sparse[rows]
            temperature = fit_temperature(scores, right[rows])
            logs = log_softmax(scores / temperature, axis=1)
            loss = -logs[np.arange(rows.sum()), right[rows]].mean()
            accuracy = (scores.argmax(1) == right[rows]).mean()
            found.append((loss, weight, temperature, accuracy))
            print(f"  {group} {weight}: loss {loss:.3f}, t {temperature:.2f}, right {accuracy:.3f}")
        loss, weight, temperature, accuracy = min(found)
        chances[rows] = softmax((dense[rows] + weight * sparse[rows]) / temperature, axis=1)
        print(
            f"{group}: ngram_weight {weight}, temperature {temperature:.3f}: loss {loss:.4f}, "
            f"right {accuracy:.3f} of {rows.sum()}"
        )
    return chances


def _thresholds(chances, dangerous: np.ndarray, danger: np.ndarray, groups: np.ndarray) -> None:
    """Print what each threshold of the summed danger would do, by group."""
    total = chances[:, dangerous].sum(1)
    for number, group in enumerate(GROUPS):
        rows = groups == number
        for level in _SUSPECTED:
            met = (total >= level)[rows & danger].mean()
            alarms = (total >= level)[rows & ~danger].mean()
            print(f"  {group} suspected from {level}: {met:.3f} met, {alarms:.3f} false alarms")
        for level in _SURE:
            met = (total >= level)[rows & danger].mean()
            precision = danger[rows & (total >= level)].mean()
            print(f"  {group} sure from {level}: {met:.3f} met, {precision:.3f} precise")


if __name__ == "__main__":
    sys.exit(main())
