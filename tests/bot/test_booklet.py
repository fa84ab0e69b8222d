"""The booklet in the chat: offered under About, given as a file on Telegram and on the web."""

import asyncio
import contextlib

import httpx
import pytest

from actions.booklet import PARTS
from booklet.contents import Places
from booklet.shelf import Booklets
from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from bot.telegram.front_end import TelegramFrontEnd, make_bot
from bot.telegram.intake import poll
from content.media import Shelf
from tests.conftest import free_port
from tests.support.console import chat
from tests.support.nlu_server import NluServer
from tests.support.running import Running
from tests.support.talk import Talk
from tests.support.telegram_server import TOKEN, TelegramServer

USER = 7_345_600_901


@pytest.fixture
def booklets(library) -> Booklets:
    return Booklets(library, PARTS, operator="The test team", places=Places)


@pytest.fixture
async def desk(database, library, keys, nlu, booklets):
    """A desk that has booklets."""
    client = NluClient("http://nlu.test", transport=nlu.transport)
    shelf = Shelf()
    shelf.add("booklet", booklets.source)
    yield Desk(
        database,
        library,
        keys,
        client,
        LocalLocks(),
        operator="The test team",
        shelf=shelf,
        booklets=booklets,
    )
    await client.close()


async def test_it_is_offered_under_about_in_both_forms(talk):
    [about] = await talk.presses("topic:about")
    assert "book" in [choice.value for choice in about.choices]
    [offer] = await talk.presses("book")
    assert [c.value for c in offer.choices] == ["book:pdf", "book:html", "menu"]
    assert offer.media == []


async def test_it_comes_in_the_persons_language(desk):
    person = Talk(desk, "person-2")
    await person.presses("start", language="ur")
    [reply] = await person.presses("book:html")
    [file] = reply.media
    assert (file.id, file.kind) == ("booklet.ur.html", "document")
    assert (await desk.shelf.open(file.id)).data.startswith(b'<!doctype html>\n<html lang="ur"')


async def test_sizes_are_said_once_they_are_known(talk, booklets):
    before = (await talk.presses("book"))[0].choices
    assert "KB" not in before[0].label
    await booklets.make("en", "pdf")
    after = (await talk.presses("book"))[0].choices
    assert f"({booklets.kilobytes('en', 'pdf')} KB)" in after[0].label
    assert "KB" not in after[1].label


@pytest.mark.parametrize("value", ["book:exe", "book:../x", "/booklet"])
async def test_anything_else_shows_the_two_forms(talk, value):
    replies = await (talk.says(value) if value.startswith("/") else talk.presses(value))
    assert [c.value for c in replies[0].choices][:2] == ["book:pdf", "book:html"]


async def test_telegram_gets_the_document_and_names_it_the_second_time(desk):
    with TelegramServer(free_port()) as telegram:
        front_end = TelegramFrontEnd(make_bot(TOKEN, telegram.url), desk)
        await front_end.open()
        task = asyncio.create_task(poll(front_end))
        try:
            for text in ("/start", "/booklet"):
                update = telegram.send(USER, text=text, language="fa")
                await asyncio.to_thread(telegram.settle, update)
            before = len(telegram.messages[USER])
            for _time in range(2):
                await asyncio.to_thread(telegram.tap, USER, "book:pdf")
            # twice a text and a file
            await asyncio.to_thread(telegram.wait, USER, before + 4)
            sent = [m["document"] for m in telegram.messages[USER] if "document" in m]
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await front_end.close()
    assert telegram.problems == []
    assert [one["file_name"] for one in sent] == ["rahnuma-fa.pdf"] * 2
    [(name, data)] = telegram.uploads.values()
    assert name == "rahnuma-fa.pdf" and data.startswith(b"%PDF-")


def test_the_web_chat_links_to_a_file_that_is_kept_and_not_opened_at_our_address(tmp_path):
    with (
        NluServer(free_port()) as nlu,
        Running(
            tmp_path, free_port(), nlu.url, PUBLIC_URL="https://rahnuma.example.org/"
        ) as service,
    ):
        chat(service, "web-1", choice="start", language="ar")
        [reply] = chat(service, "web-1", choice="book:html")
        [media] = reply["media"]
        assert media["url"] == "/chat/media/booklet.ar.html"
        answer = httpx.get(service.url + media["url"], timeout=30)
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert "https://rahnuma.example.org/" in answer.text
        again = httpx.get(
            service.url + media["url"], headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        pdf = httpx.get(service.url + "/chat/media/booklet.ar.pdf", timeout=30)
        assert pdf.headers["content-disposition"].startswith("inline; ")
        assert httpx.get(service.url + "/chat/media/booklet.de.pdf").status_code == 404
