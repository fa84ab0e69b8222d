"""Keyword rules for danger, in six languages and Latin spellings (``content/*/danger_words.yml``).

They stand in for the model when it is down, and beside it when it overlooks a plain cry for help.
A rule is a word or phrase; it fits where the normalised message has it at the start of a word, so
that endings don't matter. "sure" phrases mean danger whoever says them; "suspected" ones may.
"""

import re
from functools import cache
from typing import NamedTuple

import yaml

from content.answers import CONTENT
from content.intents import danger_intents
from content.languages import LANGUAGES
from nlu.normalise import normalise

_KEY = 2  # letters by which phrases are looked up
_WORD_START = re.compile(r"(?<!\w)\w")


class Hit(NamedTuple):
    """A danger that the words of a message speak of."""

    intent: str
    sure: bool


class WordsError(Exception):
    """A file of danger words names something that is no danger intent."""


@cache
def _rules() -> dict[str, list[tuple[str, int, Hit]]]:
    """Phrases by their first letters, each with the rank of its hit: sure ones come first."""
    phrases: dict[Hit, set[str]] = {}
    for code in LANGUAGES:
        path = CONTENT / code / "danger_words.yml"
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for certainty in ("sure", "suspected"):
            for intent, rows in (data.get(certainty) or {}).items():
                if intent not in danger_intents():
                    raise WordsError(f"{code}/{path.name}: {intent} is not a danger intent")
                hit = Hit(intent, certainty == "sure")
                phrases.setdefault(hit, set()).update(_folded(str(row)) for row in rows)
    rules: dict[str, list[tuple[str, int, Hit]]] = {}
    for rank, hit in enumerate(sorted(phrases, key=lambda hit: not hit.sure)):
        for phrase in phrases[hit]:
            if len(phrase) < _KEY:
                raise WordsError(f"{phrase!r} is too short to mean danger ({hit.intent})")
            rules.setdefault(phrase[:_KEY], []).append((phrase, rank, hit))
    return rules


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalise(text)))


def find(text: str) -> Hit | None:
    """The danger that the words speak of, a sure one before a suspected one; None if none."""
    folded = _folded(text)
    rules = _rules()
    hits = (
        (rank, hit)
        for start in _WORD_START.finditer(folded)
        for phrase, rank, hit in rules.get(folded[start.start() : start.start() + _KEY], ())
        if folded.startswith(phrase, start.start())
    )
    return min(hits, default=(0, None), key=lambda found: found[0])[1]
