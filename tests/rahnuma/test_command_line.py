"""The command, the settings and the start, as an operator meets them."""

import contextlib
import io
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import httpx
import pytest

from rahnuma import launch
from rahnuma.progress import Progress
from rahnuma.settings import Settings
from tests.conftest import free_port
from tests.support.console import csrf
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
            form = {"csrf": csrf(page.text), "password": "three blue herons"}
            page = client.post("/console/password", data=form)
            assert page.url.path == "/console/second-factor" and "authenticator app" in said
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
        made = service.command("users", "add", "zoe", "--role", "aap", "--centre", "lipa",
                               "--password-stdin", stdin="a long password\n")  # fmt: skip
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
        assert check.returncode == 0 and "error" not in check.stdout.replace("0 errors", "")


def test_accounts_are_listed_reset_and_switched_off_by_command(tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    typed = {"stdin": "a long password\n", **database}
    for name, role, more in (("root", "admin", ()), ("zoe", "aap", ("--centre", "lipa"))):
        arguments = ("users", "add", name, "--role", role, *more, "--password-stdin")
        assert rahnuma(*arguments, **typed).returncode == 0
    listed = rahnuma("users", "list", **database).stdout.splitlines()
    assert listed == [
        "root  admin, no centre, no second factor, active, last sign-in never",
        "zoe   aap, lipa, no second factor, active, last sign-in never",
    ]
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("UPDATE staff SET totp = 'x', failed = 3, epoch = 7")
    for name, stdin, says in (("zoe", "short", "12 characters"), ("who", "x" * 20, "no account")):
        done = rahnuma("users", "reset", name, "--password-stdin", stdin=stdin, **database)
        assert done.returncode == 1 and says in done.stderr
    stdin = "another long one\n"
    done = rahnuma("users", "reset", "zoe", "--password-stdin", stdin=stdin, **database)
    assert done.returncode == 0 and "no second factor" in done.stdout
    assert "switched off" in rahnuma("users", "off", "zoe", **database).stdout
    last = rahnuma("users", "off", "root", **database)
    assert last.returncode == 1 and "last active admin" in last.stderr
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        row = "SELECT active, must_change, totp, failed, epoch > 7 FROM staff WHERE name = 'zoe'"
        assert connection.execute(row).fetchone() == (0, 1, None, 0, 1)
        log = "SELECT action FROM audit WHERE staff = 'command line' AND thing = 'zoe' ORDER BY id"
        assert [action for (action,) in connection.execute(log)] == [
            "add account",
            "reset password",
            "reset second factor",
            "switch off account",
        ]


def test_an_export_by_command_is_a_whole_file_or_none_and_shows_how_far_it_is(tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    out = tmp_path / "export.csv"
    done = rahnuma("feedback", "export", "--format", "csv", "--out", str(out), **database)
    assert done.returncode == 0 and f"0 rows written to {out}" in done.stdout
    assert done.stderr == "" and out.read_text().strip().split(",")[0] == "week"
    assert [path.name for path in tmp_path.glob("*.part")] == []
    nowhere = tmp_path / "no such folder" / "x.csv"
    done = rahnuma("feedback", "export", "--format", "csv", "--out", str(nowhere), **database)
    assert done.returncode == 1 and "no such folder" in done.stderr


def test_a_monthly_report_by_command_is_written_and_noted(tmp_path):
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "OPERATOR": "Žene za žene"}
    for name, begins in (("r.pdf", b"%PDF-"), ("r.html", b"<!doctype html>")):
        arguments = ("feedback", "report", "--month", "2025-03", "--out", str(tmp_path / name))
        done = rahnuma(*arguments, **database)
        assert done.returncode == 0 and "Feedback in March 2025" in done.stdout, done.stderr
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert "Žene za žene" in (tmp_path / "r.html").read_text(encoding="utf-8")
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        noted = connection.execute("SELECT staff, action, thing FROM audit").fetchall()
    assert noted == [("command line", "monthly report", f"2025-03 {f}") for f in ("pdf", "html")]
    for month, name, says in (("2025-3", "r.pdf", "2025-03"), ("2999-01", "r.pdf", "not begun"),
                              ("2025-03", "r.doc", ".pdf")):  # fmt: skip
        done = rahnuma("feedback", "report", "--month", month, "--out", str(tmp_path / name),
                       **database)  # fmt: skip
        assert done.returncode == 1 and says in done.stderr


def test_progress_is_drawn_on_a_terminal_and_nowhere_else():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, is_drawn in ((Terminal(), True), (io.StringIO(), False)):
        with Progress("items", stream) as progress:
            for done in range(0, 2001, 5):
                progress(done, 2000)
        said = stream.getvalue()
        assert ("100 %  2,000 of 2,000 items" in said) == is_drawn
        assert said.count("\r") == (101 if is_drawn else 0), "once for each per cent"


def test_the_settings_table_of_the_readme_is_complete():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in readme, name


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("serve", "content check", "content stamp", "users add", "users list",
                    "users reset", "users off", "feedback export",
                    "feedback report", "unclear export",
                    "retention run",
                    "erase --channel"):  # fmt: skip
        assert f"rahnuma {command}" in readme, command
