"""Ready replies with which counsellors write with people (``content/canned_replies.yml``).

Read and checked here, found by what staff type, and filled in; a counsellor sees and may change the
text before it is sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from content.answers import CONTENT
from content.directory import PLACEHOLDER, Directory, DirectoryError
from content.languages import LANGUAGES
from nlu.normalise import normalise

REPLIES = CONTENT / "canned_replies.yml"
GROUPS = ("greeting", "waiting", "asking", "explaining", "safety", "referral", "closing")
#: Characters; a reply must be read at a glance on a small phone.
MAX_TEXT = 600
#: What the console fills in. Everything else comes from the directory.
VALUES = ("counsellor", "name", "organisation", "centre", "time", "hours")

#: Characters of a search that are read: whoever pastes a page must not hold up the service.
_MAX_SEARCH = 200
_FIELD = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")
#: The opening that falls away where no name is known: "{name}, ", with a comma of either script.
_OPENING = re.compile(r"\{name\}[,،] (?=\S)")
# A keyword says more than the purpose, and the purpose more than the text, which has many words.
_WHOLE_KEYWORD, _KEYWORD, _WHEN, _OWN_TEXT, _OTHER_TEXT = 16, 8, 4, 2, 1


class CannedRepliesError(Exception):
    """The replies can't be used: the message is one line for the person who mends them."""


@dataclass(frozen=True)
class CannedReply:
    """One reply in all languages; ``when``: what it is for, in English, for staff."""

    id: str
    when: str
    group: str
    keywords: tuple[str, ...]
    text: dict[str, str]

    @cached_property
    def _words(self) -> tuple[frozenset[str], frozenset[str], dict[str, frozenset[str]]]:
        return (
            _words(" ".join(self.keywords)),
            _words(self.when),
            {code: _words(_FIELD.sub(" ", text)) for code, text in self.text.items()},
        )

    def fits(self, word: str, language: str) -> int:
        """How well a normalised word, or the beginning of one, fits this reply; 0: not at all."""
        keywords, when, texts = self._words
        if word in keywords:
            return _WHOLE_KEYWORD
        for score, words in (
            (_KEYWORD, keywords),
            (_WHEN, when),
            (_OWN_TEXT, texts.get(language, frozenset())),
            (_OTHER_TEXT, frozenset[str]().union(*texts.values())),
        ):
            if any(one.startswith(word) for one in words):
                return score
        return 0


def _words(text: str) -> frozenset[str]:
    return frozenset(normalise(text).split())


@cache
def _directory() -> Directory:
    return Directory.load()


@cache
def canned_replies() -> dict[str, CannedReply]:
    """The repository's replies by id, in the order of the file; raises CannedRepliesError."""
    return read_replies(REPLIES, _directory())


def read_replies(path: Path, directory: Directory) -> dict[str, CannedReply]:
    """Read replies; CannedRepliesError on the first thing that is wrong, OSError if missing."""
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))["replies"]
        every = [_reply(row) for row in rows]
    except (yaml.YAMLError, UnicodeError, KeyError, TypeError, ValueError) as error:
        raise CannedRepliesError(f"{path.name}: not a list of replies ({error!r})") from error
    found = {one.id: one for one in every}
    if len(found) != len(every):
        raise CannedRepliesError(f"{path.name}: two replies have the same id")
    for one in found.values():
        if problem := _problem(one, directory):
            raise CannedRepliesError(f"{path.name}: {one.id}: {problem}")
    return found


def _reply(row: dict[str, Any]) -> CannedReply:
    """One row of the file; ValueError where something is not written as text."""
    keywords, text = list(row["keywords"]), dict(row["text"])
    head = [row[key] for key in ("id", "when", "group")]
    # YAML reads an unquoted no or 12 as something else than text, and a lone word as its letters.
    if isinstance(row["keywords"], str) or not all(
        isinstance(one, str) for one in (*head, *keywords, *text.values())
    ):
        raise ValueError(f"{row['id']}: not everything is text")
    return CannedReply(*head, tuple(keywords), text)


def _problem(reply: CannedReply, directory: Directory) -> str | None:
    """What is wrong with one reply, or None."""
    if set(reply.text) != set(LANGUAGES) or not all(map(str.strip, reply.text.values())):
        return "a language is missing"
    if reply.group not in GROUPS:
        return f"group must be one of {', '.join(GROUPS)}"
    if not all(_words(keyword) for keyword in reply.keywords) or not reply.keywords:
        return "no keywords, or an empty one"
    wanted = set(_FIELD.findall(reply.text["en"]))
    for code, text in reply.text.items():
        if len(text) > MAX_TEXT:
            return f"{code}: {len(text)} characters, at most {MAX_TEXT}"
        if set(_FIELD.findall(text)) != wanted:
            return f"{code}: not the same placeholders as in English"
        if _BRACE.search(_FIELD.sub("", text)):
            return f"{code}: a brace stands alone"
        if "{name}" in text and (not _OPENING.match(text) or text.count("{name}") > 1):
            return f"{code}: {{name}} may only open the text, with a comma after it"
        for field in wanted - set(VALUES):
            if not PLACEHOLDER.fullmatch("{" + field + "}"):
                return f"{{{field}}} is no placeholder"
            try:
                directory.value(field, code)
            except DirectoryError as error:
                return str(error)
    return None


def search(text: str, language: str) -> list[CannedReply]:
    """Replies for words, or beginnings of words, that staff type; best first.

    Words may be of any of the languages and scripts, with or without accents. Replies that more
    of the words fit come first, then those where they are keywords, then words of ``language``.
    Without words: all, in the order of the file. Of a long text only the beginning counts.
    """
    every = canned_replies().values()
    asked = _words(text[:_MAX_SEARCH])
    if not asked:
        return list(every)
    scored = []
    for place, reply in enumerate(every):
        fits = [reply.fits(word, language) for word in asked]
        if any(fits):
            scored.append((-sum(map(bool, fits)), -sum(fits), place, reply))
    return [reply for *_, reply in sorted(scored, key=lambda row: row[:3])]


def fill(
    reply: CannedReply,
    language: str,
    values: Mapping[str, str],
    directory: Directory | None = None,
) -> tuple[str, list[str]]:
    """The text in a language with its placeholders filled, and the ids of those still missing.

    ``values`` are by id (``VALUES``); facts come from the directory alone. What is missing stays in
    the text as ``{id}``, in the order of the list. ``name`` is never missing: without one its
    opening falls away. Raises KeyError for a language that is not ours.
    """
    facts = directory or _directory()
    given = {key: value.strip() for key, value in values.items() if key in VALUES}
    text = reply.text[language]
    if not given.get("name") and (opening := _OPENING.match(text)):
        text = text[opening.end() :]
        text = text[0].upper() + text[1:]
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        field = match[1]
        found = given.get(field) if field in VALUES else facts.published(field, language)
        if found:
            return found
        if field not in missing:
            missing.append(field)
        return match[0]

    return _FIELD.sub(value, text), missing


def unfilled(text: str) -> list[str]:
    """The placeholders that still stand in a text, as ``{organisation}``."""
    return [f"{{{field}}}" for field in _FIELD.findall(text) if _known(field)]


def _known(field: str) -> bool:
    return field in VALUES or PLACEHOLDER.fullmatch("{" + field + "}") is not None
