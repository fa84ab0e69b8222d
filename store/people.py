"""Pseudonymous people: where each is in the conversation, and where they can be reached."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from store.cases.deletion import cases_of, delete_cases
from store.keys import CannotDecrypt, Keys
from store.notices.subscriptions import unsubscribe
from store.tables import DeliveryRow, PersonRow, SeenUpdateRow, today


@dataclass
class Person:
    """A pseudonym with its language, centre and place in the conversation.

    ``flow`` is the form being filled in, with its step and draft; ``yes``/``no`` are the choices
    that a plain "yes" or "no" stands for; ``misunderstood`` counts failures in a row.
    ``told_unclear`` says that they know that what is not understood may be kept, and through the
    day ``quiet_until`` (ISO 8601) nothing (more) of theirs is kept so. ``surveys_offered`` are ids
    of surveys that they were asked to take; ``survey_offer`` is the one that they may still begin:
    it is gone both after "not now" and after sending, so that nothing says who answered. Through
    the day ``spared_until`` no survey is offered. ``low_data``: pictures are not sent unasked.
    """

    pseudonym: str
    channel: str
    language: str = "en"
    language_chosen: bool = False
    centre: str | None = None
    greeted: bool = False
    flow: dict[str, Any] = field(default_factory=dict)
    yes: str | None = None
    no: str | None = None
    misunderstood: int = 0
    told_unclear: bool = False
    quiet_until: str | None = None
    surveys_offered: list[str] = field(default_factory=list)
    survey_offer: str | None = None
    spared_until: str | None = None
    told_away: str | None = None
    low_data: bool = False


_LOADED = "person"
_STATE = (
    *("flow", "yes", "no", "misunderstood", "told_unclear", "quiet_until"),
    *("surveys_offered", "survey_offer", "spared_until", "told_away", "low_data"),
)


async def load_person(session: AsyncSession, keys: Keys, pseudonym: str, channel: str) -> Person:
    """The person as last saved, or a new one. State that can't be decrypted is started anew."""
    row = await session.get(PersonRow, pseudonym)
    # held until the end of the transaction: SQLAlchemy forgets rows that nobody refers to, and
    # saving would ask the database a second time
    session.info[_LOADED, pseudonym] = row
    person = Person(pseudonym, channel)
    if row is None:
        return person
    person.language = row.language or person.language
    person.language_chosen, person.centre = row.language_chosen, row.centre
    person.greeted = row.greeted
    if row.state:
        try:
            state = json.loads(keys.state.open(row.state))
        except CannotDecrypt:
            state = {}  # the key was replaced: the conversation starts again, nothing else breaks
        for name in _STATE:
            setattr(person, name, state.get(name, getattr(person, name)))
    return person


async def save_person(session: AsyncSession, keys: Keys, person: Person) -> None:
    """Write a person's place in the conversation."""
    state = {name: getattr(person, name) for name in _STATE}
    key = (_LOADED, person.pseudonym)
    if key in session.info:
        row = session.info[key]
    else:
        row = await session.get(PersonRow, person.pseudonym)
    if row is None:
        row = session.info[key] = PersonRow(pseudonym=person.pseudonym)
        session.add(row)
    row.language, row.language_chosen = person.language, person.language_chosen
    row.centre, row.greeted = person.centre, person.greeted
    row.state = keys.state.seal(json.dumps(state, ensure_ascii=False))
    row.seen_on = today()


async def erase_person(session: AsyncSession, pseudonym: str) -> dict[str, int]:
    """Erase all that is kept under a pseudonym; returns how many rows went, by kind.

    Feedback and reports hold no person and therefore can't be found from one.
    """
    erased = await delete_cases(session, cases_of(pseudonym))
    erased["subscriptions"] = await unsubscribe(session, pseudonym)
    for kind, statement in {
        "addresses": delete(DeliveryRow).where(DeliveryRow.pseudonym == pseudonym),
        "conversation": delete(PersonRow).where(PersonRow.pseudonym == pseudonym),
    }.items():
        erased[kind] = (await session.execute(statement)).rowcount
    return erased


async def keep_address(
    session: AsyncSession, keys: Keys, person: Person, address: str, days: int
) -> None:
    """Keep a channel address, encrypted, for a number of days, so that an answer can be sent."""
    row = await session.get(DeliveryRow, person.pseudonym)
    if row is None:
        row = DeliveryRow(pseudonym=person.pseudonym, channel=person.channel)
        session.add(row)
    row.address = keys.delivery.seal(address)
    row.until = today() + dt.timedelta(days=days)


async def forget_address(session: AsyncSession, pseudonym: str) -> None:
    """Erase a person's address: nothing can reach them there any more."""
    await session.execute(delete(DeliveryRow).where(DeliveryRow.pseudonym == pseudonym))


async def set_address_end(session: AsyncSession, pseudonym: str, days: int) -> None:
    """Keep a person's address, if there is one, for so many days from today."""
    mine = update(DeliveryRow).where(DeliveryRow.pseudonym == pseudonym)
    await session.execute(mine.values(until=today() + dt.timedelta(days=days)))


async def first_time(session: AsyncSession, channel: str, update_id: int) -> bool:
    """Note an update as handled; False if it was before (then nothing must be done again)."""
    try:
        async with session.begin_nested():
            session.add(SeenUpdateRow(channel=channel, update_id=update_id))
    except IntegrityError:
        return False
    return True


async def address_of(session: AsyncSession, keys: Keys, pseudonym: str) -> tuple[str, str] | None:
    """(channel, address) where a person can be reached today, or None."""
    row = await session.get(DeliveryRow, pseudonym)
    if row is None or row.until < today():
        return None
    return row.channel, keys.delivery.open(row.address)
