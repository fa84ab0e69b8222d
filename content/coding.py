"""The coding frame for feedback (``content/coding_frame.yml``), and which code it suggests.

Type → category → code, after the practice of the Red Cross and Red Crescent (IFRC feedback kit).
A suggestion is a hint for the officer who confirms or corrects it; nothing is counted as confirmed
that nobody confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from content.answers import CONTENT
from content.intents import intents
from content.languages import LANGUAGES
from nlu.normalise import normalise

FRAME = CONTENT / "coding_frame.yml"
TYPES = ("question", "suggestion", "request", "concern", "complaint", "rumour", "praise")
#: Points of a suggestion. What the model understood counts most, then the words, then the button.
_INTENT, _WORD, _AREA = 3.0, 1.0, 0.75
_MOST_WORDS = 3  # of one code that count
_OTHER_PENALTY = 0.5  # for "other", where anything more exact fits
_STANDS_ALONE = 4  # letters from which a word may be the beginning of a longer one


class FrameError(Exception):
    """The frame can't be used: the message is one line for the person who mends it."""


@dataclass(frozen=True)
class Code:
    """One code; ``sensitive`` ones leave the general inbox for the protection desk."""

    id: str
    category: str
    types: tuple[str, ...]
    label: dict[str, str]
    intents: frozenset[str]
    words: tuple[str, ...]  # normalised, of all languages: people mix them
    sensitive: bool

    @property
    def is_other(self) -> bool:
        """Whether it is its category's code for the rest."""
        return self.id.endswith("_other")


@dataclass(frozen=True)
class Category:
    """A category: its labels, and the areas of the feedback form that lead to it."""

    id: str
    label: dict[str, str]
    areas: frozenset[str]


@dataclass(frozen=True)
class Frame:
    """The whole frame in one version."""

    version: int
    types: dict[str, dict[str, str]]
    categories: dict[str, Category]
    codes: dict[str, Code]

    def in_category(self, category: str) -> list[Code]:
        """The codes of a category, in the order of the file."""
        return [code for code in self.codes.values() if code.category == category]


@cache
def frame() -> Frame:
    """The frame of the repository; raises FrameError."""
    return read_frame(FRAME)


def read_frame(path: Path) -> Frame:
    """Read a frame; FrameError on the first thing that is wrong, OSError if it is missing."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        types = {entry["id"]: entry["label"] for entry in data["types"]}
        categories = {
            c["id"]: Category(c["id"], c["label"], frozenset(c["areas"]))
            for c in data["categories"]
        }
        codes = [_code(entry, c["id"]) for c in data["categories"] for entry in c["codes"]]
        found = Frame(int(data["version"]), types, categories, {code.id: code for code in codes})
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise FrameError(f"{path.name}: not a coding frame ({error!r})") from error
    problem = _problem(found, len(codes))
    if problem:
        raise FrameError(f"{path.name}: {problem}")
    return found


def _code(entry: dict, category: str) -> Code:
    return Code(
        entry["id"],
        category,
        tuple(entry["types"]),
        entry["label"],
        frozenset(entry["intents"]),
        tuple({normalise(str(w)): None for words in entry["words"].values() for w in words}),
        bool(entry["sensitive"]),
    )


def _problem(frame: Frame, codes: int) -> str | None:
    """What is wrong with a frame that could be read, or None."""
    if tuple(sorted(frame.types)) != tuple(sorted(TYPES)):
        return f"the types must be {', '.join(TYPES)}"
    if codes != len(frame.codes):
        return "two codes have the same id"
    labels = {**frame.types}
    labels |= {c.id: c.label for c in frame.categories.values()}
    labels |= {c.id: c.label for c in frame.codes.values()}
    for name, label in labels.items():
        if set(label) != set(LANGUAGES) or not all(label.values()):
            return f"{name}: a label is missing in a language"
    for code in frame.codes.values():
        if not set(code.types) <= set(TYPES) or not code.types:
            return f"{code.id}: unknown type"
        if not code.intents <= set(intents()):
            return f"{code.id}: unknown intent"
    for category in frame.categories:
        if sum(code.is_other for code in frame.in_category(category)) != 1:
            return f"{category}: must have one code for the rest, …_other"
    return None


def suggest(kind: str, area: str, text: str, understood: Iterable[str] = ()) -> Code | None:
    """The code that fits best, or None if nothing speaks for any.

    ``kind``: a type; ``area``: what was pressed in the form; ``understood``: intents that the model
    saw in the text, likeliest first (the first counts most).
    """
    folded = f" {normalise(text)} "
    seen = list(dict.fromkeys(understood))
    best, most = None, 0.0
    for code in frame().codes.values():
        if kind in TYPES and kind not in code.types:
            continue
        points = _points(code, area, folded, seen)
        if points > most:
            best, most = code, points
    return best


def _points(code: Code, area: str, folded: str, seen: list[str]) -> float:
    meant = (_INTENT / (1 + place) for place, name in enumerate(seen) if name in code.intents)
    spoken = _WORD * min(_MOST_WORDS, sum(_stands(word, folded) for word in code.words))
    points = max(meant, default=0.0) + spoken
    # where the text says nothing, the button alone leads to the rest of its category
    penalised = code.is_other if points else not code.is_other
    if area in frame().categories[code.category].areas and area != "other":
        points += _AREA
    return points - _OTHER_PENALTY if penalised else points


def _stands(word: str, folded: str) -> bool:
    """Whether a word stands in a folded text between spaces; a longer one also begins others."""
    return (f" {word}" if len(word) >= _STANDS_ALONE else f" {word} ") in folded
