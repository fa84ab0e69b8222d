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

from nlu.components.linear import Softmax, fit_softmax
from nlu.components.ngrams import CharNgrams
from nlu.data import load_other_languages, load_registers
from nlu.normalise import is_foreign, script_of, western_digits

LANGUAGE = "language"
SCRIPTS = ("Arab", "Latn")
OTHER = "other"  # a language that people are not answered in

_NOT_WORD = re.compile(r"[\W_]+")
_LONE_NUMBER = re.compile(r"\b[0-9]+\b")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_STRENGTH = 10.0  # C of the logistic regressions
_ROUNDS = 60  # more change nothing on held-out pieces
#: "Other" must be so much surer: whoever writes one of ours and is answered in English is lost,
#: while another language that is taken for ours still gets the buttons of all six.
_OTHER_FROM = 0.7
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
    """One linear model over character n-grams for each script."""

    def __init__(self, models: dict[str, tuple[CharNgrams, Softmax]]) -> None:
        """`models`: script to (n-grams, scores)."""
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
        """Return {"name", "script", "confidence"}: the likeliest language of `text`, or OTHER.

        Where nothing tells (no letters, a script that nothing was learnt of) the confidence is
        that of a blind guess.
        """
        script = script_of(text)
        if is_foreign(text):
            return {"name": OTHER, "script": script, "confidence": 1.0}
        if script not in self._models:
            return {"name": "en", "script": script, "confidence": 0.0}
        ngrams, model = self._models[script]
        form = language_form(text)
        if not ngrams.knows(form):
            name = "en" if "en" in model.classes else model.classes[0]
            return {"name": name, "script": script, "confidence": 1 / len(model.classes)}
        chances = softmax(model.scores(ngrams.transform([form]))[0])
        best = int(chances.argmax())
        if model.classes[best] == OTHER and chances[best] < _OTHER_FROM and len(chances) > 1:
            best = int(np.argsort(-chances)[1])
        return {
            "name": model.classes[best],
            "script": script,
            "confidence": round(float(chances[best]), 6),
        }

    def save(self, folder: Path) -> None:
        """Write two .npz files for each script into `folder`."""
        for script, (ngrams, model) in self._models.items():
            ngrams.save(folder / f"{script}-ngrams.npz")
            np.savez(folder / f"{script}-model.npz", **model.arrays(""))

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Read what `save` wrote; OSError, KeyError or ValueError if it cannot be."""
        models = {}
        for script in SCRIPTS:
            if not (folder / f"{script}-model.npz").exists():
                continue
            with np.load(folder / f"{script}-model.npz", allow_pickle=False) as stored:
                model = Softmax.from_arrays(stored, "")
            models[script] = (CharNgrams.load(folder / f"{script}-ngrams.npz"), model)
        return cls(models)


def _fit_script(forms: list[str], languages: list[str]) -> tuple[CharNgrams, Softmax]:
    """Fit on whole utterances and pieces.

    Logistic regression on this many pieces is calibrated as it is: temperatures fitted on
    pieces of other utterances came out between 0.98 and 1.12.
    """
    texts, labels = _with_pieces(forms, languages)
    ngrams = CharNgrams(1, 4).fit(texts)
    # Between "as frequent as in the data" and "all alike": people do write more English and
    # French than Pashto in Latin letters, but not by as much as the data hold.
    counts = Counter(labels)
    weight = np.array([counts[label] ** -0.5 for label in labels])
    weight *= len(labels) / weight.sum()
    return ngrams, fit_softmax(ngrams.transform(texts), labels, _STRENGTH, weight, _ROUNDS)


def _with_pieces(forms: list[str], languages: list[str]) -> tuple[list[str], list[str]]:
    """Return texts and their languages.

    Every third utterance and its pieces come once more as another keyboard would write them.
    """
    random = np.random.RandomState(0)
    texts, labels = [], []
    for i, (form, language) in enumerate(zip(forms, languages, strict=True)):
        words = form.split()
        pieces = [form]
        for length in (1, 2, 3):
            if len(words) > length:
                start = random.randint(len(words) - length + 1)
                pieces.append(" ".join(words[start : start + length]))
        if i % 3 == 0:
            pieces += [other_keyboard(piece, language, i) for piece in pieces]
        texts += pieces
        labels += [language] * len(pieces)
    return texts, labels


def other_keyboard(form: str, language: str, turn: int) -> str:
    """Return `form` as somebody writes it who lacks the language's own keyboard.

    Odd turns take the Arabic letters for yeh and kaf, even ones the Farsi letters; French
    loses its accents.
    """
    if language == "fr":
        return "".join(c for c in unicodedata.normalize("NFD", form) if c.isalnum() or c == " ")
    form = form.translate(_PLAIN_LETTERS.get(language, {}))
    return form.translate(_ARABIC_KEYBOARD if turn % 2 else _FARSI_KEYBOARD)


_ARABIC_KEYBOARD = str.maketrans("یک", "يك")
_FARSI_KEYBOARD = str.maketrans("يىك", "ییک")
_PLAIN_LETTERS = {
    "ps": str.maketrans("ېۍئښړډټګڼځڅږ", "یییشردتگنزسژ"),
    "ur": str.maketrans("ہھےںٹڈڑۓ", "ههینتدری"),
}


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets the output property `language`: {"name", "script", "confidence"}.

    Learns from the metadata of the training data's intents, {language: ar, script: Latn}, and
    from sentences that are no messages.
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
        for text, language, script in load_registers():
            texts.append(text)
            languages.append(language)
            scripts.append(script)
        for text, script in load_other_languages():
            texts.append(text)
            languages.append(OTHER)
            scripts.append(script)
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
