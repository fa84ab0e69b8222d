"""A corrected number reaches people in six languages within seconds, on both replicas."""

import asyncio
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg
import httpx
import pytest

from content.languages import LANGUAGES
from store.database import Database
from store.staff import add_staff
from tests.conftest import POSTGRES, free_port
from tests.support.console import PASSWORD, code_now, give_code, give_password, know_second_factor
from tests.support.directory import Desk
from tests.support.nlu_server import NluServer
from tests.support.running import Running
from tests.support.telegram_server import TOKEN, TelegramServer

pytestmark = pytest.mark.e2e
OLD, NEW = "+387 33 955 200", "+387 33 000 111"
#: Seconds within which everybody must read what was published.
PROMISED = 5.0


@dataclass
class Replica:
    """A process of the service with the Telegram that it talks to."""

    running: Running
    telegram: TelegramServer
    people: dict[str, int]  # one for each language

    def reads(self, language: str) -> str:
        """What a person gets who asks, by button, about going home."""
        replies = self.telegram.tap(self.people[language], "ask:avrr_info")
        return " ".join(message["_text"] for message in replies)

    def until_all_read(self, number: str, begun: float) -> float:
        """Ask again until the answer in each language has a number; seconds since ``begun``.

        Whoever asks later than promised must read it, however long the machine takes to answer.
        """
        left = set(LANGUAGES)
        while left:
            for code in sorted(left):
                asked = time.monotonic() - begun
                if number in self.reads(code):
                    left.remove(code)
                else:
                    assert asked < PROMISED, (number, code)
        return time.monotonic() - begun


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run in a thread, since this one may have an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work()).result()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a fresh PostgreSQL database with two editors."""
    name = f"rahnuma_test_{uuid.uuid4().hex}"
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"

    async def make() -> None:
        admin = await asyncpg.connect(POSTGRES, timeout=3)
        await admin.execute(f'CREATE DATABASE "{name}"')
        await admin.close()
        opened = Database(url)
        await opened.open()
        async with opened.transaction() as session:
            for editor in ("sara", "emir"):
                know_second_factor(await add_staff(session, editor, "editor", PASSWORD))
        await opened.close()

    async def drop() -> None:
        admin = await asyncpg.connect(POSTGRES, timeout=3)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()

    try:
        run(make)
    except (OSError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL at 127.0.0.1:5432 ({type(error).__name__})")
    yield url
    run(drop)


@pytest.fixture(scope="module")
def replicas(tmp_path_factory, database) -> Iterator[list[Replica]]:
    """Two processes on one database, and on each a person of each language."""
    with (
        NluServer(free_port()) as nlu,
        one(tmp_path_factory, database, nlu, 1) as first,
        one(tmp_path_factory, database, nlu, 2) as second,
    ):
        yield [first, second]


@contextmanager
def one(tmp_path_factory, database: str, nlu: NluServer, which: int) -> Iterator[Replica]:
    # updates and people of their own: what one replica has answered, the other doesn't again
    people = {code: 7_345_910_000 + 100 * which + n for n, code in enumerate(LANGUAGES)}
    with TelegramServer(free_port(), first_update=10_000 * which) as telegram:
        settings = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "DATABASE_URL": database,
        }
        folder = tmp_path_factory.mktemp("replica")
        with Running(folder, free_port(), nlu.url, **settings) as running:
            for code, who in people.items():
                telegram.settle(telegram.send(who, text="/start", language=code))
                for button in (f"lang:{code}", "menu", "topic:avrr"):
                    telegram.tap(who, button)
            yield Replica(running, telegram, people)


@contextmanager
def editor(replica: Replica, name: str, path: str = "organisations.iom.phone") -> Iterator[Desk]:
    """An editor at the console of a replica."""
    with httpx.Client(base_url=replica.running.url, follow_redirects=True) as client:
        page = give_password(client, name)
        assert give_code(client, page.text, code_now()).url.path == "/console/"
        yield Desk(client, path)


def test_a_new_number_is_read_within_five_seconds_everywhere(replicas):
    first, second = replicas
    for replica in replicas:
        for code in LANGUAGES:
            assert OLD in replica.reads(code)
    with editor(first, "sara") as sara, editor(second, "emir") as emir:
        sara.write_and_ask(NEW)
        assert OLD in second.reads("fa")
        assert "Waits for a second person" in emir.see()
        begun = time.monotonic()
        assert emir.publish().status_code == 200
        seconds = [replica.until_all_read(NEW, begun) for replica in (second, first)]
        print("published: own replica {:.1f} s, other {:.1f} s".format(*seconds))
        for desk in (sara, emir):
            page = desk.see()
            assert "published over the file (emir)" in page and f"published: <bdi>{NEW}" in page
        begun = time.monotonic()
        assert sara.step("undo", why="nobody answers there").status_code == 200
        seconds = [replica.until_all_read(OLD, begun) for replica in (first, second)]
        print("taken back: own replica {:.1f} s, other {:.1f} s".format(*seconds))
        for desk in (sara, emir):
            page = desk.see()
            assert "as in the file" in page and f"withdrawn: <bdi>{NEW}" in page
        path = "numbers.ambulance"
        Desk(sara.client, path).write_and_ask("1240")
        assert Desk(emir.client, path).publish().status_code == 200
        for replica in replicas:
            described(replica.telegram, "1240")
        assert Desk(emir.client, path).step("undo", why="a test").status_code == 200
    for replica in replicas:
        described(replica.telegram, "124")
        assert replica.telegram.problems == []


def described(telegram: TelegramServer, ambulance: str) -> None:
    """Wait until the bot's description names a number in all languages."""
    until = time.monotonic() + 20
    while not all(re.search(rf"\b{ambulance}\b", text) for text in telegram.descriptions.values()):
        assert time.monotonic() < until, telegram.descriptions
        time.sleep(0.1)
