"""What people ask: the labelled questions of ``nlu/``, indexed once and kept in a file.

Indexing all of them takes some ten seconds, reading the file a few hundredths. The file's name
says of which questions it is, so that it is made anew when they change.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from content.intents import CONTRACT
from content.languages import LANGUAGES
from content.question_index import QuestionIndex
from content.training import read_training

TRAINING = CONTRACT.parent
#: Grows when the way of indexing changes, so that no older file is read.
_FORM = 1

Indexes = dict[str, QuestionIndex]


class CacheError(Exception):
    """A kept file can't be used; it is to be made anew."""


def training_files(folder: Path = TRAINING) -> list[Path]:
    """The files of labelled questions, in a fixed order."""
    return [path for code in LANGUAGES for path in sorted((folder / code).glob("*.yml"))]


def index_questions(folder: Path = TRAINING) -> Indexes:
    """Read and index the questions of every language that has any.

    Raises OSError or TrainingError.
    """
    indexes = {}
    for code in LANGUAGES:
        found = [
            (sentence.text, sentence.intent)
            for path in sorted((folder / code).glob("*.yml"))
            for sentence in read_training(path.name, path.read_text(encoding="utf-8"))
        ]
        if found:
            indexes[code] = QuestionIndex.build(found, code)
    return indexes


def index_path(kept: Path, folder: Path = TRAINING) -> Path:
    """Where under ``kept`` the index of the questions as they are now is, or is to be."""
    return kept / f"questions-{_digest(folder)}.bin"


def _digest(folder: Path) -> str:
    whole = hashlib.sha256(f"{_FORM} {sys.byteorder}".encode())
    for path in training_files(folder):
        whole.update(f"\n{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


def write_index(path: Path, indexes: Indexes) -> None:
    """Write a file as a whole or not at all, in place of older ones. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {
        code: [index.intents, index.unknown, [len(one) for one in index.arrays]]
        for code, index in indexes.items()
    }
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        file.write(json.dumps(head).encode() + b"\n")
        for index in indexes.values():
            for one in index.arrays:
                one.tofile(file)
    for older in path.parent.glob("questions-*.bin"):
        older.unlink(missing_ok=True)
    draft.replace(path)


def read_index(path: Path) -> Indexes:
    """Read a file of ``write_index``. Raises OSError, or CacheError if it is no such file."""
    indexes = {}
    try:
        with path.open("rb") as file:
            for code, (intents, unknown, lengths) in json.loads(file.readline()).items():
                index = QuestionIndex(tuple(intents), unknown)
                for one, length in zip(index.arrays, lengths, strict=True):
                    one.fromfile(file, length)
                indexes[code] = index
    except (ValueError, TypeError, AttributeError, EOFError) as error:
        raise CacheError(f"{path.name}: {type(error).__name__}") from error
    return indexes


if __name__ == "__main__":  # in a process of its own: it takes a whole core for some ten seconds
    write_index(Path(sys.argv[1]), index_questions())
