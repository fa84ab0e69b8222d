"""Writes labelled sentences as training data, in the form of ``nlu/<language>/*.yml``.

Rasa's NLU format 3.1 (https://rasa.com/docs/rasa/training-data-format) with the metadata that
``nlu/data.py`` asks for: one file for each language and script.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import yaml

from content.intents import intents
from content.languages import direction

#: What redaction leaves in a text. English words in brackets would teach the model the wrong thing.
_MARKS = re.compile(r"\[(?:email|link|name|number)\]")


class Sentence(NamedTuple):
    """A sentence as people type it, and what is known of it."""

    language: str
    script: str
    intent: str
    text: str


#: libyaml's loader where there is one: 46,000 sentences in a fraction of a second, not in eight.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TrainingError(Exception):
    """A file that is to be added to is not training data; the message is one line."""


def file_name(language: str, script: str) -> str:
    """Where sentences of a language and script stand: ``ar/unclear.yml``, ``ar/unclear.latin.yml``.

    Latin letters are set apart only where a language has letters of its own, as in ``nlu/``.
    """
    apart = script == "Latn" and direction(language) == "rtl"
    return f"{language}/unclear{'.latin' if apart else ''}.yml"


def training_files(
    sentences: Iterable[Sentence], standing: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The files' contents by name, each with what stands in it already and what is new.

    ``standing`` are contents of files of an earlier export, by name. A sentence that stands
    there keeps the intent that it has there: somebody may have mended it. Raises TrainingError.
    """
    files: dict[str, list[Sentence]] = {
        name: read_training(name, text) for name, text in (standing or {}).items()
    }
    for sentence in sentences:
        known = files.setdefault(file_name(sentence.language, sentence.script), [])
        text = _one_line(sentence.text)
        if text and text not in {other.text for other in known}:
            known.append(sentence._replace(text=text))
    return {name: _written(found) for name, found in sorted(files.items()) if found}


def _one_line(text: str) -> str:
    """Without marks of redaction, and without brackets, which would be entities to Rasa."""
    return " ".join(re.sub(r"[\[\]]", "", _MARKS.sub(" ", text)).split())


def _written(sentences: list[Sentence]) -> str:
    blocks: dict[tuple[str, str, str], list[str]] = {}
    for language, script, intent, text in sentences:
        blocks.setdefault((intent, language, script), []).append(f"    - {text}")
    order = list(intents())
    lines = ['version: "3.1"', "nlu:"]
    # an intent that is no longer in the contract stands last, for whoever reads the check's words
    for block in sorted(blocks, key=lambda b: order.index(b[0]) if b[0] in order else len(order)):
        intent, language, script = block
        about = f"{{language: {language}, script: {script}}}"
        lines += [f"- intent: {intent}", f"  metadata: {about}", "  examples: |", *blocks[block]]
    return "\n".join(lines) + "\n"


def read_training(name: str, text: str) -> list[Sentence]:
    """The sentences of a file of training data, by its content. Raises TrainingError."""
    try:
        return [
            Sentence(
                block["metadata"]["language"],
                block["metadata"]["script"],
                block["intent"],
                line.removeprefix("- ").strip(),
            )
            for block in yaml.load(text, _LOADER)["nlu"]  # either is a safe loader
            for line in block["examples"].splitlines()
            if line.strip()
        ]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(f"{name} is not training data ({type(error).__name__})") from error
