"""``rahnuma content check`` and ``stamp`` at the terminal: output, JSON and exit codes."""

import json
import shutil
from pathlib import Path

import pytest

from content.check import CONTENT, KINDS
from content.stamp import stamp
from rahnuma import cli, content_commands
from tests.rahnuma.test_command_line import rahnuma

SOON, LATER = "2027-05-20", "2027-05-23"  # before and after the last day of most texts


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole copy of the repository's content, without the catalogues."""
    folder = tmp_path_factory.mktemp("copy") / "content"
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@pytest.fixture
def check(copy, capsys, monkeypatch):
    """Runs the command in this process on the copy: exit code and what it printed."""
    monkeypatch.setattr(cli.log, "configure", lambda: None)

    def run(*arguments: str) -> tuple[int, str]:
        code = cli.main(["content", "check", str(copy), *arguments])
        return code, capsys.readouterr().out

    return run


def test_a_clean_folder_has_no_findings(check):
    assert check("--today", "2026-12-01") == (0, "0 findings\n")
    assert check("--today", "2026-12-01", "--strict", "--json") == (0, "[]\n")


def test_what_only_time_brings_is_told_and_is_no_error_but_with_strict(check):
    code, out = check("--today", LATER)
    assert code == 0 and "expired on 2027-05-22" in out
    last = out.splitlines()[-1]
    assert "0 errors" in last and last.endswith("318 texts have expired")
    assert check("--today", LATER, "--strict")[0] == 1
    assert "expires in 2 days" in check("--today", SOON)[1]


def test_findings_as_json_name_kind_level_file_and_line(check, copy):
    path = copy / "fa" / "food.md"
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept + "\nك\n", encoding="utf-8")
    try:
        code, out = check("--today", "2026-12-01", "--json")
    finally:
        path.write_text(kept, encoding="utf-8")
    assert code == 1
    (found,) = json.loads(out)
    assert found == {
        "kind": "wrong_letters",
        "level": KINDS["wrong_letters"],
        "path": str(path),
        "line": len(kept.splitlines()) + 2,
        "field": "body",
        "message": "letters of another language's keyboard: ك is Arabic",
    }


def test_a_folder_that_is_none_is_said(tmp_path):
    gone = rahnuma("content", "check", str(tmp_path / "gone"))
    assert gone.returncode == 2 and "no such folder" in gone.stderr
    empty = rahnuma("content", "check", str(tmp_path))
    assert empty.returncode == 1 and "directory.yml: the file: missing" in empty.stderr
    day = rahnuma("content", "check", "--today", "tomorrow")
    assert day.returncode == 2 and "is no day like" in day.stderr


def test_stamp_names_what_it_changed(copy, capsys, monkeypatch):
    monkeypatch.setattr(cli.log, "configure", lambda: None)
    monkeypatch.setattr(
        content_commands, "stamp", lambda languages, intents: stamp(copy, languages, intents)
    )
    path = copy / "ur" / "food.md"
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept.replace('made_from: "', 'made_from: "0'), encoding="utf-8")
    assert cli.main(["content", "stamp", "--language", "ur", "food"]) == 0
    assert capsys.readouterr().out == "stamped: ur/food.md\n1 translations stamped\n"
    assert path.read_text(encoding="utf-8") == kept
    assert cli.main(["content", "stamp", "--language", "fa", "nothing"]) == 1
    assert "no such English text" in capsys.readouterr().err
