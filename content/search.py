"""Search over the answers of one language, for when the model does not understand.

Two things speak for an answer: that people ask for it in such words (``content/question_index.py``)
and that the words stand in its title or text, weighted by how rare they are there (inverse document
frequency, Spärck Jones 1972). The first knows dialect and Latin letters; the second also finds what
nobody has asked for yet.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from content.question_index import QuestionIndex
from content.terms import stems

#: How much a word of the title, and of the text below, says.
_IN_TITLE, _IN_TEXT = 1.0, 0.5
#: What an answer that holds all that is asked in its title is worth, beside the questions' score in
#: standard deviations. Chosen on a fifth of the training questions (docs/search.md).
TEXT_WEIGHT = 4.5
#: Standard deviations below which an answer is not what was asked for.
LEAST = 1.5


class Page(NamedTuple):
    """An answer as it is searched: plain text."""

    id: str
    title: str
    text: str


class Search:
    """An index of one language's answers. ``questions``: what people ask them with, if known."""

    def __init__(
        self, language: str, pages: Iterable[Page], questions: QuestionIndex | None = None
    ):
        self._language, self._questions = language, questions
        self._pages = {page.id: self._weights(page) for page in pages}
        held = Counter(word for page in self._pages.values() for word in page)
        self._rarity = {word: math.log(1 + len(self._pages) / n) for word, n in held.items()}
        self._unknown = math.log(1 + len(self._pages))

    def _weights(self, page: Page) -> dict[str, float]:
        weights = dict.fromkeys(stems(page.text, self._language), _IN_TEXT)
        return weights | dict.fromkeys(stems(page.title, self._language), _IN_TITLE)

    def find(self, text: str, limit: int = 3) -> list[str]:
        """Ids of the best answers for a question, best first; empty if nothing fits.

        Any string is good input.
        """
        asked = {
            word: self._rarity.get(word, self._unknown) for word in stems(text, self._language)
        }
        if not asked:
            return []
        intents = self._questions.ask(text, self._language) if self._questions else {}
        whole = sum(asked.values())
        scores = {
            id: intents.get(id, 0.0)
            + TEXT_WEIGHT * sum(asked[word] * page.get(word, 0.0) for word in asked) / whole
            for id, page in self._pages.items()
        }
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [id for id, score in best if score > (LEAST if intents else 0.0)]


class Finder:
    """The searches of all languages: made when first asked for, and again after a change."""

    def __init__(self, pages_of: Callable[[str], Iterable[Page]]):
        """``pages_of`` gives the pages of a language as they are now."""
        self._pages_of = pages_of
        self._questions: dict[str, QuestionIndex] = {}
        self._searches: dict[str, Search] = {}

    def learn(self, questions: Mapping[str, QuestionIndex]) -> None:
        """Use what people ask, by language, from now on."""
        self._questions = dict(questions)
        self.renew()

    def renew(self) -> None:
        """The pages are others now."""
        self._searches = {}

    def questions(self, language: str) -> QuestionIndex | None:
        """What people ask in a language, or None as long as it is not known."""
        return self._questions.get(language)

    def of(self, language: str) -> Search:
        """The search of a language."""
        searches = self._searches  # another dictionary after a change meanwhile
        if language not in searches:
            pages = self._pages_of(language)
            searches[language] = Search(language, pages, self.questions(language))
        return searches[language]

    def prepare(self, languages: Iterable[str]) -> None:
        """Make the searches now (some 50 ms each), in whatever thread this is called."""
        for language in languages:
            self.of(language)
