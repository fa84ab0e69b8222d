"""Text to piece numbers, as the encoder learnt them (SentencePiece unigram, XLM-RoBERTa's)."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.encoder.packed import Packed

PREFIX = "query: "  # the encoder was trained with it before every question
MOST = 256  # pieces of a text at most: some 1,000 letters
_SPACE = "▁"  # how pieces write a space
_SPACES = re.compile(" {2,}")
_UNKNOWN_PENALTY = 10.0  # SentencePiece's: an unknown letter costs this more than the rarest piece


class Tokenizer:
    """Splits a text into the likeliest pieces (Kudo 2018, subword regularization, section 3.1)."""

    def __init__(self, packed: Packed) -> None:
        """Take the pieces and replacements of a packed model."""
        self._begin, self._end, self._unknown = packed.begin, packed.end, packed.unknown
        self._replacements = packed.replacements
        self._pieces: dict[str, tuple[int, float]] = {
            piece: (number, score)
            for number, (piece, score) in enumerate(packed.pieces)
            if piece and number != packed.unknown
        }
        self._longest = max(map(len, self._pieces), default=1)
        rarest = min((score for _, score in self._pieces.values()), default=0.0)
        self._unknown_score = rarest - _UNKNOWN_PENALTY
        self._word = lru_cache(maxsize=20_000)(self._split_word)

    def encode(self, text: str) -> list[int]:
        """Numbers of the pieces of `text` with prefix, begin and end, at most MOST.

        Of a longer text the end is left out.
        """
        return [self._begin, *self.pieces(PREFIX + text)[: MOST - 2], self._end]

    def pieces(self, text: str) -> list[int]:
        """Numbers of the pieces of `text` alone; unknown letters give the unknown number."""
        text = _SPACES.sub(" ", text.translate(self._replacements))
        text = text if text.startswith(" ") else " " + text
        numbers: list[int] = []
        for word in text.replace(" ", _SPACE).split(_SPACE)[1:]:
            numbers += self._word(_SPACE + word)
        return numbers

    def _split_word(self, word: str) -> tuple[int, ...]:
        """Viterbi: the split of one word whose scores add up to the most."""
        size = len(word)
        best = [0.0] + [float("-inf")] * size
        last: list[tuple[int, int]] = [(0, 0)] * (size + 1)  # (start, number) of the last piece
        for start in range(size):
            for end in range(start + 1, min(size, start + self._longest) + 1):
                known = self._pieces.get(word[start:end])
                if known and best[start] + known[1] > best[end]:
                    best[end], last[end] = best[start] + known[1], (start, known[0])
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1] = best[start] + self._unknown_score
                last[start + 1] = (start, self._unknown)
        numbers = []
        while size:
            size, number = last[size]
            numbers.append(number)
        return tuple(reversed(numbers))
