"""The people, cases and accounts of a load, put straight into the database before it begins."""

from dataclasses import dataclass

from store.cases.moving import take
from store.cases.opening import add_case
from store.database import Database
from store.keys import Keys
from store.people import Person, keep_address, save_person
from store.staff import add_staff
from tests.support.console import PASSWORD, know_second_factor
from tests.support.running import SECRET_KEY

FIRST_USER = 7_500_000_000


@dataclass(frozen=True)
class Talk:
    """A case that a counsellor has; ``user`` on Telegram, else a ``session`` of the web chat."""

    case_id: str
    counsellor: str
    user: int | None = None
    session: str | None = None


async def build(database_url: str, counsellors: int, cases: int) -> list[Talk]:
    """Accounts, and cases shared out among them, half on Telegram and half on the web chat.

    The service must have made the database.
    """
    keys, talks = Keys(SECRET_KEY), []
    database = Database(database_url)
    try:
        names = [f"counsellor{n}" for n in range(counsellors)]
        async with database.transaction() as session:
            for name in names:
                row = await add_staff(session, name, "counsellor", PASSWORD)
                row.languages, row.capacity = ["ps"], 100
                know_second_factor(row)
        for n in range(cases):
            name = names[n % counsellors]
            user, web = (FIRST_USER + n, None) if n % 2 else (None, f"load-{n}")
            channel = "telegram" if user else "web"
            person = Person(keys.pseudonym(channel, str(user or web)), channel, "ps", True)
            person.greeted = True
            async with database.transaction() as session:
                await save_person(session, keys, person)
                await keep_address(session, keys, person, str(user or web), 30)
                case = await add_case(
                    session,
                    keys,
                    pseudonym=person.pseudonym,
                    channel=channel,
                    language="ps",
                    centre=None,
                    danger=False,
                    text="",
                )
                await take(session, keys, case.id, name)
            talks.append(Talk(case.id, name, user, web))
    finally:
        await database.close()
    return talks
