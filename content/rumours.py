"""Rumours that editors have checked: what people heard, what is known of it, and as of when."""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from content.question_index import QuestionIndex
from content.search import Finder
from content.terms import pieces
from content.translated import Texts, language_shown

#: How alike (cosine) a person's words and a rumour must be, so that it is what they ask about.
ALIKE = 0.15


@dataclass(frozen=True)
class Rumour:
    """One published rumour; ``heard`` and ``known`` are texts by language, English is there."""

    id: str
    heard: Texts
    known: Texts
    as_of: dt.date
    valid_until: dt.date
    centre: str | None = None
    sources: tuple[str, ...] = ()

    def heard_in(self, language: str) -> str:
        """What people heard, in a language or else in English."""
        return self.heard[language_shown(language, self.heard, self.known)]


class Rumours:
    """The published rumours, held in memory so that they need no database."""

    def __init__(self, finder: Finder):
        """``finder`` knows which words are rare in a language."""
        self._finder = finder
        self._rumours: dict[str, Rumour] = {}

    def replace(self, rumours: Iterable[Rumour]) -> None:
        """Take these in place of those known so far."""
        self._rumours = {rumour.id: rumour for rumour in rumours}

    def current(self, day: dt.date, centre: str | None = None) -> list[Rumour]:
        """Those that hold on a day: of the person's centre first, then newest first."""
        return sorted(
            (one for one in self._rumours.values() if day <= one.valid_until),
            key=lambda one: (
                centre is None or one.centre != centre,
                -one.as_of.toordinal(),
                one.id,
            ),
        )

    def get(self, id: str, day: dt.date) -> Rumour | None:
        """A rumour that holds on a day, or None."""
        rumour = self._rumours.get(id)
        return rumour if rumour and day <= rumour.valid_until else None

    def find(self, text: str, language: str, day: dt.date) -> Rumour | None:
        """The rumour that a person's words are about, or None. Any string is good input.

        None too as long as it is not known which words are rare: half of all rumours begin alike.
        """
        questions = self._finder.questions(language)
        if questions is None:
            return None
        asked = _weighed(questions, text, language)
        alike = [
            (_cosine(asked, _weighed(questions, rumour.heard[language], language)), rumour)
            for rumour in self.current(day)
            if rumour.heard.get(language)
        ]
        best, rumour = max(alike, key=lambda one: one[0], default=(0.0, None))
        return rumour if best >= ALIKE else None


def _weighed(questions: QuestionIndex, text: str, language: str) -> dict[int, float]:
    return {piece: questions.rarity_of(piece) for piece in pieces(text, language)}


def _cosine(one: dict[int, float], other: dict[int, float]) -> float:
    common = sum(one[piece] ** 2 for piece in one.keys() & other.keys())
    lengths = math.sqrt(_square(one) * _square(other))
    return common / lengths if lengths else 0.0


def _square(weights: dict[int, float]) -> float:
    return sum(weight**2 for weight in weights.values())
