"""Tells the protection desk that something unread waits, and the officers what is overdue: by
e-mail, in a Telegram chat, or both.

An alert says how many wait and nothing else: no kind, no language, no centre, no words. It comes
once when something arrives and once more on the next day if it is still unread (sensitive matters
are read within 24 hours). After a crash between sending and noting it may come twice.
"""

import asyncio
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog
from telegram.error import TelegramError

from rahnuma.settings import Settings
from store.clocks import GENERAL_DAYS
from store.database import DATABASE_ERRORS, Database
from store.feedback import count, counted_today
from store.inbox import overdue_general
from store.reports import alerted, waiting_for_alert

log = structlog.get_logger()
#: Seconds between looks for what is unread, and for what is overdue, which only days change.
EVERY, REMIND_EVERY = 10.0, 3600.0
#: Seconds that the mail server may take.
TIMEOUT = 20.0
SUBJECT = "Rahnuma: something waits for the protection desk"
OVERDUE_SUBJECT = "Rahnuma: feedback is overdue"
#: The counter (what, key, language) that says that today's reminder was sent.
REMINDED = ("reminder", "overdue_feedback", "en")

#: Sends a line of text; raises one of SEND_ERRORS if it could not.
Sender = Callable[[str], Awaitable[None]]
SEND_ERRORS = (OSError, smtplib.SMTPException, TelegramError)


def by_email(settings: Settings, to: str | None, subject: str = SUBJECT) -> Sender | None:
    """The sender by e-mail to an address, or None where the operator wants none."""
    if to is None or settings.alert_smtp_url is None:
        return None
    server = settings.alert_smtp_url.get_secret_value()

    async def send(line: str) -> None:
        message = EmailMessage()
        message["Subject"], message["To"] = subject, to
        message["From"] = settings.alert_email_from or to
        message.set_content(line)
        await asyncio.to_thread(_send_mail, server, message)

    return send


def _send_mail(server: str, message: EmailMessage) -> None:
    url = urlsplit(server)
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        mail = smtplib.SMTP_SSL(url.hostname, url.port or 465, timeout=TIMEOUT, context=context)
    else:
        mail = smtplib.SMTP(url.hostname, url.port or 587, timeout=TIMEOUT)
    with mail:
        mail.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and mail.has_extn("starttls"):
            mail.starttls(context=context)
        if url.username:
            mail.login(unquote(url.username), unquote(url.password or ""))
        mail.send_message(message)


async def watch(
    look: Callable[[Database, list[Sender]], Awaitable[int]],
    database: Database,
    senders: list[Sender],
    every: float,
) -> None:
    """Look, and again after ``every`` seconds, until cancelled."""
    while True:
        try:
            await look(database, senders)
        except DATABASE_ERRORS as error:
            log.error("database.unavailable", error=type(error).__name__)
        await asyncio.sleep(every)


async def alert_waiting(database: Database, senders: list[Sender]) -> int:
    """Send one alert for all that waits and was not told of; returns for how many.

    Where one of several senders fails, the others count; where all fail, it is tried again later.
    """
    async with database.transaction() as session:
        waiting = await waiting_for_alert(session)
    if not waiting:
        return 0
    line = (
        f"{len(waiting)} unread in the console, under Reports or Sensitive feedback. "
        "This message says nothing of what it is about."
    )
    if not await told_by(senders, line):
        return 0
    async with database.transaction() as session:
        await alerted(session, waiting)
    return len(waiting)


async def remind_overdue(database: Database, senders: list[Sender]) -> int:
    """Once a day, tell the officers how much feedback is overdue; returns how much was told of."""
    async with database.transaction() as session:
        if await counted_today(session, *REMINDED):
            return 0
        late = await overdue_general(session)
    if not late:
        return 0
    line = (
        f"Feedback that waits for an answer longer than {GENERAL_DAYS} days: {late}. "
        "In the console: Feedback, Overdue."
    )
    if not await told_by(senders, line):
        return 0
    async with database.transaction() as session:
        await count(session, *REMINDED)
    return late


async def told_by(senders: list[Sender], line: str) -> bool:
    """Send a line in every way; whether one of them worked."""
    return any([await _sent(sender, line) for sender in senders])


async def _sent(sender: Sender, line: str) -> bool:
    try:
        await sender(line)
    except SEND_ERRORS as error:
        log.error("alert.not_sent", error=type(error).__name__)
        return False
    return True
