"""Names of places in a message, in any of the languages, and where in the message they stand.

Standard library only: the NLU server and the service use it alike. Which names there are stands
in ``content/directory.yml``; a name found here states no fact about the place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nlu.normalise import normalise

#: Sections of the directory whose names are looked for, and what a place of each is called. Where
#: two places share a name, the earlier section has it.
SECTIONS = {"centres": "centre", "towns": "town", "borders": "border", "rivers": "river"}

_APOSTROPHES = "'’`"
_ELIDED = re.compile(rf"(?:qu|[cdjlmnst])[{_APOSTROPHES}](?=[^\W\d_])", re.IGNORECASE)
# Arabic writes "in", "to", "and" and the article as one word with the name: "بسراييفو".
_ARABIC_HEADS = ("وبال", "بال", "عال", "وال", "لل", "ال", "وب", "ول", "ب", "ل", "و", "ع", "ف")
_SHORTEST_AFTER_HEAD = 4  # letters; shorter rests are too often another word


@dataclass(frozen=True)
class Found:
    """Something that an answer may depend on: its kind, what it means, and where it stands.

    ``value`` is not shown in logs by accident: it may be a person's telephone number.
    """

    kind: str
    value: str = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True)
class Word:
    """A word in its folded form, and its place in the text."""

    folded: str
    start: int
    end: int


def folded_words(text: str) -> list[Word]:
    """The words of a text, each folded like ``normalise`` folds it, with their positions.

    Unlike there, digits and Arabic letters that touch ("3ايام") are two words.
    """
    words = []
    for start, end in _tokens(text):
        words += [Word(part, start, end) for part in normalise(text[start:end]).split()]
    return words


def _tokens(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end: letters and digits with what joins them."""
    tokens, start, kind = [], None, ""
    for i, c in enumerate(text + " "):
        now = _kind(c)
        if start is not None and (now == "gap" or {kind, now} == {"digit", "arabic"}):
            tokens += _tight(text, start, i)
            start = None
        if start is None and now in ("digit", "arabic", "letter"):
            start = i
        if now not in ("joiner", "gap"):
            kind = now
    return tokens


def _kind(c: str) -> str:
    if c.isdecimal():
        return "digit"
    category = unicodedata.category(c)
    if category[0] in "LN":
        return "arabic" if "\u0600" <= c <= "\u08ff" else "letter"
    joins = category in ("Mn", "Me", "Cf", "Sk") or c in _APOSTROPHES
    return "joiner" if joins else "gap"


def _tight(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A word without what hangs on its end; in French, an elided "l'" before it stands alone."""
    while text[end - 1] in _APOSTROPHES or unicodedata.category(text[end - 1]) in ("Cf", "Sk"):
        end -= 1
    if end - start > 2 and text[end - 2] in _APOSTROPHES and text[end - 1] in "sS":
        end -= 2  # "Lipa's camp"
    elided = _ELIDED.match(text, start, end)
    if elided and elided.end() < end:
        return [(start, elided.end() - 1), (elided.end(), end)]
    return [(start, end)]


def same(text: str, folded: str) -> bool:
    """Whether a piece of text folds to what was found in it, spaces aside."""
    return normalise(text).replace(" ", "") == folded.replace(" ", "")


class Gazetteer:
    """Places by the many ways in which their names are written."""

    def __init__(self, names: Iterable[tuple[str, str, Iterable[str]]]):
        """``names``: kind and id of each place, and its names."""
        self._places: dict[str, tuple[str, str]] = {}
        for kind, key, spellings in names:
            for spelling in spellings:
                folded = " ".join(word.folded for word in folded_words(spelling))
                if folded:
                    self._places.setdefault(folded, (kind, key))
        self._longest = max((name.count(" ") + 1 for name in self._places), default=0)

    @classmethod
    def of_directory(cls, directory: Mapping[str, Any]) -> Gazetteer:
        """The places of the directory's data."""
        return cls(
            (
                kind,
                key,
                (row["name"], *row.get("names", {}).values(), *row.get("aliases", ())),
            )
            for section, kind in SECTIONS.items()
            for key, row in (directory.get(section) or {}).items()
        )

    def find(self, text: str) -> list[Found]:
        """The places that a text names, in its order; the longest name where two begin alike."""
        words = folded_words(text)
        found, i = [], 0
        while i < len(words):
            place, length = self._at(text, words, i)
            if place is not None:
                found.append(place)
            i += length
        return found

    def _at(self, text: str, words: list[Word], i: int) -> tuple[Found | None, int]:
        """The place whose name begins at a word, and how many words it has (1 if there is none)."""
        for length in range(min(self._longest, len(words) - i), 0, -1):
            run = words[i : i + length]
            name = " ".join(word.folded for word in run)
            for start, rest in self._readings(text, run[0], name):
                place, end = self._places.get(rest), run[-1].end
                if place and same(text[start:end], rest):
                    return Found(*place, start, end), length
        return None, 1

    def _readings(self, text: str, first: Word, name: str) -> Iterable[tuple[int, str]]:
        """A name as it stands, then without an Arabic head; each with where it begins."""
        yield first.start, name
        for head in _ARABIC_HEADS:
            rest = name.removeprefix(head)
            if rest == name or rest not in self._places or len(rest) < _SHORTEST_AFTER_HEAD:
                continue
            short = first.folded.removeprefix(head)
            for start in range(first.start + 1, first.end):
                if text[start].isalpha() and normalise(text[start : first.end]) == short:
                    yield start, rest
                    break
