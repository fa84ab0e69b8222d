"""Alerts to supervisors: a real mail server, the strict Bot API server, both databases."""

import asyncio
import datetime as dt
import re

import pytest
from aiosmtpd.controller import Controller

from rahnuma.alerts import by_email
from rahnuma.settings import Settings
from rahnuma.target_alerts import TARGETS_SUBJECT, alert_missed
from store.case_tables import TargetRow
from store.cases.opening import add_case
from store.database import Database
from store.presence import touch
from store.staff import add_staff
from store.supervision.targets import set_targets
from store.tables import now
from tests.conftest import free_port
from tests.support.mailbox import Mailbox
from tests.support.nlu_server import NluServer
from tests.support.running import Running
from tests.support.telegram_server import TOKEN, TelegramServer

SECRET_WORDS, SECRET_NAME = "words that must not be in an alert", "Gulalai"


@pytest.fixture
def mail():
    """A mail server and its mailbox."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield server, box
    server.stop()


def sender(server: Controller):
    settings = Settings(_env_file=None, alert_smtp_url=f"smtp://{server.hostname}:{server.port}")
    return by_email(settings, "boss@example.org", TARGETS_SUBJECT)


async def opened(database, keys, pseudonym, minutes, **more) -> str:
    more = {"language": "ps", "centre": "lipa", "danger": False} | more
    async with database.transaction() as session:
        case = await add_case(
            session, keys, pseudonym=pseudonym, text=SECRET_WORDS, name=SECRET_NAME, **more
        )
        case.opened_at = case.waiting_since = now() - dt.timedelta(minutes=minutes)
    return case.id


async def test_a_missed_target_is_told_of_once_with_its_number_and_nothing_of_a_person(
    each_database, keys, mail
):
    server, box = mail
    assert await alert_missed(each_database, [sender(server)]) == 0
    case_id = await opened(each_database, keys, "p" * 64, 11)
    await opened(each_database, keys, "q" * 64, 12)
    assert await alert_missed(each_database, [sender(server)]) == 1
    assert await alert_missed(each_database, [sender(server)]) == 0
    [letter] = box.letters
    assert f"Subject: {TARGETS_SUBJECT}" in letter and "To: boss@example.org" in letter
    said = " ".join(letter.split())
    assert "2 cases are in the queue for longer than 10 minutes." in said
    for secret in (SECRET_WORDS, SECRET_NAME, case_id, "ppp", "Pashto", "lipa", "Lipa"):
        assert secret not in letter


async def test_a_danger_is_told_of_at_once_and_also_that_nobody_speaks_the_language(
    each_database, keys, mail
):
    server, box = mail
    async with each_database.transaction() as session:
        (await add_staff(session, "ana", "counsellor", "correct horse battery")).languages = ["fa"]
        await set_targets(session, {"danger_wait": 1})
    async with each_database.transaction() as session:
        await touch(session, ["ana"])
    await opened(each_database, keys, "p", 0, danger=True)
    assert await alert_missed(each_database, [sender(server)]) == 1
    await opened(each_database, keys, "q", 2, danger=True, language="fa")
    assert await alert_missed(each_database, [sender(server)]) == 1
    first, second = (" ".join(letter.split()) for letter in box.letters)
    assert "1 case is in danger while nobody is there who speaks the language." in first
    assert "1 case is in danger without an answer for longer than 1 minute." in second


async def test_an_alert_that_could_not_be_sent_is_tried_again_at_the_next_look(
    each_database, keys, mail
):
    server, box = mail
    await opened(each_database, keys, "p", 11)

    async def broken(_line):
        raise OSError("no network")

    assert await alert_missed(each_database, [broken]) == 0
    assert await alert_missed(each_database, [broken, sender(server)]) == 1
    assert len(box.letters) == 1
    async with each_database.transaction() as session:
        assert (await session.get(TargetRow, "waiting")).alerted_at > now() - dt.timedelta(hours=1)


@pytest.mark.parametrize("wrong", ["nobody", "a b@example.org"])
def test_a_wrong_address_of_the_supervisor_stops_the_start(wrong):
    with pytest.raises(ValueError, match="e-mail"):
        Settings(_env_file=None, supervisor_email=wrong)


def test_the_service_tells_a_telegram_chat_of_supervisors(tmp_path, keys):
    chat = 778
    with (
        TelegramServer(free_port()) as telegram,
        NluServer(free_port()) as nlu,
        Running(
            tmp_path,
            free_port(),
            nlu.url,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            SUPERVISOR_TELEGRAM_CHAT=str(chat),
        ) as service,
    ):
        asyncio.run(_in_danger(f"sqlite:///{service.database}", keys))
        [alert] = telegram.wait(chat, 1, seconds=60)
        assert re.match(r"1 case is in danger while nobody is there", alert["_text"])
        assert SECRET_WORDS not in alert["_text"]
    assert telegram.problems == []


async def _in_danger(url, keys) -> None:
    database = Database(url)
    await opened(database, keys, "p", 0, danger=True)
    await database.close()
