"""Arabic, Farsi, Pashto and Urdu in Latin letters, written again in their own script.

The sentence encoder has read millions of sentences in Arabic script and few of "bghit nrja3 l
bladi". A rough transliteration ("بغيت نرجع ل بلدي") beside the original lets it use what it knows,
and different spellings of one word meet. It need not be right: the encoder is tuned on its
mistakes. Standard library only.
"""

from __future__ import annotations

import re

LANGUAGES = ("ar", "fa", "ps", "ur")

_SHARED = {
    "b": "ب", "p": "پ", "t": "ت", "j": "ج", "d": "د", "r": "ر", "z": "ز", "s": "س", "f": "ف",
    "q": "ق", "k": "ک", "g": "گ", "l": "ل", "m": "م", "n": "ن", "h": "ه", "y": "ی", "w": "و",
    "v": "و", "c": "ک", "x": "خ", "ch": "چ", "tch": "چ", "sch": "ش", "dj": "ج", "sh": "ش",
    "kh": "خ", "gh": "غ", "zh": "ژ", "th": "ث", "ph": "ف", "ts": "څ", "ck": "ک",
}  # fmt: skip
_OWN = {
    "ar": {
        "ch": "ش", "tch": "تش", "zh": "ج", "dh": "ذ", "ts": "تس", "p": "ب", "v": "ف", "g": "ق",
        "k": "ك", "ck": "ك", "c": "ك", "x": "كس", "y": "ي", "2": "ا", "3": "ع", "3'": "غ",
        "4": "ذ", "5": "خ", "6": "ط", "7": "ح", "7'": "خ", "8": "غ", "9": "ق",
    },
    "fa": {"th": "ت", "ts": "تس"},
    "ps": {"g": "ګ", "x": "ښ"},
    "ur": {
        "h": "ہ", "x": "کس", "ts": "تس", "kh": "کھ", "gh": "گھ", "ph": "پھ", "bh": "بھ",
        "th": "تھ", "dh": "دھ", "jh": "جھ", "chh": "چھ", "rh": "ڑھ",
    },
}  # fmt: skip
_LETTERS = {language: _SHARED | own for language, own in _OWN.items()}
_LONGEST = max(len(letters) for table in _LETTERS.values() for letters in table)

_VOWELS = "aeiou"
_YEH = {"ar": "ي"}  # the others write ی
_LAST_E = {"ur": "ے", "fa": "ه"}
#: Languages in which a single "a" inside a word is mostly a long one, and written.
_A_IS_WRITTEN = ("fa", "ps")

_WORD = re.compile(r"[a-z0-9']*[a-z][a-z0-9']*", re.IGNORECASE)


def transliterate(text: str, language: str) -> str:
    """Return `text` with its Latin-letter words in the script of `language` (one of LANGUAGES).

    KeyError for another language. What is not a Latin-letter word stays as it is.
    """
    letters = _LETTERS[language]
    return _WORD.sub(lambda word: _word(word[0].lower(), language, letters), text)


def _word(word: str, language: str, letters: dict[str, str]) -> str:
    written, at = [], 0
    while at < len(word):
        if word[at] in _VOWELS:
            end = at
            while end < len(word) and word[end] in _VOWELS:
                end += 1
            written.append(_vowel(word[at:end], at == 0, end == len(word), language))
            at = end
            continue
        for length in range(_LONGEST, 0, -1):
            if word[at : at + length] in letters:
                break
        else:
            written.append(word[at])
            at += 1
            continue
        written.append(letters[word[at : at + length]])
        at += length
        if length == 1 and word[at : at + 1] == word[at - 1]:
            at += 1  # a doubled consonant is one letter
    return "".join(written)


def _vowel(vowel: str, first: bool, last: bool, language: str) -> str:
    """What stands for a run of vowels; short ones inside a word are not written."""
    yeh = _YEH.get(language, "ی")
    if first:
        return _first_vowel(vowel, language, yeh)
    if vowel in ("ai", "ei", "ee", "ie", "i", "ii", "ea"):
        return yeh
    if vowel in ("au", "ao", "ou", "oo", "o", "u", "uu"):
        return "و"
    if vowel == "a":
        return "ا" if last or language in _A_IS_WRITTEN else ""
    if vowel == "e":
        return _LAST_E.get(language, "") if last else ""
    if vowel == "ia":
        return yeh + "ا"
    if vowel in ("ua", "oua", "oa"):
        return "وا"
    return {"a": "ا", "i": yeh, "e": yeh}.get(vowel[-1], "و")


def _first_vowel(vowel: str, language: str, yeh: str) -> str:
    if vowel == "aa":
        return "ا" if language == "ar" else "آ"
    if vowel == "ee" or (vowel[0] == "i" and len(vowel) > 1):
        return "ا" + yeh
    if vowel[0] in "ou" and len(vowel) > 1:
        return "او"
    return "ا"
