"""Checks what people read: complete in six languages, placeholders equal and published, lengths."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml

from content.answers import CONTENT, Answer, ContentError, read_answer
from content.canned_replies import REPLIES, CannedRepliesError, read_replies
from content.coding import FRAME, FrameError, read_frame
from content.desks import DESKS, read_desks
from content.directory import PLACEHOLDER, Directory, DirectoryError
from content.intents import intents_with_text
from content.languages import LANGUAGES
from content.markup import to_html, to_text
from content.officer_sentences import SENTENCES, SentencesError, read_sentences

MAX_BODY, MAX_TITLE = 900, 28
EXTRA_PAGES = ("staff_rules",)
STATUSES = ("draft", "reviewed")
#: Letters that belong to another language's keyboard.
_WRONG_LETTERS = {
    "fa": re.compile("[كيىة]"),
    "ur": re.compile("[كيىة]"),
    "ps": re.compile("[كة]"),
    "ar": re.compile("[کگپچژیےھہٹڈڑںښځڅړڼټډېۍګ]"),
}
_TYPED_NUMBER = re.compile(r"\d[\d ]{4,}\d|\b1[12]\d\b|\b126[45]\b")
_OTHER_DIGITS = re.compile("[٠-٩۰-۹]")


@dataclass(frozen=True)
class Finding:
    """Something to mend: where, and what."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check_content(folder: Path = CONTENT) -> list[Finding]:
    """All findings over the six languages, in the order of files."""
    findings: list[Finding] = []
    directory = Directory.load(folder / "directory.yml")
    english: dict[str, Answer] = {}
    wanted = (*intents_with_text(), *EXTRA_PAGES)
    for code in ("en", *(c for c in LANGUAGES if c != "en")):
        for name in wanted:
            path = folder / code / f"{name}.md"
            try:
                answer = read_answer(path)
            except FileNotFoundError:
                findings.append(Finding(path, 1, "missing"))
                continue
            except ContentError as error:
                findings.append(Finding(path, error.line, str(error)))
                continue
            if code == "en":
                english[name] = answer
            findings += _check(path, answer, english.get(name), directory, wanted)
    try:
        read_desks(folder / DESKS.name)
    except (ValueError, yaml.YAMLError, OSError) as error:
        findings.append(Finding(folder / DESKS.name, 1, str(error)))
    try:
        read_frame(folder / FRAME.name)
    except (FrameError, OSError) as error:
        findings.append(Finding(folder / FRAME.name, 1, str(error)))
    try:
        read_sentences(folder / SENTENCES.name)
    except (SentencesError, OSError) as error:
        findings.append(Finding(folder / SENTENCES.name, 1, str(error)))
    try:
        _ = directory.opening
    except DirectoryError as error:
        path = folder / "directory.yml"
        findings.append(Finding(path, _line(path, re.compile("^desk:")), str(error)))
    return findings + _check_replies(folder / REPLIES.name, directory)


def _check_replies(path: Path, directory: Directory) -> list[Finding]:
    """The counsellors' replies: as a file, then how each text is written."""
    try:
        replies = read_replies(path, directory)
    except (CannedRepliesError, OSError) as error:
        return [Finding(path, 1, str(error))]
    return [
        Finding(
            path, _line(path, re.compile(rf"id: {re.escape(reply.id)}\s*$")), f"{code}: {problem}"
        )
        for reply in replies.values()
        for code, text in reply.text.items()
        for pattern, problem in _spelling(code)
        if pattern.search(text)
    ]


def _spelling(language: str) -> list[tuple[re.Pattern[str], str]]:
    """What no text of a language may have in it, and what to say of it."""
    rules = [
        (_TYPED_NUMBER, "a number is typed by hand; use a placeholder"),
        (_OTHER_DIGITS, "digits must be Western digits"),
    ]
    if letters := _WRONG_LETTERS.get(language):
        rules.append((letters, "letters of another language's keyboard"))
    return rules


def _line(path: Path, pattern: re.Pattern[str]) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if pattern.search(line)), 1)


def _placeholders(answer: Answer) -> set[str]:
    return {name.removesuffix(".called") + ".name" if name.endswith(".called") else name
            for name in PLACEHOLDER.findall(answer.body)}  # fmt: skip


@dataclass(frozen=True)
class AnswerFinding:
    """Something to mend in an answer: of which kind, in which field; ``line`` is that of the field.

    ``pattern`` finds its line in the answer's file.
    """

    kind: str
    message: str
    field: str = "body"
    line: int = 1
    pattern: str | re.Pattern[str] = "^---"


def check_answer(
    answer: Answer,
    english: Answer | None,
    directory: Directory,
    *,
    known: Collection[str] | None = None,
) -> list[AnswerFinding]:
    """What is to be mended in one answer; needs no file.

    ``english``: the English answer of the same id; ``known``: the ids of all answers, by default
    those of the contract.
    """
    if known is None:
        known = (*intents_with_text(), *EXTRA_PAGES)
    found: list[AnswerFinding] = []

    def add(kind: str, field: str, message: str) -> None:
        found.append(AnswerFinding(kind, message, field, pattern=f"^{field}"))

    if answer.status not in STATUSES:
        add("status", "status", f"status must be one of {', '.join(STATUSES)}")
    if not answer.sources:
        add("source", "sources", "no source")
    if answer.valid_until <= answer.checked:
        add("dates", "valid_until", "valid_until is not after checked")
    if len(answer.title) > MAX_TITLE:
        message = f"title has {len(answer.title)} characters, at most {MAX_TITLE}"
        add("title_length", "title", message)
    for other in answer.related:
        if other not in known:
            add("dead_link", "related", f"related: {other} does not exist")
    try:
        body = to_text(to_html(directory.fill(answer.body, answer.language)))
    except DirectoryError as error:
        where = re.escape(error.where)
        found.append(AnswerFinding("placeholder_unknown", str(error), pattern=where))
        body = answer.body
    if len(body) > MAX_BODY:
        message = f"body has {len(body)} characters, at most {MAX_BODY}"
        found.append(AnswerFinding("body_length", message))
    if english and _placeholders(answer) != _placeholders(english):
        different = sorted(_placeholders(answer) ^ _placeholders(english))
        message = f"placeholders differ from English: {', '.join(different)}"
        found.append(AnswerFinding("placeholder_differs", message))
    for pattern, problem in _spelling(answer.language):
        if at := pattern.search(answer.body):
            line = answer.body.count("\n", 0, at.start()) + 1
            found.append(AnswerFinding("letters", problem, line=line, pattern=pattern))
    return found


def _check(
    path: Path,
    answer: Answer,
    english: Answer | None,
    directory: Directory,
    wanted: tuple[str, ...],
) -> list[Finding]:
    return [
        Finding(path, _line(path, re.compile(one.pattern)), one.message)
        for one in check_answer(answer, english, directory, known=wanted)
    ]
