"""Booklets of the project's own content, with an address of the chat."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from actions.booklet import PARTS
from booklet.contents import Places, gather
from booklet.document import Document
from booklet.shelf import Booklets
from content.answers import Library, read_answers
from content.directory import DIRECTORY

PLACES = Places("rahnuma_bot", "https://rahnuma.example.org")
TODAY = dt.date(2026, 12, 1)


def document_of(library: Library, language: str, **more) -> Document:
    """What the booklet in a language holds."""
    given = {"operator": "The test team", "places": PLACES, "today": TODAY} | more
    return gather(library, language, PARTS, **given)


@pytest.fixture
def facts() -> dict:
    """The directory's data, which a test may change."""
    with Path(DIRECTORY).open(encoding="utf-8") as file:
        return yaml.safe_load(file)


@pytest.fixture
def own_library() -> Library:
    """The project's content in a library that a test may change."""
    return Library.load()


@pytest.fixture
def booklets(own_library: Library) -> Booklets:
    """Booklets of that library."""
    return Booklets(own_library, PARTS, operator="The test team", places=lambda: PLACES)


@pytest.fixture(scope="session")
def answers() -> dict:
    """All answers as they are written."""
    return read_answers()
