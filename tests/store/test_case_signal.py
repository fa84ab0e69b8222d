"""The signal that cases changed, their marks, and referrals, on both databases."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from store.cases import typing as typing_module
from store.cases.marks import marks
from store.cases.messages import add_message, add_note, lock_case, mark_seen, messages_of
from store.cases.moving import close, give_back, take
from store.cases.opening import add_case
from store.cases.referrals import Form, form_of, refer, referrals_of, settle
from store.cases.signal import changes, follow, wake
from store.cases.typing import typed, typing, typing_now
from store.database import Database
from store.tables import CountRow


async def opened(database: Database, keys, **more) -> str:
    wanted = {"pseudonym": "p1", "language": "fa", "centre": None, "danger": False, "text": "x"}
    async with database.transaction() as session:
        return (await add_case(session, keys, **wanted | more)).id


async def says(database: Database, keys, case_id: str, text: str, *, person: bool) -> int:
    async with database.transaction() as session:
        case = await lock_case(session, case_id)
        return (await add_message(session, keys, case, text, from_person=person)).id


@asynccontextmanager
async def following(database: Database, every: float):
    task = asyncio.create_task(follow(database, every))
    await asyncio.sleep(0.2)  # its first look only learns what is there
    yield
    task.cancel()


async def test_a_change_is_told_at_once_when_woken_and_else_at_the_next_look(each_database, keys):
    async with following(each_database, every=60):
        with changes() as found:
            case = await opened(each_database, keys)
            assert await found.wait(0.1) == frozenset()
            wake()
            assert await found.wait(5) == {case}
            assert await found.wait(0.1) == frozenset()
    async with following(each_database, every=0.05):
        with changes() as one, changes() as two:
            await says(each_database, keys, case, "hello", person=True)
            assert await one.wait(5) == {case} == await two.wait(5)


async def test_typing_wakes_who_listens_and_is_over_by_itself(monkeypatch):
    with changes() as found:
        typing("case-1", "person")
        assert await found.wait(5) == frozenset()
        assert found.typing == {("case-1", "person")}
    assert typing_now("case-1", "person") and not typing_now("case-1", "staff")
    typed("case-1", "person")
    assert not typing_now("case-1", "person")
    monkeypatch.setattr(typing_module, "LASTS", -1.0)
    typing("case-1", "staff")
    assert not typing_now("case-1")


async def test_marks_count_what_is_unread_and_know_who_spoke_last(each_database, keys):
    case = await opened(each_database, keys)
    async with each_database.reading() as connection:
        [mark] = await marks(connection)
    assert (mark.unread, mark.last_from_person, mark.languages) == (0, None, ("fa",))
    last = await says(each_database, keys, case, "one", person=True)
    async with each_database.transaction() as session:
        await add_note(session, keys, await lock_case(session, case), "note", "mira")
        [mark] = await marks(session)
        assert (mark.unread, mark.last_from_person) == (1, True)
        assert await mark_seen(session, await lock_case(session, case), last)
    await says(each_database, keys, case, "two", person=False)
    async with each_database.reading() as connection:
        [mark] = await marks(connection, [case])
        assert await marks(connection, ["other"]) == []
    assert (mark.unread, mark.last_from_person) == (0, False)
    async with each_database.looking() as session:
        said = await messages_of(session, keys, case)
    assert [one.text for one in said if one.what is None] == ["one", "note", "two"]


async def test_only_who_had_a_case_when_it_was_closed_had_it_last(each_database, keys):
    case = await opened(each_database, keys)
    async with each_database.transaction() as session:
        await take(session, keys, case, "mira")
        await give_back(session, keys, case, "mira", "gone")
        await close(session, keys, case, None, "left")
        [mark] = await marks(session)
    assert mark.last_by is None


async def test_a_referral_is_encrypted_told_to_the_person_and_counted(each_database, keys):
    case = await opened(each_database, keys)
    form = Form("needs a lawyer", "Karim", "", "wrote yes")
    async with each_database.transaction() as session:
        row = await lock_case(session, case)
        await refer(session, keys, row, "vasa_prava", "mira", form, urgent=True)
    async with each_database.transaction() as session:
        [one] = await referrals_of(session, case)
        assert form_of(keys, one) == form and b"lawyer" not in one.body
        row = await lock_case(session, case)
        await settle(session, keys, row, one, "accepted", "mira")
        await settle(session, keys, row, one, "accepted", "mira")
        with pytest.raises(ValueError, match="must be one of"):
            await settle(session, keys, row, one, "lost", "mira")
        what = [m.what["what"] for m in await messages_of(session, keys, case) if m.what]
        assert what == ["opened", "referred", "referred", "referral answered"]
        counts = select(CountRow.key, CountRow.n).where(CountRow.what == "referral")
        found = {key: n for key, n in await session.execute(counts)}
    assert found == {"vasa_prava": 1, "vasa_prava accepted": 1}


@pytest.mark.parametrize("form", [Form(" ", "", "", "yes"), Form("a lawyer", "", "", " ")])
async def test_without_a_matter_or_consent_nothing_is_passed_on(database, keys, form):
    case = await opened(database, keys)
    async with database.transaction() as session:
        row = await lock_case(session, case)
        with pytest.raises(ValueError, match="write what|agree first"):
            await refer(session, keys, row, "vasa_prava", "mira", form)
        assert await referrals_of(session, case) == []
