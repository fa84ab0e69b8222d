"""Passages that were left in English, and fields and tags lost in translation."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from content.checks.finding import Finding
from content.directory import PLACEHOLDER
from content.languages import direction

#: English words that need no other language and stand in nearly every sentence of it.
_ENGLISH_WORDS = (
    "the and you your is are was of to not with this that can do does ask if for they we it have "
    "has will may must be from what who where when how or by at there them their all need"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_LATIN_RUN = re.compile(r"[A-Za-zÀ-ž][A-Za-zÀ-ž'’-]*(?:[ ,.;:]+[A-Za-zÀ-ž][A-Za-zÀ-ž'’-]*)*")
_WORD = re.compile(r"[A-Za-zÀ-ž'’]+")
_NO_WORDS = re.compile(
    r"https?://\S+|(?<!\S)[^\s@]+@\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|/[a-z]+\b|\{[^{}]*\}"
)
#: A short Latin word in brackets or quotes beside its translation: a gloss, or a name.
_GLOSS = re.compile(r"\([^()]{1,60}\)|[«“\"][^«»“”\"]{1,60}[»”\"]")
_SENTENCE = re.compile(r"[^.!?:;\n«»\"“”]+")
#: Words; so many Latin ones in a row are a passage, so many alike with English a copied line.
_PASSAGE = 3
_LONGEST_GLOSS = 4
#: A sentence of French is English where two, and a quarter, of its words are.
_FEWEST, _SHARE = 2, 0.25


def check_untranslated(
    text: str, language: str, english: str | None = None, names: Collection[str] = ()
) -> Iterator[Finding]:
    """Passages of a translation that are English. ``names`` may stand in Latin letters."""
    if language == "en":
        return
    source = {_bare(line) for line in (english or "").splitlines()}
    for number, line in enumerate(text.splitlines(), 1):
        bare = _bare(line)
        small = [word for word in _WORD.findall(bare) if word.islower()]  # the rest may be names
        if bare in source and len(small) >= _PASSAGE:
            yield Finding("untranslated", f"the same as in English: {bare}", number)
        elif passage := _passage(bare, language, names):
            yield Finding("untranslated", f"not translated: {passage}", number)


def latin_names(data: dict[str, Any]) -> set[str]:
    """The Latin names in the directory's data, which any language may use."""
    entries = (entry for section in data.values() if isinstance(section, dict)
               for entry in section.values())  # fmt: skip
    return {str(e["name"]) for e in entries if isinstance(e, dict) and e.get("name")}


def _bare(line: str) -> str:
    """A line without placeholders, addresses and commands."""
    return re.sub(r"[*_`]", "", _NO_WORDS.sub(" ", PLACEHOLDER.sub(" ", line))).strip(" -•")


def _passage(line: str, language: str, names: Collection[str]) -> str | None:
    if direction(language) == "ltr":
        for part in _SENTENCE.findall(line):
            words = [word.lower() for word in _WORD.findall(part)]
            english = sum(word in _ENGLISH for word in words)
            if english >= _FEWEST and english >= _SHARE * len(words):
                return part.strip()
        return None
    for name in sorted(names, key=len, reverse=True):
        line = line.replace(name, "؛")
    line = _GLOSS.sub(lambda m: m[0] if len(_WORD.findall(m[0])) > _LONGEST_GLOSS else "؛", line)
    for run in _LATIN_RUN.findall(line):
        words = _WORD.findall(run)
        if len(words) >= _PASSAGE or any(word in _ENGLISH for word in words):
            return run
    return None
