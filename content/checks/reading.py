"""How hard a text is to read, in English and French, by the length of its sentences and words.

English: the Flesch-Kincaid grade, 0.39 · words/sentence + 11.8 · syllables/word − 15.59, in years
of school in the USA (Kincaid, Fishburne, Rogers, Chissom: Derivation of new readability formulas
for Navy enlisted personnel, 1975).

French: Flesch's reading ease fitted to French by Kandel and Moles, 207 − 1.015 · words/sentence −
73.6 · syllables/word, from 0 (hard) to 100 (easy) (L. Kandel, A. Moles: Application de l'indice de
Flesch à la langue française, 1958).

Both were made for long texts: they find what is hard, they don't prove that a text is easy.
"""

import re
from collections.abc import Iterator

from content.checks.finding import Finding
from content.directory import PLACEHOLDER

#: The hardest grade, and the lowest ease, that our texts may have.
MAX_GRADE, MIN_EASE = 6.0, 70.0
#: Words; shorter texts say nothing about how hard they are.
_FEWEST = 30
_WORD = re.compile(r"[a-zà-öø-ÿœ]+(?:[’'-][a-zà-öø-ÿœ]+)*", re.IGNORECASE)
_BREAK = re.compile(r"[.!?:;]+(?:\s|$)|\n+")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_FRENCH_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœ]+")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[’']", re.IGNORECASE)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text (years of school); 0 for one without words."""
    words, sentences = _words(text), _sentences(text)
    if not words:
        return 0.0
    syllables = sum(_english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def ease(text: str) -> float:
    """The reading ease of a French text by Kandel and Moles; 100 for one without words."""
    joined = _ELISION.sub("", text)  # l'eau is read as one word
    words, sentences = _words(joined), _sentences(joined)
    if not words:
        return 100.0
    syllables = sum(_french_syllables(word) for word in words)
    return 207 - 1.015 * len(words) / sentences - 73.6 * syllables / len(words)


def check_reading(text: str, language: str) -> Iterator[Finding]:
    """A body that is too hard, in the languages that can be measured."""
    if len(_words(text)) < _FEWEST:
        return
    if language == "en" and (years := grade(text)) > MAX_GRADE:
        message = f"hard to read: Flesch-Kincaid grade {years:.1f}, at most {MAX_GRADE:.0f}"
        yield Finding("reading_level", message)
    if language == "fr" and (points := ease(text)) < MIN_EASE:
        message = f"hard to read: {points:.0f} points of Kandel-Moles, at least {MIN_EASE:.0f}"
        yield Finding("reading_level", message)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(PLACEHOLDER.sub(" ", text))]


def _sentences(text: str) -> int:
    parts = _BREAK.split(PLACEHOLDER.sub(" ", text))
    return max(1, sum(bool(_WORD.search(part)) for part in parts))


def _english_syllables(word: str) -> int:
    n = len(_ENGLISH_VOWELS.findall(word))
    # a silent e at the end: made, likes, asked; not the, table, needed, places
    if re.search(r"[^aeiouyl]e$|[^aeiouy]es$|[^aeiouytd]ed$", word) and not re.search(
        r"(?:[sxzcg]|ch|sh)es$", word
    ):
        n -= 1
    return max(1, n)


def _french_syllables(word: str) -> int:
    n = len(_FRENCH_VOWELS.findall(word))
    # a mute e at the end: carte, cartes, and of verbs: demandent
    if re.search(r"[^aeiouyàâäéèêëîïôöùûü]e(?:s|nt)?$", word):
        n -= 1
    return max(1, n)
