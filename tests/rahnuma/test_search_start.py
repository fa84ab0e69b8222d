"""What the service does at its start so that the search knows what people ask."""

import os
from pathlib import Path

import pytest

from content.answers import Library, read_answers
from content.directory import Directory
from content.languages import LANGUAGES
from content.questions import index_path, write_index
from rahnuma.search_start import learn_questions

#: A question whose words stand in no answer.
ASKED = "snani bywaj3ouni bdi doctor"


@pytest.fixture
def plain() -> Library:
    """The project's content, not yet with what people ask."""
    return Library(read_answers(), Directory.load())


async def test_a_kept_index_is_read_and_used(plain, questions, tmp_path: Path):
    write_index(index_path(tmp_path), questions)
    await learn_questions(plain, tmp_path)
    assert "medical_care" in plain.finder.of("ar").find(ASKED)
    assert all(plain.finder.questions(code) for code in LANGUAGES)


async def test_a_missing_index_is_made_in_another_process(plain, questions, tmp_path: Path):
    older = tmp_path / "questions-older.bin"
    older.write_bytes(b"of other questions")
    await learn_questions(plain, tmp_path)
    assert plain.finder.questions("ar") == questions["ar"]
    assert os.listdir(tmp_path) == [index_path(tmp_path).name]


async def test_a_broken_index_leaves_the_plain_search(plain, tmp_path: Path):
    index_path(tmp_path).write_bytes(b"broken")
    await learn_questions(plain, tmp_path)
    assert plain.finder.questions("ar") is None
    title = plain.title("food", "ar")
    assert "food" in plain.finder.of("ar").find(title)


async def test_where_nothing_can_be_kept_the_plain_search_goes_on(plain, tmp_path: Path):
    (tmp_path / "file").write_text("")
    await learn_questions(plain, tmp_path / "file" / "folder")
    assert plain.finder.questions("en") is None
    assert plain.finder.of("en").find("lawyer")
