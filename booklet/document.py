"""What a booklet holds, before it is set as PDF or web page."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from content.languages import Direction, direction


@dataclass(frozen=True)
class Run:
    """Text in one manner. ``latin``: it reads left to right whatever stands around it; ``kept``:
    it is never broken over two lines."""

    text: str
    bold: bool = False
    latin: bool = False
    kept: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph (one line of runs), or a list with its items."""

    kind: Literal["text", "bullets", "numbers"]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Entry:
    """One answer: its title, its text, and of when it is and how far it can be trusted."""

    id: str
    title: Line
    blocks: tuple[Block, ...]
    note: Line
    language: str

    @property
    def plain_title(self) -> str:
        """The title without markup."""
        return "".join(run.text for run in self.title)


@dataclass(frozen=True)
class Section:
    """A part of the booklet under its heading."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Number:
    """An emergency number; ``label`` says whose."""

    label: str
    number: str


@dataclass(frozen=True)
class Contact:
    """An organisation and the ways to reach it: (what it is, its value), telephone first."""

    name: Line
    ways: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Link:
    """Where the chat is: what it is called, its address, and the address as a QR code (SVG)."""

    label: str
    address: str
    svg: str


@dataclass(frozen=True)
class Document:
    """A booklet in one language. ``words`` are its fixed sentences by name."""

    language: str
    operator: Line
    made: dt.date
    words: dict[str, Line]
    numbers: tuple[Number, ...]
    sections: tuple[Section, ...]
    contacts: tuple[Contact, ...]
    links: tuple[Link, ...]
    sources: tuple[str, ...] = field(default=())

    @property
    def direction(self) -> Direction:
        """Writing direction of the language."""
        return direction(self.language)

    def plain(self, word: str) -> str:
        """A fixed sentence without markup, as for the file's own title."""
        return "".join(run.text for run in self.words[word])
