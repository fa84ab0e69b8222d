"""Counsellors and cases of a running service, put straight into its database."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from store.cases.messages import add_message, lock_case
from store.cases.moving import close, rate, take
from store.cases.opening import add_case
from store.database import Database
from store.keys import Keys
from store.presence import touch
from store.shifts import Shift, set_shifts
from store.staff import add_staff
from store.tables import now
from tests.support.running import SECRET_KEY, Running

KEYS = Keys(SECRET_KEY)
SECRET_WORDS = "words that are for the counsellor alone"


def in_database(service: Running, work: Callable[[Database], Awaitable[None]]) -> None:
    """Do something in a service's database; in a thread, since a browser's has a loop already."""

    async def run() -> None:
        database = Database(f"sqlite:///{service.database}")
        try:
            await work(database)
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


async def open_case(database: Database, pseudonym: str, minutes: float = 0, **more) -> str:
    """A case that was opened some minutes ago; its id."""
    more = {"language": "ps", "centre": None, "danger": False} | more
    async with database.transaction() as session:
        case = await add_case(session, KEYS, pseudonym=pseudonym, text=SECRET_WORDS, **more)
        case.opened_at = case.waiting_since = now() - dt.timedelta(minutes=minutes)
        case.unanswered_since = case.opened_at
    return case.id


async def add_counsellor(
    database: Database, name: str, *languages: str, shifts: list[Shift], here: bool = True
) -> None:
    """A counsellor's account with languages and shifts."""
    async with database.transaction() as session:
        row = await add_staff(session, name, "counsellor", "a long password")
        row.languages = list(languages)
        await set_shifts(session, name, shifts)
    if here:
        async with database.transaction() as session:
            await touch(session, [name])


async def answer_case(
    database: Database, case_id: str, by: str, *, after: float, hours: float, stars: int
) -> None:
    """Take, answer, close and rate a case, minutes and hours after it was opened."""
    async with database.transaction() as session:
        await take(session, KEYS, case_id, by)
        case = await lock_case(session, case_id)
        await add_message(session, KEYS, case, "hello", from_person=False, author=by)
        await close(session, KEYS, case_id, by, "solved")
        await rate(session, case_id, case.pseudonym, stars)
        case.first_reply_at = case.opened_at + dt.timedelta(minutes=after)
        case.closed_at = case.opened_at + dt.timedelta(hours=hours)
