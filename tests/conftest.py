"""Fixtures of all tests: a fresh database of each kind, the content, a conversation."""

import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from content.answers import Library
from content.questions import Indexes, index_path, index_questions, read_index, write_index
from rahnuma.settings import VAR
from store.database import Database
from store.keys import Keys
from tests.support.nlu import ScriptedNlu
from tests.support.talk import Talk

# How long an example takes depends on the machine; time is measured by `make bench`, not here.
hypothesis.settings.register_profile("rahnuma", deadline=None)
hypothesis.settings.load_profile("rahnuma")

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
SECRET = "a secret that is only used in tests, 40 characters"


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def library() -> Library:
    """The project's own content."""
    return Library.load()


@pytest.fixture(scope="session")
def questions() -> Indexes:
    """What people ask, by language; made once, as the service does, and read from then on."""
    path = index_path(VAR)
    if not path.exists():
        write_index(path, index_questions())
    return read_index(path)


@pytest.fixture
def keys() -> Keys:
    """Keys of a test installation."""
    return Keys(SECRET)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh, migrated SQLite database."""
    opened = Database(f"sqlite:///{tmp_path / 'test.db'}")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh, migrated database of each kind; PostgreSQL is skipped where none runs."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'test.db'}")
        await opened.open()
        yield opened
        await opened.close()
        return
    try:
        admin = await asyncpg.connect(POSTGRES, timeout=3)
    except (OSError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL at 127.0.0.1:5432 ({type(error).__name__})")
    name = f"rahnuma_test_{uuid.uuid4().hex}"
    await admin.execute(f'CREATE DATABASE "{name}"')
    opened = Database(POSTGRES.rsplit("/", 1)[0] + f"/{name}")
    await opened.open()
    yield opened
    await opened.close()
    await admin.execute(f'DROP DATABASE "{name}"')
    await admin.close()


@pytest.fixture
def nlu() -> Iterator[ScriptedNlu]:
    """An NLU server over HTTP's own types whose readings a test sets."""
    yield ScriptedNlu()


@pytest.fixture
async def desk(database: Database, library: Library, keys: Keys, nlu: ScriptedNlu):
    """A desk with the project's content and a scripted NLU."""
    client = NluClient("http://nlu.test", transport=nlu.transport)
    yield Desk(database, library, keys, client, LocalLocks(), operator="The test team")
    await client.close()


@pytest.fixture
async def talk(desk: Desk) -> Talk:
    """A person who has been greeted in English."""
    person = Talk(desk, "person-1")
    await person.presses("start", language="en")
    return person


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; its tests are skipped where none is installed."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (Debian and Ubuntu: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
