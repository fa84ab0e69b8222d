"""Writes what editors labelled to training files, and what they published to a patch."""

from pathlib import Path

from actions.published import as_published
from content.export import new_files, patch
from content.training import Sentence, TrainingError, file_name, training_files
from store.database import Database
from store.keys import Keys
from store.staff import note
from store.unclear import labelled_sentences
from store.versions import published


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


async def export_content(database: Database, out: Path) -> str:
    """Write what is published over the files as a patch for ``git apply``; a line on what it has.

    A file that stands there is replaced by a whole one or not at all. Raises ValueError if a
    version can't be exported or the file not written, or one of DATABASE_ERRORS.
    """
    async with database.transaction() as session:
        versions = [as_published(row) for row in await published(session)]
        await note(session, "command line", "export content", f"{len(versions)} versions")
    files = new_files(versions)
    half = out.with_name(f"{out.name}.part")
    try:
        half.write_text(patch(files), encoding="utf-8", newline="")
        half.replace(out)
    except OSError as error:
        raise ValueError(f"{out} can't be written: {error}") from error
    return f"{len(versions)} published versions, {len(files)} files differ: written to {out}"
