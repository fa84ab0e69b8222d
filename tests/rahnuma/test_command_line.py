"""The command, the settings and the start, as an operator meets them."""

import csv
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from rahnuma import launch
from rahnuma.export import SMALLEST_CELL, export_feedback, suppress
from rahnuma.settings import Settings
from store.feedback import add_feedback
from tests.conftest import free_port
from tests.support.running import ROOT, Running, wait_for

SECRET = "a secret that is only used in tests, 40 characters"


def rahnuma(*arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rahnuma", *arguments],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": SECRET} | settings,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"TELEGRAM_TOKEN": "not a token at all"}, "TELEGRAM_TOKEN"),
        ({"PORT": "eighty"}, "PORT"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"NLU_URL": "localhost:5005"}, "NLU_URL"),
        ({"CONTENT": "some"}, "CONTENT"),
        (
            {"TELEGRAM_TOKEN": "1:abc", "TELEGRAM_WEBHOOK_URL": "https://x.org"},
            "TELEGRAM_WEBHOOK_SECRET",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path, settings, says):
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PORT": str(free_port())} | settings
    done = rahnuma("serve", **settings)
    assert done.returncode == 1
    assert says in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_an_unreadable_env_file_is_one_clear_line(tmp_path, monkeypatch, capsys):
    (tmp_path / ".env").write_bytes(b"\xff\xfe=1\n")
    monkeypatch.setattr("rahnuma.settings.ROOT", tmp_path)
    assert launch.main() == 1
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 1 and ".env can't be read" in lines[0]


def test_a_taken_port_is_one_clear_line(capsys, monkeypatch, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("NLU_URL", f"http://127.0.0.1:{free_port()}")
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
        assert launch.main() == 1
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 1 and "can't be used" in lines[0] and "PORT" in lines[0]


@pytest.mark.e2e
def test_the_launcher_starts_both_prints_where_they_are_and_leaves_no_process(tmp_path):
    port, nlu_port = free_port(), free_port()
    environment = os.environ | {
        "PORT": str(port),
        "NLU_URL": f"http://127.0.0.1:{nlu_port}",
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.db",
        "SECRET_KEY": SECRET,
        "TELEGRAM_TOKEN": "",
    }
    log = tmp_path / "launch.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "rahnuma.launch"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        until = time.monotonic() + 150
        while b"Stop:" not in log.read_bytes() and time.monotonic() < until:
            time.sleep(0.2)
        said = log.read_text()
        assert f"http://127.0.0.1:{port}/console/" in said and "admin / " in said
        assert "the web chat works alone" in said
        wait_for(f"http://127.0.0.1:{port}/readyz", 5)
        password = said.split("admin / ")[1].split()[0]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as client:
            page = client.post("/console/sign-in", data={"name": "admin", "password": password})
            assert page.url.path == "/console/password", "a first password must be changed"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.terminate()
        process.wait(30)
    for gone in (port, nlu_port):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", gone)) != 0


def test_accounts_erasure_retention_and_content_check_by_command(tmp_path):
    with Running(tmp_path, free_port(), f"http://127.0.0.1:{free_port()}") as service:
        made = service.command("users", "add", "zoe", "--role", "aap", "--password-stdin",
                               stdin="a long password\n")  # fmt: skip
        assert made.returncode == 0 and "zoe (aap)" in made.stdout
        weak = service.command("users", "add", "y", "--role", "aap", "--password-stdin",
                               stdin="short\n")  # fmt: skip
        assert weak.returncode == 1 and "12 characters" in weak.stderr
        body = {"session": "s1", "choice": "lang:ur"}
        httpx.post(f"{service.url}/chat/messages", json=body)
        erased = service.command("erase", "--channel", "web", "--user", "s1")
        assert "conversation: 1 erased" in erased.stdout
        assert service.command("retention", "run").returncode == 0
        check = service.command("content", "check")
        assert (check.returncode, check.stdout.strip()) == (0, "0 findings")


async def test_exports_hold_counts_only_and_no_small_cell(database, tmp_path: Path):
    async with database.transaction() as session:
        for i in range(9):
            await add_feedback(
                session,
                language="ar" if i < 7 else "fa",
                channel="web",
                centre="lipa",
                type="complaint",
                category="food",
                text=f"secret words {i}",
                code_hash=str(i),
            )
    for form in ("csv", "hxl", "xlsx"):
        out = tmp_path / f"export.{form}"
        assert await export_feedback(database, form, out, "test") == 1
    rows = list(csv.reader((tmp_path / "export.hxl").read_text().splitlines()))
    assert [len(row) for row in rows] == [6, 6, 6] and rows[1][0].startswith("#date")
    week = (dt.date.today() - dt.timedelta(days=dt.date.today().weekday())).isoformat()
    assert rows[2][:2] == [week, "lipa"] and rows[2][2] == "ar" and rows[2][5] == "7"
    assert "secret" not in (tmp_path / "export.csv").read_text()
    sheet = load_workbook(tmp_path / "export.xlsx").active
    assert sheet.max_row == 2


cells = st.dictionaries(
    st.tuples(*(st.sampled_from(["a", "b", "c"]) for _ in range(5))),
    st.integers(1, 30),
    max_size=20,
)


@settings(deadline=None)
@given(cells)
def test_no_exported_cell_is_small_and_none_can_be_had_by_subtraction(found):
    rows = suppress(Counter(found))
    assert all(row[5] >= SMALLEST_CELL for row in rows)
    shown = sum(row[5] for row in rows)
    assert shown <= sum(found.values())
    keys = [row[:5] for row in rows]
    assert len(keys) == len(set(keys))
    # within a group nothing is shown both whole and in parts
    for key in keys:
        if key[4] == "all":
            assert not any(k != key and k[:4] == key[:4] for k in keys if k[4] != "all")


def test_the_settings_table_of_the_readme_is_complete():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in readme, name


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("serve", "content check", "users add", "feedback export", "unclear export",
                    "retention run",
                    "erase --channel"):  # fmt: skip
        assert f"rahnuma {command}" in readme, command
