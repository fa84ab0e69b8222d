"""Marks translations as compared with the present English text (``made_from``)."""

import re
from collections.abc import Collection
from pathlib import Path

from content.answers import CONTENT, ContentError, read_answer
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.source_hash import source_hash

_LINE = re.compile(r"^made_from:.*$", re.MULTILINE)


def stamp(
    folder: Path = CONTENT, languages: Collection[str] = (), intents: Collection[str] = ()
) -> list[Path]:
    """Write the English text's hash into translations; the files that were changed.

    ``languages`` and ``intents`` choose; empty means all. Everything else in a file stays as it is.
    Raises ContentError naming a file that can't be read, or an English text that is missing; then
    nothing was written.
    """
    codes = [code for code in languages or LANGUAGES if code != DEFAULT_LANGUAGE]
    stamped: dict[Path, str] = {}
    for name in intents or sorted(path.stem for path in (folder / DEFAULT_LANGUAGE).glob("*.md")):
        path = folder / DEFAULT_LANGUAGE / f"{name}.md"
        try:
            present = source_hash(read_answer(path))
        except FileNotFoundError as error:
            raise ContentError(path, 1, "no such English text") from error
        for code in codes:
            translation = folder / code / f"{name}.md"
            if translation.is_file() and read_answer(translation).made_from != present:
                stamped[translation] = _stamped(translation, present)
    for path, text in stamped.items():
        path.write_text(text, encoding="utf-8")
    return list(stamped)


def _stamped(path: Path, present: str) -> str:
    """The file's text with a hash in its front matter."""
    head, rest = path.read_text(encoding="utf-8")[4:].split("\n---\n", 1)
    line = f'made_from: "{present}"'
    head = _LINE.sub(line, head, count=1) if _LINE.search(head) else f"{head}\n{line}"
    return f"---\n{head}\n---\n{rest}"
