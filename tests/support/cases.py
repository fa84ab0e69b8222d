"""People and counsellors of tests: cases straight in the database of a running service.

The service learns of them as of what another replica writes.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseRow
from store.cases.files import add_file
from store.cases.messages import add_message, lock_case
from store.cases.opening import add_case
from store.database import Database
from store.keys import Keys
from store.tables import StaffRow
from tests.support.running import SECRET_KEY, Running

KEYS = Keys(SECRET_KEY)
T = TypeVar("T")


def in_database(service: Running, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Do something in one transaction in the database of a service."""

    async def run() -> T:
        database = Database(f"sqlite:///{service.database}")
        try:
            async with database.transaction() as session:
                return await work(session)
        finally:
            await database.close()

    # in a thread: where a browser runs, this one has an event loop already
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def asks_for_a_person(
    service: Running,
    text: str = "I need to talk",
    language: str = "en",
    *,
    person: str | None = None,
    danger: bool = False,
    topic: str | None = None,
    centre: str | None = None,
    name: str | None = None,
    shared: Sequence[str] = (),
    languages: Sequence[str] = (),
) -> str:
    """Somebody asks for a counsellor; the id of their case."""

    async def work(session: AsyncSession) -> str:
        row = await add_case(
            session,
            KEYS,
            pseudonym=person or uuid.uuid4().hex,
            language=language,
            languages=languages,
            centre=centre,
            danger=danger,
            text=text,
            topic=topic,
            name=name,
            shared=shared,
        )
        return row.id

    return in_database(service, work)


def writes(service: Running, case_id: str, *texts: str) -> int:
    """The person of a case writes; the id of the last message."""

    async def work(session: AsyncSession) -> int:
        case = await lock_case(session, case_id)
        for text in texts:
            row = await add_message(session, KEYS, case, text, from_person=True)
        return row.id

    return in_database(service, work)


def sends_file(service: Running, case_id: str, kind: str, media_type: str, data: bytes) -> str:
    """The person of a case sends a file; its id."""

    async def work(session: AsyncSession) -> str:
        case = await lock_case(session, case_id)
        message = await add_message(session, KEYS, case, "", from_person=True, kind=kind)
        return (await add_file(session, KEYS, case, message, media_type, data)).id

    return in_database(service, work)


def case_of(service: Running, case_id: str) -> CaseRow:
    """A case as it is now."""
    return in_database(service, lambda session: session.get(CaseRow, case_id))


def counsellor_is(service: Running, name: str, **columns: object) -> None:
    """Set what a member of the staff speaks, is shown as, …: columns of StaffRow."""

    async def work(session: AsyncSession) -> None:
        row = await session.get(StaffRow, name)
        for column, value in columns.items():
            setattr(row, column, value)

    in_database(service, work)
