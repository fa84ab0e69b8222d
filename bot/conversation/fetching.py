"""For channels where people fetch what counsellors wrote (the web chat): each message once, in
order, however often the connection breaks."""

import asyncio
import random
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select

from actions import talk
from actions.context import Context
from actions.reply import Reply
from bot.conversation.desk import Desk
from store.case_tables import CaseMessageRow, CaseRow
from store.cases import signal, typing
from store.cases.messages import confirm, waiting_for
from store.people import load_person

#: Seconds after which a waiting request looks again by itself: nothing tells it that typing ended;
#: all else it is told (store/cases/signal.py), so that this is for safety only.
LOOK_AGAIN_TYPING, LOOK_AGAIN = 2.0, 15.0


@dataclass(frozen=True)
class Standing:
    """How the talk stands: ``status`` none, queued, taken or closed; ``seen``: the counsellor has
    seen the person's last message; ``typing``: the counsellor types. ``waits``: the newest message
    that waits for the person, or 0."""

    status: str = "none"
    seen: bool = False
    typing: bool = False
    waits: int = 0
    case_id: str | None = None

    @property
    def state(self) -> str:
        """What a page knows of it, to be told of the next change."""
        return f"{self.status}:{int(self.seen)}:{int(self.typing)}"


@dataclass(frozen=True)
class Look:
    """What is new for a person: (id, reply) in order, and how the talk stands."""

    replies: list[tuple[int, Reply]] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)


def _standing_query():
    """One statement for what each waiting page asks again and again."""
    mine = CaseMessageRow.case_id == CaseRow.id
    seen = select(CaseMessageRow.seen_at).where(mine, CaseMessageRow.from_person.is_(True))
    seen = seen.order_by(CaseMessageRow.id.desc()).limit(1).correlate(CaseRow)
    person = bindparam("person")
    cases = select(CaseRow.id).where(CaseRow.pseudonym == person).correlate(None)
    waits = select(func.max(CaseMessageRow.id)).where(
        CaseMessageRow.case_id.in_(cases), CaseMessageRow.delivery == "waiting"
    )
    rows = select(
        CaseRow.id,
        CaseRow.status,
        seen.scalar_subquery(),
        waits.correlate(None).scalar_subquery(),
    ).where(CaseRow.pseudonym == person)
    # an open one first, else the one closed last
    return rows.order_by(CaseRow.closed_at.is_not(None), CaseRow.closed_at.desc()).limit(1)


_STANDING = _standing_query()


async def standing(desk: Desk, pseudonym: str) -> Standing:
    """How a person's last talk stands; reads only. Raises one of DATABASE_ERRORS."""
    async with desk.database.reading() as connection:
        case = (await connection.execute(_STANDING, {"person": pseudonym})).first()
    if case is None:
        return Standing()
    case_id, status, seen, waits = case
    status = "queued" if status == "offered" else status
    types = status == "taken" and typing.typing_now(case_id)
    return Standing(status, seen is not None, types, waits or 0, case_id)


async def look(
    desk: Desk,
    channel: str,
    external_id: str,
    after: int | None = None,
    now: Standing | None = None,
) -> Look:
    """What waits for a person after the message ``after``, which their page has shown.

    What is up to it is then delivered; what is after it is given again until it is. Without
    ``after`` everything that waits counts as delivered by this. ``now``: how the talk stands, if
    that is known already. Raises one of DATABASE_ERRORS.
    """
    pseudonym = desk.keys.pseudonym(channel, external_id)
    now = now or await standing(desk, pseudonym)
    if not now.waits:
        return Look([], now)
    async with desk.database.transaction() as session:
        if after:
            await confirm(session, pseudonym, after)
        rows = await waiting_for(session, pseudonym)
        person = await load_person(session, desk.keys, pseudonym, channel)
        ctx = Context(person, desk.library, desk.keys, session)
        topics = select(CaseRow.id, CaseRow.topic).where(CaseRow.pseudonym == pseudonym)
        topic_of = {row.id: row.topic for row in await session.execute(topics)}
        found = [(row.id, talk.to_person(ctx, row, topic_of[row.case_id])) for row in rows]
        if after is None and found:
            await confirm(session, pseudonym, found[-1][0])
    return Look(found, now)


async def wait_and_look(
    desk: Desk, channel: str, external_id: str, after: int, seconds: float, known: str
) -> Look:
    """``look`` as soon as there is something new or the talk stands otherwise than ``known`` (a
    ``Standing.state``), at the latest after so many seconds. Raises one of DATABASE_ERRORS.

    It ends after some random share of them: pages that all came at once, when the service had been
    away, don't all come again at once.
    """
    pseudonym = desk.keys.pseudonym(channel, external_id)
    clock = asyncio.get_running_loop().time
    until = clock() + seconds * random.uniform(0.4, 1)
    with signal.changes() as changes:
        while True:
            now = await standing(desk, pseudonym)
            left = until - clock()
            if now.waits > after or now.state != known or left <= 0:
                return await look(desk, channel, external_id, after, now)
            changes.only = now.case_id
            await changes.wait(min(left, LOOK_AGAIN_TYPING if now.typing else LOOK_AGAIN))
            changes.typing = set()


async def tell_typing(desk: Desk, channel: str, external_id: str) -> None:
    """The person types: their counsellor sees it. Raises one of DATABASE_ERRORS."""
    now = await standing(desk, desk.keys.pseudonym(channel, external_id))
    if now.status == "taken" and now.case_id:
        typing.typing(now.case_id, "person")
