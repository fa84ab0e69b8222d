"""Which of the six languages a message is in, and in which script it is written."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from nlu.components.linear import Softmax, fit_softmax, fit_temperature
from nlu.components.ngrams import CharNgrams
from nlu.normalise import script_of, western_digits

LANGUAGE = "language"
SCRIPTS = ("Arab", "Latn")

_NOT_WORD = re.compile(r"[\W_]+")
_LONE_NUMBER = re.compile(r"\b[0-9]+\b")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_TOO_LONG = 600  # characters that tell the language of any text


def language_form(text: str) -> str:
    """Return `text` with what tells languages apart: unlike `normalise` it keeps every letter.

    ې is Pashto, ٹ Urdu and é French; digits inside words (3andi) are Arabic in Latin letters.
    """
    text = western_digits(unicodedata.normalize("NFKC", text[:_TOO_LONG]).lower())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cf"))
    text = _NOT_WORD.sub(" ", text.replace("ـ", ""))
    return _LONG_RUN.sub(r"\1", _LONE_NUMBER.sub(" ", text)).strip()


class LanguageModel:
    """One calibrated linear model over character n-grams for each script."""

    def __init__(self, models: dict[str, tuple[CharNgrams, Softmax, float]]) -> None:
        """`models`: script to (n-grams, scores, temperature)."""
        self._models = models

    @classmethod
    def fit(cls, texts: list[str], languages: list[str], scripts: list[str]) -> LanguageModel:
        """Learn from utterances and from pieces of them, since messages are short."""
        models = {}
        for script in SCRIPTS:
            rows = [i for i, s in enumerate(scripts) if s == script]
            if rows:
                forms = [language_form(texts[i]) for i in rows]
                models[script] = _fit_script(forms, [languages[i] for i in rows])
        return cls(models)

    def predict(self, text: str) -> dict[str, Any]:
        """Return {"name", "script", "confidence"}: the likeliest language of `text`.

        Where nothing tells (no letters, a script that nothing was learnt of) the confidence is
        that of a blind guess.
        """
        script = script_of(text)
        if script not in self._models:
            return {"name": "en", "script": script, "confidence": 0.0}
        ngrams, model, temperature = self._models[script]
        form = language_form(text)
        row = ngrams.transform([form])
        if not row.nnz:
            name = "en" if "en" in model.classes else model.classes[0]
            return {"name": name, "script": script, "confidence": 1 / len(model.classes)}
        chances = softmax(model.scores(row)[0] / temperature)
        best = int(chances.argmax())
        return {
            "name": model.classes[best],
            "script": script,
            "confidence": round(float(chances[best]), 6),
        }

    def save(self, folder: Path) -> None:
        """Write two .npz files for each script into `folder`."""
        for script, (ngrams, model, temperature) in self._models.items():
            ngrams.save(folder / f"{script}-ngrams.npz")
            np.savez(folder / f"{script}-model.npz", temperature=temperature, **model.arrays(""))

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Read what `save` wrote; OSError, KeyError or ValueError if it cannot be."""
        models = {}
        for script in SCRIPTS:
            if not (folder / f"{script}-model.npz").exists():
                continue
            with np.load(folder / f"{script}-model.npz", allow_pickle=False) as stored:
                model, temperature = Softmax.from_arrays(stored, ""), float(stored["temperature"])
            models[script] = (CharNgrams.load(folder / f"{script}-ngrams.npz"), model, temperature)
        return cls(models)


def _fit_script(forms: list[str], languages: list[str]) -> tuple[CharNgrams, Softmax, float]:
    """Fit on whole utterances and pieces; calibrate on a fifth that a first fit did not see."""
    texts, labels, source = _with_pieces(forms, languages)
    ngrams = CharNgrams(1, 4).fit(texts)
    matrix = ngrams.transform(texts)
    # All languages weigh the same: more examples of one do not make it more likely.
    counts = Counter(labels)
    weight = np.array([len(labels) / len(counts) / counts[label] for label in labels])
    held = source % 5 == 0
    labels = np.array(labels)
    temperature = 1.0
    if len(counts) > 1 and set(labels[~held]) == set(labels):
        trial = fit_softmax(matrix[~held], labels[~held], _STRENGTH, weight[~held])
        numbers = np.searchsorted(trial.classes, labels[held])
        temperature = fit_temperature(trial.scores(matrix[held]), numbers, weight[held])
    return ngrams, fit_softmax(matrix, labels, _STRENGTH, weight), temperature


_STRENGTH = 10.0


def _with_pieces(forms: list[str], languages: list[str]) -> tuple[list[str], list[str], np.ndarray]:
    """Return texts, their languages and the number of the utterance that each came from."""
    random = np.random.RandomState(0)
    texts, labels, source = [], [], []
    for i, (form, language) in enumerate(zip(forms, languages)):
        words = form.split()
        pieces = [form]
        for length in (1, 2, 3):
            if len(words) > length:
                start = random.randint(len(words) - length + 1)
                pieces.append(" ".join(words[start : start + length]))
        texts += pieces
        labels += [language] * len(pieces)
        source += [i] * len(pieces)
    return texts, labels, np.array(source)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets the output property `language`: {"name", "script", "confidence"}.

    Learns from the metadata of the training data's intents: {language: ar, script: Latn}.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: LanguageModel | None = None
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Return a component that has learnt nothing yet."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages; ValueError if an example's metadata names none."""
        texts, languages, scripts = [], [], []
        for example in training_data.intent_examples:
            about = example.get(METADATA, {}).get(METADATA_INTENT) or {}
            if not about.get("language") or about.get("script") not in SCRIPTS:
                raise ValueError(
                    f"intent {example.get('intent')}: metadata must name a language and a script"
                )
            texts.append(example.get(TEXT))
            languages.append(about["language"])
            scripts.append(about["script"])
        self._model = LanguageModel.fit(texts, languages, scripts)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """Return the trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LanguageModel.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `language` on each message."""
        for message in messages:
            language = self._model.predict(message.get(TEXT) or "")
            message.set(LANGUAGE, language, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from the guess: leave the data as they are."""
        return training_data
