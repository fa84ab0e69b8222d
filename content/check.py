"""Checks what people read: one text (``check_answer``), or a whole folder (``check_content``)."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from content.answers import CONTENT, Answer, ContentError, read_answer
from content.canned_replies import REPLIES, CannedRepliesError, read_replies
from content.checks.catalogues import check_catalogues
from content.checks.facts import check_placeholders, check_typed
from content.checks.files import TOO_LONG, check_front_matter
from content.checks.finding import KINDS, Finding, Level, moved
from content.checks.freshness import check_freshness
from content.checks.isolation import check_direction, check_isolation
from content.checks.letters import check_letters
from content.checks.links import check_links
from content.checks.markup import check_markup
from content.checks.multilingual import check_multilingual
from content.checks.reading import check_reading
from content.checks.subject import Subject
from content.checks.translation import check_untranslated, latin_names
from content.coding import FRAME, FrameError, read_frame
from content.desks import DESKS, read_desks
from content.directory import DIRECTORY, Directory, DirectoryError
from content.directory_check import check_directory
from content.intents import intents_with_text
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.officer_sentences import SENTENCES, SentencesError, read_sentences
from content.pictures import PICTURES, PicturesError, check_pictures

__all__ = ["CONTENT", "EXTRA_PAGES", "KINDS", "Finding", "Level", "check_answer", "check_content"]

#: Pages that no intent leads to.
EXTRA_PAGES = ("staff_rules",)
#: What a damaged file raises in the readers of the other files.
_UNREADABLE = (
    OSError, UnicodeError, ValueError, yaml.YAMLError, CannedRepliesError, FrameError,
    SentencesError, DirectoryError, PicturesError,
)  # fmt: skip


def check_answer(
    answer: Answer,
    english: Answer | None,
    directory: Directory,
    *,
    known: Collection[str] | None = None,
    today: dt.date | None = None,
) -> list[Finding]:
    """What is to be mended in one answer; needs no file.

    ``english``: the English answer of the same id (None for that one itself); ``known``: the ids
    of all answers, by default those of the contract. Lines count in the field of the finding.
    """
    source = english if answer.language != DEFAULT_LANGUAGE else None
    if known is None:
        known = (*intents_with_text(), *EXTRA_PAGES)
    subject = Subject(answer, source, directory, known, today or dt.date.today())
    language, title, body = answer.language, answer.title, answer.body
    about = [*check_front_matter(subject), *check_freshness(subject)]
    if len(title) + len(body) > TOO_LONG:
        return about
    names = latin_names(directory.data)
    in_title = (
        *check_letters(title, language),
        *check_untranslated(title, language, source.title if source else None, names),
        *check_markup(title, language),
        *check_isolation(title, language),
        *check_direction(title, language),
        *check_typed(title, language),
    )
    return [
        *about,
        *check_links(subject),
        *(replace(finding, field="title") for finding in in_title),
        *check_placeholders(subject),
        *check_typed(body, language),
        *check_markup(body, language),
        *check_letters(body, language),
        *check_isolation(subject.filled, language),
        *check_untranslated(body, language, source.body if source else None, names),
        *check_reading(body, language),
    ]


def check_content(folder: Path = CONTENT, today: dt.date | None = None) -> list[Finding]:
    """All findings in a folder like ``content/``, and in the ``locale/`` beside it if there is one.

    ``today`` lets one look ahead. Raises DirectoryError or OSError where the directory itself can't
    be used: without it nothing can be told.
    """
    path = folder / DIRECTORY.name
    try:
        directory = Directory.load(path)
    except FileNotFoundError as error:
        raise DirectoryError("the file", "missing") from error
    except (yaml.YAMLError, UnicodeError, AttributeError, KeyError, TypeError) as error:
        raise DirectoryError("the file", f"can't be read ({type(error).__name__})") from error
    except DirectoryError:
        # nothing can be filled in: what is wrong with the entries is all that can be told
        if found := list(_entries(path)):
            return found
        raise
    findings = list(_answers(folder, directory, today or dt.date.today()))
    findings += _directory(path, directory)
    findings += _other_files(folder, directory)
    locale = folder.resolve().parent / "locale"
    if locale.is_dir():
        findings += check_catalogues(locale)
    return findings


def _answers(folder: Path, directory: Directory, today: dt.date) -> Iterator[Finding]:
    wanted = (*intents_with_text(), *EXTRA_PAGES)
    english: dict[str, Answer] = {}
    for code in (DEFAULT_LANGUAGE, *(c for c in LANGUAGES if c != DEFAULT_LANGUAGE)):
        for path in sorted((folder / code).glob("*.md")):
            if path.stem not in wanted:
                yield Finding("unknown_file", "an answer to no intent", path=path)
        for name in wanted:
            path = folder / code / f"{name}.md"
            try:
                answer = read_answer(path)
            except FileNotFoundError:
                yield Finding("missing", "missing", path=path)
                continue
            except ContentError as error:
                message = str(error).split(": ", 1)[-1]  # without the place, which the finding has
                yield Finding("unreadable", message, error.line, path=path)
                continue
            except UnicodeError:
                yield Finding("unreadable", "not written in UTF-8", path=path)
                continue
            if code == DEFAULT_LANGUAGE:
                english[name] = answer
            found = check_answer(answer, english.get(name), directory, known=wanted, today=today)
            yield from _in_file(path, found)


def _in_file(path: Path, found: Iterable[Finding]) -> Iterator[Finding]:
    """Findings on an answer with their lines in its file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    body = lines.index("---", 1) + 1
    body += next((n for n, line in enumerate(lines[body:]) if line.strip()), 0)
    for finding in found:
        if finding.field == "body":
            yield from moved([finding], path, body + 1)
        else:
            field = f"{finding.field}:"
            place = next((n for n, line in enumerate(lines[:body]) if line.startswith(field)), 0)
            yield replace(finding, path=path, line=place + 1)


def _directory(path: Path, directory: Directory) -> Iterator[Finding]:
    text = path.read_text(encoding="utf-8").splitlines()
    yield from _entries(path)
    try:
        _ = directory.opening
    except DirectoryError as error:
        yield Finding("unreadable", str(error), _line_of(text, ("desk",)), "desk", path)


def _entries(path: Path) -> Iterator[Finding]:
    """What is wrong with the entries of the directory, place by place and fact by fact."""
    for line, message in check_directory(path):
        yield Finding("directory", message, line, path=path)


def _line_of(lines: list[str], keys: tuple[str, ...]) -> int:
    """The line in a YAML file where keys lead, each looked for after the one above it."""
    place = 0
    for key in keys:
        place = next(
            (n for n in range(place, len(lines)) if lines[n].strip().startswith(f"{key}:")), place
        )
    return place + 1


def _other_files(folder: Path, directory: Directory) -> Iterator[Finding]:
    """The other files with texts: each can be read, then how each text of it is written."""
    readers: dict[str, Callable[[Path], object]] = {
        DESKS.name: read_desks,
        FRAME.name: read_frame,
        SENTENCES.name: read_sentences,
        REPLIES.name: lambda path: read_replies(path, directory),
        PICTURES.name: lambda path: check_pictures(path, directory),
    }
    for name in sorted({*readers, *(path.name for path in folder.glob("*.yml"))}):
        path = folder / name
        try:
            if name in readers:
                readers[name](path)
            yield from check_multilingual(path)
        except FileNotFoundError:
            yield Finding("missing", "missing", path=path)
        except _UNREADABLE as error:
            yield Finding("unreadable", " ".join(str(error).split()), path=path)
