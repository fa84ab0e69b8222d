"""Which answer people ask for in which words: an index of the labelled questions of a language.

Complement naive Bayes (Rennie et al. 2003) over the features of ``content/terms.py``: each question
weighs the same whatever its length, and rare features of what is asked count more. It needs no
model, so it works while the NLU server is down.
"""

import math
import statistics
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from content.terms import features

#: Chosen on a fifth of the training questions (docs/search.md), never on the held-out ones.
SMOOTHING, RARITY_POWER = 0.02, 1.5
#: Share of what is asked, by rarity, that must be known, or nothing is said.
KNOWN = 0.3
_SLOTS = 256  # an owner is one byte


def _floats() -> array:
    return array("f")


def _numbers() -> array:
    return array("I")


@dataclass
class QuestionIndex:
    """The index of one language, in arrays: some five bytes for each feature of an intent.

    ``keys`` are all features in order. Those of ``keys[n]`` that speak for an intent are the rows
    ``begins[n]`` to ``begins[n + 1]`` of ``owners`` (numbers of ``intents``) and ``weights``;
    ``bases`` is what speaks for an intent with each unit of rarity asked, whatever the feature.
    """

    intents: tuple[str, ...] = ()
    unknown: float = 0.0  # the rarity of what was never seen
    bases: array = field(default_factory=_floats)
    keys: array = field(default_factory=_numbers)
    rarity: array = field(default_factory=_floats)
    begins: array = field(default_factory=_numbers)
    owners: array = field(default_factory=lambda: array("B"))
    weights: array = field(default_factory=_floats)

    @classmethod
    def build(cls, questions: Iterable[tuple[str, str]], language: str) -> "QuestionIndex":
        """Index (text, intent) pairs; about a second for 10,000."""
        numbers: dict[str, int] = {}
        mass: defaultdict[int, float] = defaultdict(float)
        seen: Counter[int] = Counter()
        asked = 0
        for text, intent in questions:
            owner = numbers.setdefault(intent, len(numbers))
            found = features(text, language)
            asked += 1
            seen.update(found)
            share = 1 / math.sqrt(len(found) or 1)
            for feature in found:
                mass[feature * _SLOTS + owner] += share
        return cls._weighed(tuple(numbers), mass, seen, asked)

    @classmethod
    def _weighed(
        cls, intents: tuple[str, ...], mass: dict[int, float], seen: Counter[int], asked: int
    ) -> "QuestionIndex":
        total: defaultdict[int, float] = defaultdict(float)
        of_intent = [0.0] * len(intents)
        for place, share in mass.items():
            total[place // _SLOTS] += share
            of_intent[place % _SLOTS] += share
        index = cls(intents, _rarity(asked, 1))
        index.keys.extend(sorted(total))
        index.rarity.extend(_rarity(asked, seen[key]) for key in index.keys)
        spread = SMOOTHING * len(total)
        whole = sum(of_intent)
        index.bases.extend(math.log((whole - one + spread) / (one + spread)) for one in of_intent)
        row = 0
        for place in sorted(mass):
            feature, owner = divmod(place, _SLOTS)
            while index.keys[row] != feature:
                row += 1
            while len(index.begins) <= row:
                index.begins.append(len(index.owners))
            share, rest = mass[place], max(total[feature] - mass[place], 0.0)
            weight = math.log((share + SMOOTHING) / SMOOTHING) + math.log(
                (total[feature] + SMOOTHING) / (rest + SMOOTHING)
            )
            index.owners.append(owner)
            index.weights.append(weight * index.rarity[row])
        index.begins.append(len(index.owners))
        return index

    def ask(self, text: str, language: str) -> dict[str, float]:
        """How well each intent fits, in standard deviations; empty if too little is known."""
        sums = [0.0] * len(self.intents)
        known = unknown = 0.0
        for feature in features(text, language):
            row = self._row(feature)
            if row is None:
                unknown += self.unknown
                continue
            known += self.rarity[row]
            for at in range(self.begins[row], self.begins[row + 1]):
                sums[self.owners[at]] += self.weights[at]
        if not known or known < KNOWN * (known + unknown):
            return {}
        sums = [one + known * base for one, base in zip(sums, self.bases, strict=True)]
        mean, spread = statistics.fmean(sums), statistics.pstdev(sums) or 1.0
        return {name: (one - mean) / spread for name, one in zip(self.intents, sums, strict=True)}

    def rarity_of(self, feature: int) -> float:
        """How much a feature says, whoever it speaks for."""
        row = self._row(feature)
        return self.unknown if row is None else self.rarity[row]

    def _row(self, feature: int) -> int | None:
        row = bisect_left(self.keys, feature)
        return row if row < len(self.keys) and self.keys[row] == feature else None

    @property
    def arrays(self) -> list[array]:
        """What is kept on disk beside the intents, in a fixed order."""
        values = (getattr(self, one.name) for one in fields(self))
        return [value for value in values if isinstance(value, array)]


def _rarity(asked: int, seen: int) -> float:
    return (math.log(asked / seen) + 0.5) ** RARITY_POWER
