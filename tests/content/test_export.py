"""What is published goes back into the files as a patch that Git takes."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.answers import CONTENT, read_answer, read_answers
from content.check import check_content
from content.directory import Directory
from content.export import ExportError, new_files, patch
from content.languages import LANGUAGES
from content.overlay import (
    Published,
    fact_at,
    of_answer,
    of_fact,
    said_by_files,
    to_answer,
    to_fact,
)

UNTIL = dt.date(2027, 6, 1)


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    """A repository with a copy of the content."""
    root = tmp_path_factory.mktemp("repository")
    folder = root / "content"
    folder.mkdir()
    for name in (*LANGUAGES, "pictures"):
        shutil.copytree(CONTENT / name, folder / name)
    for path in CONTENT.glob("*.yml"):
        shutil.copy(path, folder)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    return root


def git(root: Path, *arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, input=stdin, capture_output=True, check=True, text=True
    )
    return done.stdout


def applied(root: Path, published: list[Published]) -> None:
    """Apply the patch of what is published to fresh files."""
    git(root, "checkout", "--quiet", "--", ".")
    git(root, "clean", "--quiet", "--force", "-d")
    text = patch(new_files(published, root / "content"), root / "content")
    git(root, "apply", "--whitespace=nowarn", "-", stdin=text)


def a_fact(path: str, **changes: object) -> Published:
    there = fact_at(Directory.load().data, path)
    return Published("fact", path, "", of_fact(there or {}) | changes)


def an_answer(language: str, intent: str, **changes: object) -> Published:
    body = of_answer(read_answers()[language, intent]) | changes
    return Published("answer", intent, language, body, UNTIL, "emir")


def test_the_patch_gives_files_that_say_what_is_published(repository):
    english = read_answers()["en", "asylum_apply"].body
    published = [
        a_fact("numbers.police", note="asked on the telephone", value="129"),
        a_fact("organisations.iom.phone", value="+387 33 000 111", checked="2026-12-01"),
        a_fact(
            "organisations.unhcr_info_centre.hours",
            **{"value": "9–12", "source": "UNHCR", "source_date": "2026", "checked": "2026-12-01"},
            **{"confidence": "stated", "publish": True},
        ),
        a_fact("desk.hours", week={"mon": ["08:00-12:00"]}, source="s", publish=True),
        an_answer(
            "fa", "food", title='نان: "گرم"', sources=["a: b # c", "d"], related=["legal_aid"]
        ),
        an_answer("en", "asylum_apply", body=english + "\n- One more line."),
        an_answer("ur", "legal_aid", made_from="0123456789ab"),
    ]
    applied(repository, published)
    folder = repository / "content"
    facts = Directory.load(folder / "directory.yml").data
    answers = read_answers(folder)
    for one in published:
        assert said_by_files(one, answers, facts), one.key
    assert answers["fa", "food"].reviewed_by == "emir"
    # that a translation must be compared again is true, and no fault of the patch
    found = [f for f in check_content(folder) if f.kind != "outdated"]
    assert [str(finding) for finding in found] == []
    changed = git(repository, "diff", "--stat", "--", ".").splitlines()
    assert len(changed) == 5
    # once the files say it, there is nothing left to export
    assert new_files(published, folder) == {}


def test_lines_that_say_the_same_are_not_touched(repository):
    applied(repository, [an_answer("fa", "avrr_info"), a_fact("numbers.fire", value="1230")])
    lines = git(repository, "diff", "--unified=0").splitlines()
    changed = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [
        '-    value: "123"',
        '+    value: "1230"',
        "-status: draft",
        "+status: reviewed",
        "-valid_until: 2027-05-22",
        "+valid_until: 2027-06-01",
        "+reviewed_by: emir",
    ]


def test_a_new_answer_is_a_new_file(repository):
    path = repository / "content" / "fr" / "food.md"
    git(repository, "checkout", "--quiet", "--", ".")
    path.unlink()
    git(repository, "add", ".")
    published = an_answer("fr", "food")
    text = patch(new_files([published], repository / "content"), repository / "content")
    assert "new file mode 100644\n--- /dev/null\n+++ b/content/fr/food.md\n" in text
    git(repository, "apply", "-", stdin=text)
    assert said_by_files(published, {("fr", "food"): read_answer(path)}, {})
    git(repository, "add", ".")


def test_a_file_without_a_last_line_end_is_patched_too(repository):
    git(repository, "checkout", "--quiet", "--", ".")
    path = repository / "content" / "en" / "food.md"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    published = an_answer("en", "food", body="Bread.")
    text = patch(new_files([published], repository / "content"), repository / "content")
    assert "\\ No newline at end of file\n" in text
    git(repository, "apply", "-", stdin=text)
    assert read_answer(path) == to_answer(published)


def test_a_fact_for_which_there_is_no_place_is_named():
    with pytest.raises(ExportError, match="organisations.nobody.phone"):
        new_files([a_fact("organisations.nobody.phone", value="1")])


LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=LINES, body=LINES, source=LINES.filter(bool), value=LINES, note=LINES.filter(bool))
def test_whatever_editors_write_comes_back_from_the_files(
    repository, title, body, source, value, note
):
    published = [
        an_answer("ps", "food", title=title, body=body, sources=[source]),
        a_fact("organisations.iom.address", value=value, note=note),
    ]
    applied(repository, published)
    folder = repository / "content"
    facts = Directory.load(folder / "directory.yml").data
    assert fact_at(facts, "organisations.iom.address") == to_fact(published[1].body)
    answers = {("ps", "food"): read_answer(folder / "ps" / "food.md")}
    assert said_by_files(published[0], answers, facts)
