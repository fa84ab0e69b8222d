"""Finds the names that a text states: "my name is …", "a guard called …", «زما نوم … دی».

The words with which people announce a name, and those that are no names, stand by language in
``content/name_cues.yml``; common names in ``content/names.yml``. Where a name is announced, any
word is one that is not known to be none; after "I am …" only a known or a capitalised one is.
Common names that are nothing else are found without an announcement too.
"""

import re
from dataclasses import dataclass
from functools import cache

import yaml

from content.answers import CONTENT
from nlu.normalise import normalise

_MARKS = "\u0610-\u061a\u064b-\u065f\u0670"  # vowels over and under Arabic letters
_WORD = re.compile(rf"[^\W\d_](?:[^\W_]|[{_MARKS}]|['’ʼ\u200c\u0640-](?=[^\W_]))*")
_MOST_WORDS = 4  # of one name
_GAP = re.compile(r"[\s:,،'\"«»“”()=-]{1,4}|")  # between an announcement and its name
_GAP_WITH_DOT = re.compile(r"[\s:,،'\"«»“”()=.-]{1,4}|")  # after "Mr." or "Dr."
_INSIDE = re.compile(r"[ \u00a0\u200c-]{1,2}")  # between the words of one name
_TITLE_LETTERS = 4  # an abbreviated title is not longer
_SHORT = 3  # letters
_FAMILY = "ال"  # how Arabic family names begin
_MAPPED = {
    "name_words",
    "linking",
    "perhaps",
    "titles",
    "afterwards",
    "inside",
    "closing",
    "no_names",
}


#: Phrases as tuples of folded words, by their first word.
_Phrases = dict[str, list[tuple[str, ...]]]


class CuesError(Exception):
    """A data file of names or their announcements can't be used."""


@dataclass(frozen=True)
class _Word:
    text: str
    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class _Cues:
    """Folded words and phrases by what they do."""

    name_words: _Phrases  # "my name", اسمي: a name follows
    linking: frozenset[str]  # "is", "c'est": may stand between
    titles: _Phrases  # "Mr", آقای: a name follows, unless a word of work does
    perhaps: _Phrases  # "I am", "the guard": a name may follow
    afterwards: _Phrases  # نومېږي, "bol raha hun": a name went before
    inside: frozenset[str]  # "bin", الله, خان: a name goes on
    closing: frozenset[str]  # ہے, دی: what stands between "name" and this is a name
    no_names: frozenset[str]
    names: frozenset[str]  # names that are nothing else
    name_or_word: frozenset[str]


def stated_names(text: str) -> list[tuple[int, int]]:
    """Places (start, end) of the names stated in `text`, in order, not overlapping."""
    cues = _cues()
    words = [_Word(m[0], _fold(m[0]), *m.span()) for m in _WORD.finditer(text)]
    found: list[tuple[int, int]] = []
    for at in range(len(words)):
        for first, certain in _announced(words, at, text, cues):
            last = _forward(words, first, certain, text, cues)
            if last is not None:
                found.append((words[first].start, words[last].end))
        if _phrase(words, at, cues.afterwards):
            first = _backward(words, at - 1, text, cues)
            if first is not None:
                found.append((words[first].start, words[at - 1].end))
        if words[at].folded in cues.names and _looks_like_a_name(words[at], text):
            found.append((words[at].start, words[at].end))
    return _merged(found)


def _looks_like_a_name(word: _Word, text: str) -> bool:
    """Whether a common name may be taken for one wherever it stands: small Latin letters may be
    a word of any language.
    """
    return not word.text[0].isascii() or _capitalised(word, text)


def _announced(words: list[_Word], at: int, text: str, cues: _Cues):
    """Yield (number of the word that may be a name, whether it surely is one)."""
    for phrases, certain in ((cues.name_words, True), (cues.titles, True), (cues.perhaps, False)):
        length = _phrase(words, at, phrases)
        if not length:
            continue
        first = at + length
        if phrases is cues.name_words:
            while first < len(words) and words[first].folded in cues.linking:
                first += 1
        if first < len(words) and _follows(words, first, text):
            yield first, certain


def _phrase(words: list[_Word], at: int, phrases: _Phrases) -> int:
    """How many words the longest of the phrases has that begins at `at`; 0 for none."""
    fitting = (
        len(phrase)
        for phrase in phrases.get(words[at].folded, ())
        if tuple(word.folded for word in words[at : at + len(phrase)]) == phrase
    )
    return max(fitting, default=0)


def _follows(words: list[_Word], first: int, text: str) -> bool:
    before = words[first - 1]
    gap = _GAP_WITH_DOT if len(before.text) <= _TITLE_LETTERS else _GAP
    return gap.fullmatch(text[before.end : words[first].start]) is not None


def _forward(words: list[_Word], first: int, certain: bool, text: str, cues: _Cues) -> int | None:
    """Number of the last word of the name that begins with word `first`; None if none does."""
    word = words[first]
    if word.folded in cues.no_names or len(word.folded) < 2:
        return None
    if not certain and not (
        word.folded in cues.names
        or _capitalised(word, text)
        or (word.folded in cues.name_or_word and _named_on(words, first + 1, cues))
    ):
        return None
    last = first
    while last + 1 < len(words) and last - first + 1 < _MOST_WORDS:
        following = words[last + 1]
        if not _INSIDE.fullmatch(text[words[last].end : following.start]):
            break
        if following.folded not in cues.inside and (
            following.folded in cues.no_names or not _belongs(words, last + 1, certain, text, cues)
        ):
            break
        last += 1
    return last


def _named_on(words: list[_Word], at: int, cues: _Cues) -> bool:
    """Whether the word `at` makes a name of an everyday word before it: نصیب خان, گل مینه یم."""
    if at >= len(words):
        return False
    if words[at].folded in cues.inside or words[at].folded in cues.names:
        return True
    said = words[at].folded not in cues.no_names and at + 1 < len(words)
    return said and words[at + 1].folded in cues.closing


def _belongs(words: list[_Word], at: int, certain: bool, text: str, cues: _Cues) -> bool:
    """Whether a word after the first one of a name still is of the name."""
    word = words[at]
    if word.folded in cues.names or word.folded in cues.name_or_word:
        return True
    if _capitalised(word, text) and _capitalised(words[at - 1], text):
        return True
    ends = at + 1 == len(words) or words[at + 1].folded in cues.closing
    family = word.text.startswith(_FAMILY) and len(word.text) > len(_FAMILY) + 2
    return certain and (ends or family) and not word.text[0].isascii()


def _backward(words: list[_Word], last: int, text: str, cues: _Cues) -> int | None:
    """Number of the first word of the name that ends with word `last`; None if none does."""
    if last < 0 or words[last].folded in cues.no_names:
        return None
    first = last
    while first > 0 and last - first + 1 < _MOST_WORDS:
        before = words[first - 1]
        known = before.folded in cues.names or before.folded in cues.name_or_word
        together = _INSIDE.fullmatch(text[before.end : words[first].start])
        if not together or not (known or _capitalised(before, text)):
            break
        if before.folded in cues.no_names:
            break
        first -= 1
    return first


def _capitalised(word: _Word, text: str) -> bool:
    """Whether a word in Latin letters begins with a capital, in a text that also has small ones."""
    return word.text[0].isupper() and not text.isupper()


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _fold(word: str) -> str:
    """One form of a word; of a short Latin one, in which each letter tells, just the small letters:
    "mme" is not "me".
    """
    word = word.replace("'", "").replace("’", "")
    return word.lower() if word.isascii() and len(word) <= _SHORT else normalise(word)


def _read(name: str) -> dict:
    """A data file whose scalars all are text: YAML takes "no" and "on" for truth values."""
    return yaml.load((CONTENT / name).read_text(encoding="utf-8"), yaml.BaseLoader)


@cache
def _cues() -> _Cues:
    """All languages together: people mix them. CuesError if a file has an unknown part."""
    cues = _read("name_cues.yml")
    names = _read("names.yml")
    parts: dict[str, list[str]] = {part: [] for part in _MAPPED}
    for language, lists in cues.items():
        unknown = set(lists) - _MAPPED
        if unknown:
            raise CuesError(f"name_cues.yml: {language}: unknown {', '.join(sorted(unknown))}")
        for part, entries in lists.items():
            parts[part] += entries

    def words(*lists: list[str]) -> frozenset[str]:
        return frozenset(_fold(entry) for entries in lists for entry in entries)

    def phrases(entries: list[str]) -> _Phrases:
        by_first: _Phrases = {}
        for entry in entries:
            phrase = tuple(_fold(m[0]) for m in _WORD.finditer(entry))
            by_first.setdefault(phrase[0], []).append(phrase)
        return by_first

    scripts = names.values()
    closing = words(parts["closing"])
    announcing = phrases(parts["name_words"])
    no_names = words(parts["no_names"], parts["linking"]) | closing
    no_names |= {word for some in announcing.values() for phrase in some for word in phrase}
    return _Cues(
        name_words=announcing,
        linking=words(parts["linking"]),
        titles=phrases(parts["titles"]),
        perhaps=phrases(parts["perhaps"]),
        afterwards=phrases(parts["afterwards"]),
        inside=words(parts["inside"]),
        closing=closing,
        no_names=no_names,
        names=words(*(script["names"] for script in scripts)) - no_names,
        name_or_word=words(*(script["words"] for script in scripts)) - no_names,
    )
