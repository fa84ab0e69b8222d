"""Texts in several languages inside YAML files: labels, names, ready replies and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from content.checks.facts import check_typed
from content.checks.finding import Finding, moved
from content.checks.isolation import check_isolation
from content.checks.letters import check_letters
from content.checks.translation import check_untranslated
from content.directory import DIRECTORY
from content.languages import LANGUAGES

_TEXT = "tag:yaml.org,2002:str"
_ADDRESS = re.compile(r"https?://\S+|[\w./-]+\.[a-z0-9]{2,4}")


@dataclass(frozen=True)
class Text:
    """A text in the languages that it is written in, with the line of each in its file."""

    keys: tuple[str, ...]
    line: int
    words: dict[str, str]
    lines: dict[str, int]


def texts(node: yaml.Node | None, keys: tuple[str, ...] = ()) -> Iterator[Text]:
    """Every mapping from languages to words in a YAML document, in the order of the file."""
    if isinstance(node, yaml.SequenceNode):
        for place, child in enumerate(node.value):
            yield from texts(child, (*keys, str(place + 1)))
    if not isinstance(node, yaml.MappingNode):
        return
    rows = [(str(key.value), value) for key, value in node.value]
    codes = [key for key, _ in rows if key in LANGUAGES]
    if len(codes) > 1 and _are_words([value for _, value in rows]):
        yield Text(
            keys,
            node.start_mark.line + 1,
            {key: value.value for key, value in rows if key in LANGUAGES},
            {key: value.start_mark.line + 1 for key, value in rows if key in LANGUAGES},
        )
        return
    for key, value in rows:
        yield from texts(value, (*keys, key))


def _are_words(nodes: list[yaml.Node]) -> bool:
    """Whether all are text, and not all of it addresses or names of files."""
    if not all(isinstance(one, yaml.ScalarNode) and one.tag == _TEXT for one in nodes):
        return False
    return not all(_ADDRESS.fullmatch(one.value) for one in nodes)


def check_multilingual(path: Path) -> Iterator[Finding]:
    """Each text of a YAML file: no language missing, letters right, nothing left in English.

    Numbers and addresses may be written in the directory alone.

    Raises OSError or yaml.YAMLError if the file can't be read.
    """
    for text in texts(yaml.compose(path.read_text(encoding="utf-8"))):
        name = ".".join(text.keys)
        for code in LANGUAGES:
            words = text.words.get(code, "").strip()
            if not words:
                message = f"{name}: nothing in {code}"
                yield Finding("translation_missing", message, text.line, code, path)
                continue
            found = [
                *check_letters(words, code),
                *check_isolation(words, code),
                *check_untranslated(words, code),
                *(check_typed(words, code) if path.name != DIRECTORY.name else ()),
            ]
            yield from moved(found, path, text.lines[code], f"{name}: {code}: ")
