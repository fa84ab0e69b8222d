"""Feedback from Telegram and the web chat in each language: it reaches the officer, the answer
comes back by code on another device, and the database and its backup lead from it to nobody."""

import datetime as dt
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.languages import LANGUAGES
from store.keys import Keys
from tests.conftest import free_port
from tests.support.console import add_account, chat, give_feedback, hidden, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import SECRET_KEY, Running
from tests.support.telegram_server import TOKEN, TelegramServer

WORDS = {
    "ar": "الدش خربان من أسبوع",
    "fa": "یک هفته است که دوش خراب است",
    "ps": "یوه اوونۍ کېږي چې شاور خراب دی",
    "ur": "ایک ہفتے سے شاور خراب ہے",
    "fr": "la douche est cassée depuis une semaine",
    "en": "the shower has been broken for a week",
}
FIRST_USER = 6_112_233_440
#: What a person would lose by, and writes all the same.
PHONE, HANDLE = "+387 61 987 654", "@somebody_of_mine"


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory, telegram) -> Iterator[Running]:
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("traces"), free_port(), nlu.url, **settings) as running,
    ):
        add_account(running, "aap", "aap")
        yield running


def _by_telegram(telegram: TelegramServer, user: int, language: str, text: str) -> str:
    telegram.ask(user, "/start", language)
    telegram.tap(user, f"lang:{language}")
    telegram.ask(user, "/feedback")
    telegram.tap(user, "fb:type:complaint")
    telegram.tap(user, "fb:area:hygiene")
    telegram.ask(user, text)
    done = telegram.tap(user, "fb:send")
    return re.search(r"\d{3}-\d{3}-\d{3}", done[-1]["_text"])[0]


def _seen_within(service: Running, words: str, seconds: float) -> str:
    """The page of the item with some words, as soon as the officer's list shows it."""
    until = time.monotonic() + seconds
    with signed_in(service, "aap") as client:
        while True:
            page = client.get("/console/feedback").text
            item = re.search(rf'<a href="([^"]+)"[^>]*class="excerpt">{words}', page)
            if item:
                return client.get(item[1]).text
            assert time.monotonic() < until, "the officer does not see it"
            time.sleep(0.1)


def _answer(service: Running, page: str, reply: str) -> None:
    address = re.search(r'action="(/console/feedback/\w+)" class="box"', page)[1]
    with signed_in(service, "aap") as client:
        form = {name: hidden(client.get(address).text, name) for name in ("csrf", "version")}
        done = client.post(address, data={**form, "status": "answered", "reply": reply})
        assert done.status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_feedback_by_telegram_is_answered_and_read_on_the_web(service, telegram, language):
    user = FIRST_USER + list(LANGUAGES).index(language)
    words = f"{WORDS[language]} telegram"
    code = _by_telegram(telegram, user, language, f"{words} {PHONE} {HANDLE}")
    page = _seen_within(service, words, 2)
    assert "suggested: confirm or correct it" in page
    assert "987 654" not in page and "somebody_of_mine" not in page
    reply = f"reply to {language}"
    _answer(service, page, reply)
    chat(service, f"web of {language}", choice=f"lang:{language}")
    chat(service, f"web of {language}", choice="fb:code")
    [read] = chat(service, f"web of {language}", text=code)
    assert reply in read["text"]
    assert telegram.problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_feedback_on_the_web_is_answered_and_read_on_telegram(service, telegram, language):
    words = f"{WORDS[language]} web"
    code = give_feedback(service, f"giver of {language}", f"{words} {PHONE}", language=language,
                         area="hygiene")  # fmt: skip
    page = _seen_within(service, words, 2)
    assert "suggested: confirm or correct it" in page and "987 654" not in page
    reply = f"another reply to {language}"
    _answer(service, page, reply)
    user = FIRST_USER + 100 + list(LANGUAGES).index(language)
    telegram.ask(user, "/start", language)
    assert reply in telegram.ask(user, code)[-1]["_text"]
    assert telegram.problems == []


def _bytes_of(user: int) -> list[bytes]:
    """A user's number as text, and as both databases would store a whole number."""
    return [str(user).encode(), user.to_bytes(8), user.to_bytes(6)]


def test_the_database_and_its_backup_lead_from_feedback_to_nobody(service, telegram, tmp_path):
    user, session = FIRST_USER + 200, "a session on the web that is nobody's"
    begun = dt.datetime.now(dt.UTC)
    code = _by_telegram(telegram, user, "en", f"traces on telegram {PHONE} {HANDLE}")
    other = give_feedback(service, session, f"traces on the web {PHONE} {HANDLE}")
    backup = tmp_path / "backup.db"
    with sqlite3.connect(service.database) as database, sqlite3.connect(backup) as copy:
        database.backup(copy)
        rows = database.execute("SELECT * FROM feedback WHERE text LIKE 'traces on%'").fetchall()
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
    database.close()
    copy.close()
    assert len(rows) == 2 and "feedback" in tables
    keys = Keys(SECRET_KEY)
    people = keys.pseudonym("telegram", str(user)), keys.pseudonym("web", session)
    # no id, hash or address of a person; no time finer than the day
    for row in rows:
        for value in row:
            text = str(value)
            assert not any(person in text or text in person for person in people if len(text) > 8)
            assert not re.search(r"\d\d:\d\d", text)
            assert code.replace("-", "") not in text and other.replace("-", "") not in text
    # nor anywhere else in the files: what was written, who wrote it, the codes
    files = [backup, *Path(service.database).parent.glob("service.*")]
    assert len(files) >= 3  # the backup, the database and the log
    for file in files:
        content = file.read_bytes()
        for secret in (
            *_bytes_of(user),
            session.encode(),
            b"987 654",
            b"somebody_of_mine",
            code.encode(),
            code.replace("-", "").encode(),
            other.replace("-", "").encode(),
        ):
            assert secret not in content, (file.name, secret)
        if file.suffix == ".log":
            assert b"traces on" not in content
    # what is kept of people says no more than the day on which they were seen
    with sqlite3.connect(backup) as copy:
        for (seen_on,) in copy.execute("SELECT seen_on FROM people"):
            assert dt.date.fromisoformat(seen_on) >= begun.date()
        # and the order in which feedback lies is not that in which it came
        assert (
            "WITHOUT ROWID"
            in copy.execute("SELECT sql FROM sqlite_master WHERE name = 'feedback'")
            .fetchone()[0]
            .upper()
        )
    copy.close()
