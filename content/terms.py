"""What of a text is looked up: its words and their beginnings, pieces of words, pairs of words.

People write one word in many ways, in dialect and with many endings; so beside words, pieces of
three to five letters count. Latin-letter Arabic, Farsi, Pashto and Urdu are looked up as they are
written and once more in their own script. Everything becomes a number (CRC-32): small to keep,
and the same in every process.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from nlu.normalise import clean, normalise, script_of
from nlu.transliterate import LANGUAGES as OWN_SCRIPT
from nlu.transliterate import transliterate

#: Characters of a message that are looked at, half from its beginning and half from its end.
LONGEST = 600
#: Letters of a word below which it says nothing by itself.
SHORTEST = 2
#: Letters of a word by which it is the same word with another ending.
STEM, PAIR_STEM = 5, 4
#: Words after a word with which it makes a pair.
NEAR = 4
_PIECES = (3, 4, 5)
# The Arabic article with what is written together with it, as ``normalise`` leaves it.
_ARTICLE = re.compile("^(?:[وبفک]?ال|لل)(?=...)")
_MIX = 0x9E3779B1  # an odd number without pattern: the order of a pair's words matters


def written(text: str, language: str) -> Iterator[str]:
    """The normalised text, and for Latin letters in a language of Arabic script a second reading.

    Any string is good input.
    """
    text = clean(text, LONGEST)
    yield normalise(text)
    if language in OWN_SCRIPT and script_of(text) == "Latn":
        yield normalise(transliterate(text, language))


def stem(word: str) -> str:
    """The beginning of a normalised word, without the Arabic article: what endings don't change."""
    return _ARTICLE.sub("", word)[:STEM]


def stems(text: str, language: str) -> set[str]:
    """The beginnings of all words of at least two letters, in each way the text is read."""
    return {stem(word) for reading in written(text, language) for word in _words(reading)}


def pieces(text: str, language: str) -> set[int]:
    """The words of a text and their pieces, as numbers, in the language's own script only."""
    *_as_typed, own = written(text, language)
    return {number for word in _words(own) for number in _of_word(word)}


def features(text: str, language: str) -> set[int]:
    """Everything of a text that is looked up: its pieces, and words that stand near each other."""
    found: set[int] = set()
    for reading in written(text, language):
        words = _words(reading)
        for word in words:
            found.update(_of_word(word))
        starts = [_start(word) for word in words]
        for at, first in enumerate(starts):
            mixed = first * _MIX
            found.update((mixed ^ other) & 0xFFFFFFFF for other in starts[at + 1 : at + 1 + NEAR])
    return found


def _words(reading: str) -> list[str]:
    return [word for word in reading.split() if len(word) >= SHORTEST]


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[int, ...]:
    """The word and its pieces, with marks at both ends."""
    marked = f" {word} "
    parts = [
        marked[at : at + length] for length in _PIECES for at in range(len(marked) - length + 1)
    ]
    return tuple(crc32(part.encode()) for part in (f"#{word}", *parts))


@lru_cache(maxsize=20_000)
def _start(word: str) -> int:
    return crc32(f"^{word[:PAIR_STEM]}".encode())
