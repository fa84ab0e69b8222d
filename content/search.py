"""Search over the answers of one language, for when the model does not understand.

Words are compared in their normalised form and weighted by how rare they are (inverse document
frequency, Spärck Jones 1972); words in a title count three times.
"""

import math
import re
from collections import Counter
from functools import cached_property

from content.answers import Library
from content.markup import to_text
from nlu.normalise import normalise

_TITLE_WEIGHT = 3
_SHORTEST = 3  # letters; shorter words say little in any of the six languages


def words(text: str) -> list[str]:
    """Normalised words of at least three letters."""
    return [w for w in re.findall(r"\w+", normalise(text)) if len(w) >= _SHORTEST]


class Search:
    """An index of one language's answers."""

    def __init__(self, library: Library, language: str):
        self._library, self._language = library, language

    @cached_property
    def _index(self) -> tuple[dict[str, Counter[str]], dict[str, float]]:
        pages = {}
        for answer in self._library.of_language(self._language):
            page = Counter(set(words(to_text(self._library.html(answer.id, self._language)))))
            for word in words(answer.title):
                page[word] += _TITLE_WEIGHT
            pages[answer.id] = page
        seen_in = Counter(word for page in pages.values() for word in page)
        rarity = {word: math.log(len(pages) / n) for word, n in seen_in.items()}
        return pages, rarity

    def find(self, text: str, limit: int = 3) -> list[str]:
        """Ids of the best answers for a question, best first; empty if nothing fits."""
        pages, rarity = self._index
        asked = set(words(text))
        scores = {
            intent: sum(page[word] * rarity[word] for word in asked if word in page)
            for intent, page in pages.items()
        }
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [intent for intent, score in best if score > 0]
