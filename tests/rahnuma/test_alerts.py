"""Alerts to the protection desk: a real mail server, the strict Bot API server, both databases."""

import datetime as dt

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update

from rahnuma.alerts import OVERDUE_SUBJECT, alert_waiting, by_email, remind_overdue
from rahnuma.settings import Settings
from store.feedback import add_feedback
from store.inbox import move
from store.reports import add_report, open_report
from store.tables import CountRow, FeedbackRow, ReportRow, today
from tests.conftest import free_port
from tests.support.mailbox import Mailbox
from tests.support.nlu_server import NluServer
from tests.support.running import Running
from tests.support.telegram_server import TOKEN, TelegramServer

SECRET_WORDS = "words that must not be in an alert"


@pytest.fixture
def mail():
    """A mail server and its mailbox."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    yield server, box
    server.stop()


def _settings(server: Controller) -> Settings:
    return Settings(
        _env_file=None,
        alert_smtp_url=f"smtp://{server.hostname}:{server.port}",
    )


def _complaint(code_hash: str) -> dict[str, str]:
    return {
        "language": "en",
        "channel": "web",
        "type": "complaint",
        "category": "staff",
        "text": SECRET_WORDS,
        "code_hash": code_hash,
    }


async def _report(database, keys) -> str:
    async with database.transaction() as session:
        row = await add_report(session, keys, "gbv", "ps", {"text": SECRET_WORDS})
    return row.id


async def test_an_unread_report_is_told_of_once_by_mail_without_a_word_of_it(
    each_database, keys, mail
):
    server, box = mail
    sender = by_email(_settings(server), "desk@example.org")
    assert await alert_waiting(each_database, [sender]) == 0
    await _report(each_database, keys)
    assert await alert_waiting(each_database, [sender]) == 1
    assert await alert_waiting(each_database, [sender]) == 0
    [letter] = box.letters
    assert "To: desk@example.org" in letter and "1 unread" in letter
    for secret in (SECRET_WORDS, "gbv", "Pashto", "پښتو"):
        assert secret not in letter


async def test_sensitive_feedback_is_told_of_and_general_feedback_is_not(each_database, mail):
    server, box = mail
    async with each_database.transaction() as session:
        for number, sensitive in enumerate((True, False)):
            await add_feedback(session, **_complaint(str(number)), sensitive=sensitive)
    assert (
        await alert_waiting(each_database, [by_email(_settings(server), "desk@example.org")]) == 1
    )
    assert SECRET_WORDS not in box.letters[0]


async def test_what_is_unread_on_the_next_day_is_told_of_once_more_and_what_was_read_is_not(
    each_database, keys, mail
):
    server, box = mail
    sender = by_email(_settings(server), "desk@example.org")
    unread, read = await _report(each_database, keys), await _report(each_database, keys)
    await alert_waiting(each_database, [sender])
    async with each_database.transaction() as session:
        yesterday = today() - dt.timedelta(days=1)
        await session.execute(update(ReportRow).values(given_on=yesterday))
        await open_report(session, keys, read)
    assert await alert_waiting(each_database, [sender]) == 1
    assert await alert_waiting(each_database, [sender]) == 0
    assert len(box.letters) == 2 and unread not in "".join(box.letters)


async def test_what_goes_to_the_desk_a_second_time_is_told_of_anew_and_once(each_database, mail):
    server, box = mail
    sender = by_email(_settings(server), "desk@example.org")
    async with each_database.transaction() as session:
        item = await add_feedback(session, **_complaint("1"), sensitive=True)
        item.given_on = item.waiting_since = today() - dt.timedelta(days=9)
    assert await alert_waiting(each_database, [sender]) == 1
    async with each_database.transaction() as session:
        item = await session.get(FeedbackRow, item.id)
        move(item, sensitive=False)
        move(item, sensitive=True)
    assert await alert_waiting(each_database, [sender]) == 1
    assert await alert_waiting(each_database, [sender]) == 0
    assert len(box.letters) == 2


async def test_officers_are_told_once_a_day_how_much_is_overdue_and_not_of_what(
    each_database, mail
):
    server, box = mail
    sender = by_email(_settings(server), "aap@example.org", OVERDUE_SUBJECT)
    async with each_database.transaction() as session:
        for number, (days, status, sensitive) in enumerate(
            [(8, "new", False), (30, "in_progress", False), (7, "new", False)]
            + [(30, "answered", False), (30, "closed", False), (30, "new", True)]
        ):
            columns = _complaint(str(number)) | {"status": status, "sensitive": sensitive}
            item = await add_feedback(session, **columns)
            item.waiting_since = today() - dt.timedelta(days=days)
    assert await remind_overdue(each_database, [sender]) == 2
    assert await remind_overdue(each_database, [sender]) == 0
    [letter] = box.letters
    assert "7 days: 2" in letter and SECRET_WORDS not in letter
    async with each_database.transaction() as session:
        await session.execute(update(CountRow).values(day=today() - dt.timedelta(days=1)))
    assert await remind_overdue(each_database, [sender]) == 2


async def test_with_nothing_overdue_no_reminder_is_sent(each_database, mail):
    server, box = mail
    sender = by_email(_settings(server), "aap@example.org", OVERDUE_SUBJECT)
    assert await remind_overdue(each_database, [sender]) == 0
    assert box.letters == []


async def test_while_nothing_can_be_sent_it_is_tried_again(each_database, keys, mail):
    server, box = mail
    await _report(each_database, keys)
    nobody = Settings(
        _env_file=None,
        alert_smtp_url=f"smtp://127.0.0.1:{free_port()}",
    )
    assert await alert_waiting(each_database, [by_email(nobody, "desk@example.org")]) == 0
    assert (
        await alert_waiting(
            each_database,
            [by_email(nobody, "desk@example.org"), by_email(_settings(server), "desk@example.org")],
        )
        == 1
    )
    assert len(box.letters) == 1


def test_without_an_address_or_a_server_there_is_no_sender():
    assert by_email(Settings(_env_file=None), "desk@example.org") is None
    assert by_email(Settings(_env_file=None, alert_smtp_url="smtp://mail.test"), None) is None


def test_the_service_tells_a_telegram_chat(tmp_path):
    chat = 777
    with (
        TelegramServer(free_port()) as telegram,
        NluServer(free_port()) as nlu,
        Running(
            tmp_path,
            free_port(),
            nlu.url,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            ALERT_TELEGRAM_CHAT=str(chat),
        ),
    ):
        telegram.ask(5, "/start", "en")
        telegram.ask(5, "/rules")
        telegram.tap(5, "rep:sea_report")
        telegram.ask(5, SECRET_WORDS)
        telegram.tap(5, "rep:nocontact")
        telegram.tap(5, "rep:send")
        [alert] = telegram.wait(chat, 1, seconds=60)
        assert "1 unread" in alert["_text"] and SECRET_WORDS not in alert["_text"]
    assert telegram.problems == []
