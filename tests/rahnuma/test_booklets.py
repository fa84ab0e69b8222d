"""The commands that write booklets and posters."""

from pathlib import Path

from tests.rahnuma.test_command_line import rahnuma


def settings(folder: Path, **more: str) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder / 'x.db'}", **more}


def test_a_booklet_is_written(tmp_path: Path):
    for name, begins in (("b.pdf", b"%PDF-"), ("b.html", b"<!doctype html>")):
        out = tmp_path / name
        done = rahnuma("booklet", "--language", "ps", "--out", str(out), **settings(tmp_path))
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().startswith(begins)


def test_another_ending_or_folder_is_refused(tmp_path: Path):
    for out in (tmp_path / "b.doc", tmp_path / "no" / "b.pdf"):
        done = rahnuma("booklet", "--language", "fr", "--out", str(out), **settings(tmp_path))
        assert done.returncode == 1
        assert str(out) in done.stderr
        assert "Traceback" not in done.stderr


def test_all_posters_are_written(tmp_path: Path):
    out = tmp_path / "posters"
    with_bot = settings(tmp_path, TELEGRAM_BOT="@rahnuma_bot")
    done = rahnuma("posters", "--out", str(out), **with_bot)
    assert done.returncode == 0, done.stderr
    assert {"rahnuma-poster.pdf", "rahnuma-poster-lipa.pdf"} <= {one.name for one in out.iterdir()}


def test_without_an_address_no_poster_is_written(tmp_path: Path):
    done = rahnuma("posters", "--out", str(tmp_path / "p"), **settings(tmp_path))
    assert done.returncode == 1
    assert "PUBLIC_URL or TELEGRAM_BOT" in done.stderr


def test_wrong_addresses_are_told(tmp_path: Path):
    for name, value in (("PUBLIC_URL", "rahnuma.org"), ("TELEGRAM_BOT", "my bot")):
        done = rahnuma(
            "posters", "--out", str(tmp_path / "p"), **settings(tmp_path, **{name: value})
        )
        assert done.returncode == 1
        assert done.stderr.startswith(f"rahnuma: {name}: ")
