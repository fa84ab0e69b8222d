"""Writes what editors labelled to training files."""

from pathlib import Path

from content.training import Sentence, TrainingError, file_name, training_files
from store.database import Database
from store.keys import Keys
from store.staff import note
from store.unclear import labelled_sentences


async def export_unclear(database: Database, keys: Keys, out: Path) -> tuple[int, list[Path]]:
    """Add what editors labelled to training files in a folder; returns how many, and which files.

    What the files hold stays: rows are deleted after some weeks, and an export may come often.
    Raises TrainingError if a file can't be read or written, or one of DATABASE_ERRORS.
    """
    async with database.transaction() as session:
        found = await labelled_sentences(session, keys)
        await note(session, "command line", "export unclear", f"{len(found)} messages")
    sentences = [Sentence(s.language, s.script, s.intent, s.text) for s in found]
    names = {file_name(sentence.language, sentence.script) for sentence in sentences}
    paths = []
    try:
        standing = {
            name: (out / name).read_text(encoding="utf-8")
            for name in names
            if (out / name).exists()
        }
        for name, text in training_files(sentences, standing).items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".part")  # a full disk must not take what stands there
            half.write_text(text, encoding="utf-8")
            half.replace(path)
            paths.append(path)
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{out} can't be used: {error}") from error
    return len(sentences), paths
