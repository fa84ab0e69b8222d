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


class Hit(NamedTuple):
    """A danger that the words of a message speak of."""

    intent: str
    sure: bool


class WordsError(Exception):
    """A file of danger words names something that is no danger intent."""


@cache
def _rules() -> tuple[tuple[Hit, re.Pattern[str]], ...]:
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
    ordered = sorted(phrases.items(), key=lambda item: not item[0].sure)
    return tuple(
        (hit, re.compile("|".join(rf"(?<!\w){re.escape(p)}" for p in sorted(rows, key=len) if p)))
        for hit, rows in ordered
    )


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalise(text)))


def find(text: str) -> Hit | None:
    """The danger that the words speak of, a sure one before a suspected one; None if none."""
    folded = _folded(text)
    return next((hit for hit, pattern in _rules() if pattern.search(folded)), None)
