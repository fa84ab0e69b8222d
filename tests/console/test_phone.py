"""Linking a phone on the console's page, with the whole service and the strict Bot API server."""

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from store.cases.opening import add_case
from store.database import Database
from store.keys import Keys
from store.people import Person, keep_address
from tests.conftest import free_port
from tests.support.console import add_account, csrf, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import SECRET_KEY, Running
from tests.support.telegram_server import TOKEN, TelegramServer

GROUP, MIRA = -1001, 8001


@pytest.fixture(scope="module")
def telegram():
    with TelegramServer(free_port()) as server:
        server.topics[GROUP] = {}
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory, telegram):
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "STAFF_GROUP": str(GROUP),
    }
    folder = tmp_path_factory.mktemp("phone")
    with (
        NluServer(free_port()) as nlu,
        Running(folder, free_port(), nlu.url, **settings) as running,
    ):
        add_account(running, "mira", "counsellor")
        yield running


def add_case_of(service: Running, channel: str, user: str, text: str) -> None:
    """A person begins to wait; straight in the database, since how they ask has its own tests."""
    keys = Keys(SECRET_KEY)
    person = Person(keys.pseudonym(channel, user), channel)

    async def add() -> None:
        database = Database(f"sqlite:///{service.database}")
        async with database.transaction() as session:
            if channel == "telegram":
                await keep_address(session, keys, person, user, 30)
            more = {"language": "ps", "centre": None, "danger": False, "text": text}
            await add_case(session, keys, pseudonym=person.pseudonym, channel=channel, **more)
        await database.close()

    # in a thread: where a browser runs, this one has an event loop already
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, add()).result()


def new_code(client: httpx.Client) -> str:
    token = csrf(client.get("/console/phone").text)
    answer = client.post("/console/phone/code", data={"csrf": token})
    assert answer.status_code == 200
    return answer.text.split("/link ")[1].split("<")[0]


def test_a_phone_is_linked_and_its_link_ended_on_the_page(service, telegram):
    with signed_in(service, "mira") as client:
        assert "not linked" in client.get("/console/phone").text
        assert client.post("/console/phone/code", data={"csrf": "x"}).status_code == 403
        [answer] = telegram.ask(MIRA, f"/link {new_code(client)}")
        assert "Linked to the account mira" in answer["_text"]
        page = client.get("/console/phone").text
        assert "Your phone is linked" in page
        client.post("/console/phone/unlink", data={"csrf": csrf(page)})
        assert "not linked" in client.get("/console/phone").text
    with sqlite3.connect(service.database) as database:
        lines = [row[0] for row in database.execute("SELECT action FROM audit ORDER BY id")]
    database.close()
    assert lines[-3:] == ["code for a phone", "link phone", "unlink phone"]


def test_a_person_who_waits_is_taken_and_answered_from_the_phone(service, telegram):
    with signed_in(service, "mira") as client:
        telegram.ask(MIRA, f"/link {new_code(client)}")
    person = 777
    telegram.settle(telegram.send(person, text="/start", language="ps"))
    add_case_of(service, "telegram", str(person), "زه وکیل غواړم")
    telegram.wait(GROUP, 1)
    [topic] = telegram.topics[GROUP]
    before = len(telegram.messages[person])
    telegram.settle(telegram.press(MIRA, "g:take", chat=GROUP))
    telegram.wait(GROUP, 2)
    assert "زه وکیل غواړم" in "\n".join(telegram.read_topic(GROUP, topic))
    telegram.settle(telegram.write_in(GROUP, topic, MIRA, "سلام، زه میرا یم"))
    telegram.wait(person, before + 2)  # a notice first: somebody is here
    assert "زه میرا یم" in telegram.messages[person][-1]["_text"]
    telegram.ask(person, "/delete")
    telegram.tap(person, "delete:yes")
    until = time.monotonic() + 10
    while telegram.topics[GROUP] and time.monotonic() < until:
        time.sleep(0.05)
    assert telegram.topics[GROUP] == {}


def test_a_person_of_the_web_chat_is_only_announced(service, telegram):
    before = len(telegram.messages.get(GROUP, []))
    add_case_of(service, "web", "web-1", "پټه خبره")
    telegram.wait(GROUP, before + 1)
    said = telegram.messages[GROUP][-1]["_text"]
    assert "only in the console" in said and "پټه خبره" not in said


def test_nothing_that_people_write_stands_in_the_log(service):
    log = service.log.read_text()
    assert "وکیل" not in log and "777" not in log and str(MIRA) not in log
