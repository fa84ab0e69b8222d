"""The staff's page of posters and booklets."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
import pytest
import zxingcpp

from tests.conftest import free_port
from tests.support.console import add_account, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import Running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(
            tmp_path_factory.mktemp("posters"), free_port(), nlu.url, TELEGRAM_BOT="rahnuma_bot"
        ) as running,
    ):
        add_account(running, "editor", "editor")
        yield running


def test_an_editor_takes_the_poster_of_a_centre(service: Running):
    with signed_in(service, "editor") as client:
        listed = client.get("/console/posters").text
        assert "Poster for <bdi>Lipa</bdi>" in listed
        assert "Lukavica" not in listed
        answer = client.get("/console/posters/lipa.pdf")
        assert (
            answer.headers["content-disposition"]
            == 'attachment; filename="rahnuma-poster-lipa.pdf"'
        )
        assert client.get("/console/posters/nowhere.pdf").status_code == 404
        assert client.get("/console/posters/all.pdf").status_code == 200
    document = pypdfium2.PdfDocument(answer.content)
    [code] = zxingcpp.read_barcodes(document[0].render(scale=1.5).to_pil())
    document.close()
    assert code.text == "https://t.me/rahnuma_bot?start=centre_lipa"
    with closing(sqlite3.connect(service.database)) as database:
        noted = database.execute("SELECT thing FROM audit WHERE action = 'make poster'").fetchall()
    assert noted == [("lipa",), ("all",)]


def test_an_editor_takes_a_booklet(service: Running):
    with signed_in(service, "editor") as client:
        answer = client.get("/console/posters/booklets/ps.pdf", timeout=30)
        assert answer.content.startswith(b"%PDF-")
        assert f"({-(-len(answer.content) // 1024)} KB)" in client.get("/console/posters").text
        assert client.get("/console/posters/booklets/xx.pdf").status_code == 404


def test_without_an_address_the_page_says_what_is_missing(tmp_path):
    with NluServer(free_port()) as nlu, Running(tmp_path, free_port(), nlu.url) as service:
        add_account(service, "admin", "admin")
        with signed_in(service, "admin") as client:
            assert "<code>PUBLIC_URL</code>" in client.get("/console/posters").text
            answer = client.get("/console/posters/lipa.pdf")
    assert answer.status_code == 409
    assert "PUBLIC_URL" in answer.json()["error"]
