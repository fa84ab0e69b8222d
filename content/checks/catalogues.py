"""The catalogues of fixed sentences (``locale/<language>/LC_MESSAGES/rahnuma.po``)."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from content.checks.finding import Finding, moved
from content.checks.isolation import check_isolation
from content.checks.letters import check_letters
from content.checks.translation import check_untranslated
from content.languages import DEFAULT_LANGUAGE, LANGUAGES

_FIELD = re.compile(r"\{\w*\}")
_TAG = re.compile(r"</?[a-z]+>")


def check_catalogues(folder: Path) -> Iterator[Finding]:
    """Every sentence translated, with its fields and tags, in the letters of the language."""
    for code in LANGUAGES:
        if code == DEFAULT_LANGUAGE:  # its sentences are the keys
            continue
        path = folder / code / "LC_MESSAGES" / "rahnuma.po"
        try:
            with path.open("rb") as file:
                catalogue = read_po(file, locale=code, abort_invalid=True)
        except FileNotFoundError:
            yield Finding("missing", "missing", path=path)
            continue
        except (PoFileError, UnicodeError, ValueError) as error:
            yield Finding("unreadable", f"not a catalogue: {error}", path=path)
            continue
        for message in catalogue:
            if message.id:
                found = _sentence(str(message.id), str(message.string or ""), code, message.fuzzy)
                yield from moved(found, path, message.lineno or 1)


def _sentence(english: str, text: str, code: str, fuzzy: bool) -> Iterator[Finding]:
    start = english if len(english) <= 40 else english[:39] + "…"
    if not text.strip() or fuzzy:
        yield Finding("translation_missing", f"not translated: {start}")
        return
    if set(_FIELD.findall(text)) != set(_FIELD.findall(english)):
        yield Finding("placeholder_differs", f"not the same {{fields}} as in English: {start}")
    if sorted(_TAG.findall(text)) != sorted(_TAG.findall(english)):
        yield Finding("tags_differ", f"not the same tags as in English: {start}")
    bare = _TAG.sub(" ", _FIELD.sub(" ", text)).replace("\n", " ")
    found = (
        *check_letters(bare, code),
        *check_isolation(bare, code),
        *check_untranslated(bare, code),
    )
    for finding in found:
        yield Finding(finding.kind, f"{finding.message}: {start}")
