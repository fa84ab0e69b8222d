"""Cases in the store: transitions, the queue, the outbox, on SQLite and on PostgreSQL."""

import asyncio
import datetime as dt
from functools import partial

import pytest
from sqlalchemy import select, update

from store.case_tables import CaseMessageRow, CaseRow, PresenceRow
from store.cases import outbox
from store.cases.feed import revisions
from store.cases.files import add_file, open_file
from store.cases.matching import match
from store.cases.messages import add_message, add_notice, lock_case, messages_of
from store.cases.moving import (
    CaseMoved,
    close,
    give_back,
    let_pass,
    offer,
    rate,
    reopen,
    take,
    transfer,
)
from store.cases.opening import about, add_case, usual_wait
from store.people import Person, keep_address
from store.presence import set_available, touch
from store.staff import add_staff
from store.tables import DeliveryRow, StaffRow, now, today


async def opened(database, keys, pseudonym="p", **more) -> str:
    """A new case; its id."""
    more = {"language": "ps", "centre": None, "danger": False, "text": "x"} | more
    async with database.transaction() as session:
        return (await add_case(session, keys, pseudonym=pseudonym, **more)).id


async def do(database, step, *arguments, **more):
    """One step in a transaction of its own."""
    async with database.transaction() as session:
        return await step(session, *arguments, **more)


async def counsellor(database, name, *languages, **more) -> None:
    """An account that is connected."""
    async with database.transaction() as session:
        row = await add_staff(session, name, "counsellor", "correct horse battery")
        row.languages = list(languages)
        for key, value in more.items():
            setattr(row, key, value)
    async with database.transaction() as session:
        await touch(session, [name])


async def case_of(database, case_id) -> CaseRow:
    async with database.transaction() as session:
        return await session.get(CaseRow, case_id)


async def events(database, keys, case_id) -> list[str]:
    async with database.transaction() as session:
        found = await messages_of(session, keys, case_id)
    return [message.what["what"] for message in found if message.row.kind == "event"]


async def test_of_many_who_take_a_case_at_the_same_time_one_gets_it(each_database, keys):
    case_id = await opened(each_database, keys)
    names = [f"c{n}" for n in range(8)]

    async def grab(name):
        try:
            await do(each_database, take, keys, case_id, name)
        except CaseMoved:
            return None
        return name

    got = [name for name in await asyncio.gather(*map(grab, names)) if name]
    case = await case_of(each_database, case_id)
    assert len(got) == 1 and case.assigned_to == got[0]
    assert (await events(each_database, keys, case_id)).count("taken") == 1


async def test_a_case_goes_its_way_and_steps_that_do_not_fit_are_refused(each_database, keys):
    case_id = await opened(each_database, keys)
    with pytest.raises(CaseMoved):
        await do(each_database, transfer, keys, case_id, "ana", to="bo")
    await do(each_database, offer, keys, case_id, "ana")
    with pytest.raises(CaseMoved, match="offered to ana"):
        await do(each_database, take, keys, case_id, "bo")
    await do(each_database, let_pass, keys, case_id, "ana")
    await do(each_database, take, keys, case_id, "bo")
    with pytest.raises(CaseMoved, match="bo has"):
        await do(each_database, transfer, keys, case_id, "ana", to="cy")
    await do(each_database, transfer, keys, case_id, "bo", to="cy")
    assert (await case_of(each_database, case_id)).offered_to == "cy"
    await do(each_database, take, keys, case_id, "cy")
    await do(each_database, transfer, keys, case_id, "cy", desk="legal")
    await do(each_database, take, keys, case_id, "bo")
    with pytest.raises(CaseMoved):
        await do(each_database, close, keys, case_id, "ana", "solved")
    await do(each_database, close, keys, case_id, "bo", "solved")
    with pytest.raises(CaseMoved, match="closed"):
        await do(each_database, take, keys, case_id, "bo")
    assert await do(each_database, rate, case_id, "p", 4)
    assert not await do(each_database, rate, case_id, "somebody else", 1)
    await do(each_database, reopen, keys, case_id, None)
    case = await case_of(each_database, case_id)
    assert (case.status, case.rating, case.reopened, case.last_by) == ("queued", None, 1, "bo")


async def test_a_case_opens_again_within_72_hours_and_not_beside_another(each_database, keys):
    case_id = await opened(each_database, keys)
    await do(each_database, close, keys, case_id, None, "left")
    other = await opened(each_database, keys)
    with pytest.raises(CaseMoved, match="newer"):
        await do(each_database, reopen, keys, case_id, None)
    await do(each_database, close, keys, other, None, "left")
    async with each_database.transaction() as session:
        (await session.get(CaseRow, case_id)).closed_at = now() - dt.timedelta(hours=73)
    with pytest.raises(CaseMoved, match="72 hours"):
        await do(each_database, reopen, keys, case_id, None)


async def test_an_address_goes_three_days_after_the_talk_and_stays_if_it_goes_on(
    each_database, keys
):
    case_id = await opened(each_database, keys)

    async def end() -> int:
        async with each_database.transaction() as session:
            return ((await session.get(DeliveryRow, "p")).until - today()).days

    async with each_database.transaction() as session:
        await keep_address(session, keys, Person("p", "telegram"), "1", 30)
    await do(each_database, close, keys, case_id, None, "left")
    assert await end() == 3
    await do(each_database, reopen, keys, case_id, None)
    assert await end() == 30


async def test_the_same_message_sent_twice_is_there_once(each_database, keys):
    case_id = await opened(each_database, keys)

    async def say():
        async with each_database.transaction() as session:
            case = await lock_case(session, case_id)
            return (
                await add_message(
                    session, keys, case, "سلام", from_person=False, author="ana", key="k1"
                )
            ).id

    assert len(set(await asyncio.gather(*(say() for _ in range(5))))) == 1


async def test_offers_go_to_who_speaks_the_language_and_on_when_they_are_not_taken(
    each_database, keys
):
    await counsellor(each_database, "ana", "ar")
    await counsellor(each_database, "bo", "ps", "ur")
    await counsellor(each_database, "cy", "ps")
    case_id = await opened(each_database, keys, languages=["ps", "fa"])
    await match(each_database, keys)
    assert (await case_of(each_database, case_id)).offered_to == "bo"
    assert await match(each_database, keys) == 0
    async with each_database.transaction() as session:
        (await session.get(CaseRow, case_id)).offer_until = now() - dt.timedelta(seconds=1)
    await match(each_database, keys)
    await match(each_database, keys)
    assert (await case_of(each_database, case_id)).offered_to == "cy"
    await do(each_database, set_available, "bo", False)
    await do(each_database, let_pass, keys, case_id, "cy", "declined")
    await match(each_database, keys)  # all let it pass: asked again
    await match(each_database, keys)
    assert (await case_of(each_database, case_id)).offered_to == "cy"


async def test_people_whose_counsellor_is_gone_go_to_another_only_if_they_wait(each_database, keys):
    await counsellor(each_database, "ana", "ps")
    await counsellor(each_database, "bo", "ps")
    waits, answered = [await opened(each_database, keys, p) for p in ("p", "q")]
    for case_id in (waits, answered):
        await do(each_database, take, keys, case_id, "ana")
    async with each_database.transaction() as session:
        case = await lock_case(session, answered)
        await add_message(session, keys, case, "hello", from_person=False, author="ana")
        long_ago = now() - dt.timedelta(minutes=6)
        (await session.get(PresenceRow, "ana")).seen_at = long_ago
    await match(each_database, keys)
    await match(each_database, keys)
    assert (await case_of(each_database, waits)).offered_to == "bo"
    assert (await case_of(each_database, answered)).assigned_to == "ana"
    with pytest.raises(CaseMoved):
        await do(each_database, give_back, keys, waits, "ana", "late")


async def test_the_outbox_keeps_a_persons_order_and_gives_each_message_out_once(
    each_database, keys
):
    first = await opened(each_database, keys, channel="telegram")
    async with each_database.transaction() as session:
        case = await lock_case(session, first)
        for n in range(3):
            await add_message(session, keys, case, str(n), from_person=False, author="ana")
        await add_notice(session, keys, case, "transferred")
    other = await opened(each_database, keys, "q", channel="telegram")
    async with each_database.transaction() as session:
        await add_message(
            session, keys, await lock_case(session, other), "q0", from_person=False, author="ana"
        )
    claims = await asyncio.gather(*(do(each_database, outbox.claim, "telegram") for _ in range(4)))
    claimed = [one for some in claims for one in some]
    assert sorted(one.case_id for one in claimed) == sorted([first, other])
    mine = next(one for one in claimed if one.case_id == first)
    await do(each_database, outbox.try_again, mine, "TimedOut", 100.0)
    assert await do(each_database, outbox.claim, "telegram") == []  # nothing overtakes it
    async with each_database.transaction() as session:
        await session.execute(update(CaseMessageRow).values(next_try=None))
    order = []
    while claimed := await do(each_database, outbox.claim, "telegram"):
        for one in claimed:
            if one.case_id == first:
                order.append(one.message_id)
            await do(each_database, outbox.delivered, one)
    assert order == sorted(order) and len(order) == 4


async def test_a_message_whose_sender_died_is_given_out_again_and_an_old_one_is_given_up(
    each_database, keys
):
    case_id = await opened(each_database, keys, channel="telegram")
    async with each_database.transaction() as session:
        case = await lock_case(session, case_id)
        row = await add_message(session, keys, case, "x", from_person=False, author="ana")
    [claimed] = await do(each_database, outbox.claim, "telegram")
    assert await do(each_database, outbox.claim, "telegram") == []
    async with each_database.transaction() as session:
        again = await session.get(CaseMessageRow, row.id)
        again.next_try, again.at = now(), now() - dt.timedelta(hours=25)
    assert await do(each_database, outbox.claim, "telegram") == [claimed]
    assert not await do(each_database, outbox.try_again, claimed, "TimedOut")
    async with each_database.transaction() as session:
        assert (await session.get(CaseMessageRow, row.id)).delivery == "failed"


async def test_where_only_one_process_sends_a_new_one_takes_its_messages_over(each_database, keys):
    case_id = await opened(each_database, keys, channel="telegram")
    async with each_database.transaction() as session:
        case = await lock_case(session, case_id)
        await add_message(session, keys, case, "x", from_person=False, author="ana")
    claimed = await do(each_database, outbox.claim, "telegram")
    assert await do(each_database, outbox.take_over) == 1
    assert await do(each_database, outbox.claim, "telegram") == claimed


async def test_a_blocked_bot_fails_all_that_waits_and_the_staff_sees_it(each_database, keys):
    case_id = await opened(each_database, keys, channel="telegram")
    async with each_database.transaction() as session:
        case = await lock_case(session, case_id)
        for n in range(2):
            await add_message(session, keys, case, str(n), from_person=False, author="ana")
    assert await do(each_database, outbox.unreachable, keys, "p", "blocked") == 2
    assert "unreachable" in await events(each_database, keys, case_id)


async def test_every_change_of_a_case_raises_its_revision(each_database, keys):
    case_id = await opened(each_database, keys)

    async def revision():
        async with each_database.reading() as connection:
            return (await revisions(connection))[case_id]

    seen = [await revision()]
    for step in (
        partial(offer, keys=keys, case_id=case_id, staff="ana"),
        partial(take, keys=keys, case_id=case_id, staff="ana"),
        partial(transfer, keys=keys, case_id=case_id, by="ana", desk="legal"),
        partial(take, keys=keys, case_id=case_id, staff="bo"),
        partial(close, keys=keys, case_id=case_id, by="bo", outcome="solved"),
        partial(rate, case_id=case_id, pseudonym="p", stars=5),
        partial(reopen, keys=keys, case_id=case_id, by="bo"),
    ):
        await do(each_database, step)
        seen.append(await revision())
    assert seen == sorted(set(seen))


async def test_words_names_and_files_of_a_case_are_encrypted(each_database, keys):
    case_id = await opened(
        each_database, keys, text="زما خبره", name="گل", shared=("لومړی",), topic="asylum"
    )
    async with each_database.transaction() as session:
        case = await lock_case(session, case_id)
        said = about(keys, case)
        assert (said.text, said.name, said.shared) == ("زما خبره", "گل", ("لومړی",))
        message = await add_message(session, keys, case, "", from_person=True, kind="photo")
        file = await add_file(session, keys, case, message, "image/png", b"\x89PNG secret")
        assert b"secret" not in file.body and "گل".encode() not in case.details
        assert await open_file(session, keys, case_id, file.id) == ("image/png", b"\x89PNG secret")
        assert await open_file(session, keys, "another case", file.id) is None


async def test_the_usual_wait_is_told_only_where_it_is_known(each_database, keys):
    for n in range(5):
        async with each_database.transaction() as session:
            assert await usual_wait(session, "ps") is None
        case_id = await opened(each_database, keys, f"p{n}")
        async with each_database.transaction() as session:
            case = await session.get(CaseRow, case_id)
            case.taken_at = case.opened_at + dt.timedelta(minutes=n)
    async with each_database.transaction() as session:
        assert await usual_wait(session, "ps") == dt.timedelta(minutes=2)
        assert await usual_wait(session, "fr") is None
        assert (await session.execute(select(StaffRow))).all() == []
