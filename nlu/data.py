"""Reading utterances (training data and tests) and the contract, with clear words on mistakes.

Knows nothing of Rasa, so that checks are quick.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "nlu" / "contract.yml"
#: Messages in languages that people are not answered in, for the language identifier.
OTHER_LANGUAGES = ROOT / "nlu" / "other_languages.yml"
#: Sentences of our languages as messages rarely have them, for the language identifier.
REGISTERS = ROOT / "nlu" / "registers.yml"
LANGUAGES = ("ar", "fa", "ps", "ur", "fr", "en")
SCRIPTS = ("Arab", "Latn")


class DataError(Exception):
    """The data or the contract are wrong; the message is one line for the person who mends it."""


@dataclass(frozen=True)
class Example:
    """One utterance and what is known of it. `kind` is "plain" or "hard" in tests, else None."""

    text: str
    intent: str
    language: str
    script: str
    kind: str | None
    file: str


@dataclass(frozen=True)
class Contract:
    """The intents, in the order of the file, and those of them that mean danger."""

    intents: tuple[str, ...]
    danger: frozenset[str]


def load_contract(path: Path = CONTRACT) -> Contract:
    """Read the contract; DataError if it cannot be used."""
    content = _read_yaml(path)
    try:
        intents = [(entry["id"], bool(entry.get("danger"))) for entry in content["intents"]]
    except (TypeError, KeyError) as error:
        raise DataError(f"{path}: not a list of intents with ids ({error!r})") from error
    names = tuple(name for name, _ in intents)
    if len(set(names)) != len(names):
        raise DataError(f"{path}: an intent stands twice")
    return Contract(names, frozenset(name for name, danger in intents if danger))


def load_examples(folder: Path) -> list[Example]:
    """Read `folder`/<language>/*.yml for the six languages, in a fixed order.

    DataError on the first thing that is wrong. A language without files gives no examples.
    """
    examples: list[Example] = []
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*.yml")):
            examples += _load_file(path, language)
    return examples


def some(examples: list[Example], share: float) -> list[Example]:
    """Return about a `share` (0 to 1) of the examples, by the hash of their texts.

    The same ones each time; those of a smaller share are among those of a larger one.
    """
    return [e for e in examples if _place(e.text) < share]


def _place(text: str) -> float:
    """A number from 0 to 1 for a text; not the one that `nlu.encoder.held_out` goes by."""
    return int(hashlib.sha256(text.encode("utf-8")).hexdigest()[8:16], 16) / 2**32


def check_against(contract: Contract, examples: list[Example]) -> None:
    """DataError if an intent is not in the contract, or one of the contract has no example."""
    known = set(contract.intents)
    for example in examples:
        if example.intent not in known:
            raise DataError(f"{example.file}: intent {example.intent} is not in {CONTRACT.name}")
    missing = [name for name in contract.intents if name not in {e.intent for e in examples}]
    if missing:
        raise DataError(f"no example of: {', '.join(missing)}")


def load_other_languages(path: Path = OTHER_LANGUAGES) -> list[tuple[str, str]]:
    """Read messages in other languages as (text, script) pairs; DataError if they can't be used."""
    return [(text, block["script"]) for block, text in _sentences(path, "languages")]


def load_registers(path: Path = REGISTERS) -> list[tuple[str, str, str]]:
    """Read sentences as (text, language, script); DataError if they can't be used."""
    found = [(t, b["language"], b["script"]) for b, t in _sentences(path, "registers")]
    if not all(language in LANGUAGES for _, language, _ in found):
        raise DataError(f"{path}: each language must be one of {', '.join(LANGUAGES)}")
    return found


def _sentences(path: Path, key: str) -> list[tuple[dict, str]]:
    """The sentences below `key`, each with its block, which names language and script."""
    content = _read_yaml(path)
    try:
        pairs = [(block, text) for block in content[key] for text in block["examples"]]
        sound = all(
            isinstance(t, str) and b["script"] in SCRIPTS and b["language"] for b, t in pairs
        )
    except (TypeError, KeyError) as error:
        raise DataError(f"{path}: not a list of {key} with examples ({error!r})") from error
    if not sound:
        raise DataError(f"{path}: each example must be text, each script Arab or Latn")
    return pairs


def _load_file(path: Path, language: str) -> list[Example]:
    content = _read_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get("nlu"), list):
        raise DataError(f"{path}: must be a mapping with `version` and a list `nlu`")
    examples = []
    for number, block in enumerate(content["nlu"], 1):
        where = f"{path}: block {number}"
        if not isinstance(block, dict) or not isinstance(block.get("intent"), str):
            raise DataError(f"{where}: no intent")
        where = f"{where} ({block['intent']})"
        about = block.get("metadata")
        if not isinstance(about, dict) or about.get("language") != language:
            raise DataError(f"{where}: metadata must say language: {language}")
        if about.get("script") not in SCRIPTS:
            raise DataError(f"{where}: metadata must say script: Arab or Latn")
        if not isinstance(block.get("examples"), str):
            raise DataError(f"{where}: examples must be a block of lines (`examples: |`)")
        for line in block["examples"].splitlines():
            if not line.strip():
                continue
            if not line.startswith("- ") or not line[2:].strip():
                raise DataError(f"{where}: not `- utterance`: {line[:60]}")
            examples.append(
                Example(
                    line[2:].strip(),
                    block["intent"],
                    language,
                    about["script"],
                    about.get("kind"),
                    str(path),
                )
            )
    return examples


def _read_yaml(path: Path):
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {' '.join(str(error).split())}") from error
