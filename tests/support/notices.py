"""Notices and subscribers that tests put into a database."""

import datetime as dt

from store.database import Database
from store.keys import Keys
from store.notice_tables import NoticeRow
from store.notices.subscriptions import subscribe
from store.notices.times import over
from store.tables import now, random_id

HOUR = dt.timedelta(hours=1)


async def put_notice(
    database: Database,
    title: str = "Law session",
    *,
    centre: str | None = "lipa",
    starts: dt.datetime | None = None,
    ends: dt.datetime | None = None,
    until: dt.date | None = None,
    state: str = "published",
    **languages: str,
) -> str:
    """A notice that ends in two hours, unless said otherwise; its id. ``fa="…"``: the title in
    another language."""
    ends = ends or now() + 2 * HOUR
    row = NoticeRow(
        id=random_id(),
        centre=centre,
        title={"en": title} | languages,
        body={"en": f"about {title}"} | {code: f"{text}." for code, text in languages.items()},
        place={},
        starts=starts,
        ends=ends,
        until=until,
        over=over(starts, ends, until),
        state=state,
        written_by="ana",
    )
    async with database.transaction() as session:
        session.add(row)
    return row.id


async def put_subscriber(
    database: Database,
    keys: Keys,
    user: int,
    *,
    centre: str | None = "lipa",
    language: str = "en",
    days: int | None = None,
) -> str:
    """Somebody on Telegram who subscribed, until so many days from today; the pseudonym."""
    pseudonym = keys.pseudonym("telegram", str(user))
    async with database.transaction() as session:
        row = await subscribe(
            session,
            keys,
            pseudonym,
            channel="telegram",
            address=str(user),
            centre=centre,
            language=language,
        )
        if days is not None:
            row.until = now().date() + dt.timedelta(days=days)
    return pseudonym
