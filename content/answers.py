"""The written answers: ``content/<language>/<intent>.md``, Markdown with front matter."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from content.directory import Directory
from content.languages import LANGUAGES
from content.markup import isolate, to_html, to_text
from content.rumours import Rumours
from content.search import Finder, Page

CONTENT = Path(__file__).parent
Status = Literal["draft", "reviewed"]


class ContentError(Exception):
    """An answer file that can't be used; carries the file and the line where it goes wrong."""

    def __init__(self, path: Path, line: int, message: str):
        super().__init__(f"{path.parent.name}/{path.name}:{line}: {message}")
        self.path, self.line = path, line


@dataclass(frozen=True)
class Answer:
    """One answer in one language, as written (placeholders not yet filled).

    ``reviewed_by``: the member of the staff who looked at it before it was published.
    """

    id: str
    language: str
    title: str
    status: Status
    checked: dt.date
    valid_until: dt.date
    sources: tuple[str, ...]
    related: tuple[str, ...]
    body: str
    made_from: str | None = None
    reviewed_by: str | None = None

    def expired(self, today: dt.date) -> bool:
        """Whether the day until which the text holds has passed."""
        return today > self.valid_until

    def trusted(self, today: dt.date) -> bool:
        """Whether it is served where only reviewed texts are (CONTENT=reviewed)."""
        return self.status == "reviewed" and not self.expired(today)


def read_answer(path: Path) -> Answer:
    """Read one file; raises ContentError naming file and line, OSError if it can't be opened."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise ContentError(path, 1, "no front matter between two lines of ---")
    head, body = text[4:].split("\n---\n", 1)
    try:
        front = yaml.safe_load(head)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ContentError(path, line, f"front matter: {error.problem}") from error
    try:
        return Answer(
            id=path.stem,
            language=path.parent.name,
            title=str(front["title"]),
            status=front["status"],
            checked=front["checked"],
            valid_until=front["valid_until"],
            sources=tuple(front["sources"]),
            related=tuple(front.get("related", ())),
            body=body.strip(),
            made_from=front.get("made_from"),
            reviewed_by=front.get("reviewed_by"),
        )
    except (KeyError, TypeError) as error:
        raise ContentError(path, 2, f"front matter lacks {error}") from error


#: Answers by language and intent.
Answers = dict[tuple[str, str], Answer]


def read_answers(folder: Path = CONTENT) -> Answers:
    """Every answer file of the six languages, by language and intent. Raises ContentError."""
    return {
        (code, path.stem): read_answer(path)
        for code in LANGUAGES
        for path in sorted((folder / code).glob("*.md"))
    }


class Library:
    """All answers with the directory: gives ready text by intent and language.

    There is one for the process. What editors publish is put in with ``replace``, so whoever holds
    the library (or its directory) has the new text; ``revision`` grows each time. ``finder``
    searches the answers, ``rumours`` are those that editors have published.
    """

    def __init__(self, answers: Answers, directory: Directory):
        self._answers = answers
        self.directory = directory
        self.revision = 0
        self.finder = Finder(self._pages)
        self.rumours = Rumours(self.finder)
        self._html: dict[tuple[str, str], str] = {}

    @classmethod
    def load(cls, folder: Path = CONTENT, directory: Directory | None = None) -> "Library":
        """Read every answer of the six languages.

        Raises ContentError or DirectoryError: an answer that can't be shown stops the start
        rather than a person's question.
        """
        library = cls(read_answers(folder), directory or Directory.load())
        library.check()
        return library

    def replace(self, answers: Answers, facts: dict[str, Any]) -> None:
        """Take other answers and facts (the directory's data), all of them or none.

        Raises DirectoryError or ContentError if an answer can't be shown with these facts; then
        nothing has changed.
        """
        Library(answers, Directory(facts)).check()
        self.directory.replace(facts)
        self._answers, self._html = dict(answers), {}
        self.check()
        self.finder.renew()
        self.revision += 1

    def with_answer(self, answer: Answer) -> "Library":
        """A library with one other answer and the same facts, to see how it would be shown."""
        return Library({**self._answers, (answer.language, answer.id): answer}, self.directory)

    def check(self) -> None:
        """Make every text ready to show. Raises DirectoryError if one names an unknown fact."""
        for language, intent in self._answers:
            self.html(intent, language)

    @property
    def answers(self) -> Answers:
        """All answers as they are now; not to be changed."""
        return self._answers

    def get(self, intent: str, language: str) -> Answer | None:
        """The answer as written, or None if there is none in this language."""
        return self._answers.get((language, intent))

    def html(self, intent: str, language: str) -> str:
        """Light HTML of an answer, facts filled in, Latin runs isolated. Raises KeyError."""
        key = (language, intent)
        if key not in self._html:
            text = self.directory.fill(self._answers[key].body, language)
            self._html[key] = isolate(to_html(text), language)
        return self._html[key]

    def title(self, intent: str, language: str) -> str:
        """The title (a button's label) in a language, in English if missing. Raises KeyError."""
        answer = self.get(intent, language) or self._answers[("en", intent)]
        return answer.title

    def of_language(self, language: str) -> list[Answer]:
        """All answers written in a language."""
        return [a for (code, _), a in self._answers.items() if code == language]

    def _pages(self, language: str) -> list[Page]:
        return [
            Page(answer.id, answer.title, to_text(self.html(answer.id, language)))
            for answer in self.of_language(language)
        ]
