"""Ready sentences with which officers answer feedback (``content/officer_sentences.yml``)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from content.answers import CONTENT
from content.languages import LANGUAGES

SENTENCES = CONTENT / "officer_sentences.yml"
#: What an officer must fill in: ``{reason}``, in the language's own words.
FIELD = re.compile(r"\{[^{}]*\}")


class SentencesError(Exception):
    """The sentences can't be used: the message is one line for the person who mends them."""


@dataclass(frozen=True)
class ReadySentence:
    """One sentence in all languages; ``when``: what it is for, in English."""

    id: str
    when: str
    text: dict[str, str]


@cache
def ready_sentences() -> dict[str, ReadySentence]:
    """The repository's sentences by id, in the order of the file; raises SentencesError."""
    return read_sentences(SENTENCES)


def read_sentences(path: Path) -> dict[str, ReadySentence]:
    """Read sentences; SentencesError on the first thing that is wrong, OSError if it is missing."""
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))["sentences"]
        every = [ReadySentence(row["id"], row["when"], dict(row["text"])) for row in rows]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SentencesError(f"{path.name}: not a list of sentences ({error!r})") from error
    found = {one.id: one for one in every}
    if len(found) != len(every):
        raise SentencesError(f"{path.name}: two sentences have the same id")
    for one in found.values():
        if set(one.text) != set(LANGUAGES) or not all(one.text.values()):
            raise SentencesError(f"{path.name}: {one.id}: a language is missing")
        if len({len(FIELD.findall(text)) for text in one.text.values()}) != 1:
            raise SentencesError(f"{path.name}: {one.id}: not the same fields in all languages")
    return found


def unfilled(text: str) -> list[str]:
    """The fields of ready sentences that still stand in a text, as ``{reason}``."""
    return FIELD.findall(text)
