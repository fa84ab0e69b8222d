"""What is kept of messages that were not understood, and of whom nothing is kept."""

import datetime as dt

import pytest
from sqlalchemy import select

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from content.languages import LANGUAGES
from store.cases.opening import add_case
from store.people import load_person, save_person
from store.tables import PersonRow, UnclearRow, today
from tests.support.talk import Talk

DAYS = 21


@pytest.fixture
async def desk(database, library, keys, nlu):
    """A desk that keeps what is not understood."""
    client = NluClient("http://nlu.test", transport=nlu.transport)
    yield Desk(
        database, library, keys, client, LocalLocks(), operator="The test team", unclear_days=DAYS
    )
    await client.close()


async def kept(desk: Desk) -> list[tuple[UnclearRow, str]]:
    async with desk.database.transaction() as session:
        rows = (await session.execute(select(UnclearRow))).scalars().all()
    return [(row, desk.keys.unclear.open(row.body)) for row in rows]


async def next_day(desk: Desk, who: str = "person-1", days: int = 1) -> None:
    """Let days pass for a person: their quiet time was that much earlier."""
    async with desk.database.transaction() as session:
        person = await load_person(session, desk.keys, desk.keys.pseudonym("web", who), "web")
        if person.quiet_until:
            earlier = dt.date.fromisoformat(person.quiet_until) - dt.timedelta(days=days)
            person.quiet_until = earlier.isoformat()
        await save_person(session, desk.keys, person)


async def test_a_message_not_understood_is_kept_redacted_with_the_guess_and_without_a_person(
    talk, desk, nlu
):
    said = "zxcv my papers, call +387 61 123 456 or @somebody_here"
    nlu.reads(said, {"lost_documents": 0.07})
    await talk.says(said)
    [(row, text)] = await kept(desk)
    assert text == "zxcv my papers, call [number] or [handle]"
    assert (row.language, row.script, row.guess) == ("en", "Latn", "lost_documents")
    assert (row.state, row.label, row.kept_on) == ("new", None, today())
    pseudonym = desk.keys.pseudonym("web", "person-1")
    assert pseudonym not in " ".join(str(value) for value in vars(row).values())


async def test_what_is_asked_back_is_kept_too_in_the_language_it_is_written_in(talk, desk, nlu):
    nlu.reads("kaghaz mera kho", {"lost_documents": 0.2}, language="ur", confidence=0.5)
    [reply] = await talk.says("kaghaz mera kho")
    assert "Did you mean" in reply.text
    [(row, text)] = await kept(desk)
    assert (row.language, row.script, text) == ("ur", "Latn", "kaghaz mera kho")
    assert row.guess == "lost_documents"


async def test_where_the_operator_did_not_ask_for_it_nothing_is_kept_or_said(
    database, library, keys, nlu
):
    client = NluClient("http://nlu.test", transport=nlu.transport)
    desk = Desk(database, library, keys, client, LocalLocks(), operator="x")
    talk = Talk(desk, "person-1")
    [welcome] = await talk.presses("start", language="en")
    assert "understand" not in welcome.text
    [privacy] = await talk.presses("ask:privacy")
    assert "exception" not in privacy.text
    [reply] = await talk.says("qwrt zxcv")
    assert "keep it" not in reply.text and await kept(desk) == []
    await client.close()


async def test_one_message_of_a_person_in_a_day(talk, desk):
    await talk.says("qwrt first")
    await talk.says("zxcv second")
    assert [text for _row, text in await kept(desk)] == ["qwrt first"]
    other = Talk(desk, "person-2")
    await other.presses("start", language="en")
    await other.says("from another one")
    await next_day(desk)
    await talk.says("yuio third")
    texts = {text for _row, text in await kept(desk)}
    assert texts == {"qwrt first", "from another one", "yuio third"}


async def test_that_something_was_kept_today_stands_in_the_encrypted_state_only(talk, desk):
    await talk.says("qwrt first")
    async with desk.database.transaction() as session:
        row = (await session.execute(select(PersonRow))).scalar_one()
        assert today().isoformat().encode() not in row.state


async def test_who_was_greeted_before_it_was_turned_on_is_told_first(desk, nlu, talk):
    async with desk.database.transaction() as session:
        person = await load_person(session, desk.keys, desk.keys.pseudonym("web", talk.who), "web")
        person.told_unclear = False
        await save_person(session, desk.keys, person)
    [reply] = await talk.says("qwrt first")
    assert "21 days" in reply.text and await kept(desk) == []
    [reply] = await talk.says("qwrt second")
    assert "21 days" not in reply.text
    assert [text for _row, text in await kept(desk)] == ["qwrt second"]


async def test_a_first_message_is_not_kept_since_its_writer_could_not_know(desk):
    replies = await Talk(desk, "new").says("qwrt first")
    assert "21 days" in replies[-1].text and await kept(desk) == []


@pytest.mark.parametrize(
    "text",
    [
        "qwrt " * 61,
        "12 34 !? 👍",
        "ab",
        "my code is 123-456-789",
        "мне нужны документы",
        "آپ ۱۲۳-۴۵۶-۷۸۹",
    ],
    ids=["long", "no letters", "too short", "a code", "another script", "a code in Urdu digits"],
)
async def test_these_are_not_kept(talk, desk, text):
    await talk.says(text)
    assert await kept(desk) == []


async def test_nothing_is_kept_while_danger_is_decided_or_suspected_nor_on_the_day_after(
    talk, desk, nlu
):
    nlu.reads("qwrt help", {"violence": 0.2})
    [reply] = await talk.says("qwrt help")
    assert reply.danger == "suspected" and await kept(desk) == []
    await talk.says("they are qwrt again")
    await next_day(desk)
    await talk.says("they are zxcv again")
    assert await kept(desk) == []
    await next_day(desk)
    await talk.says("where is qwrt")
    assert [text for _row, text in await kept(desk)] == ["where is qwrt"]
    await next_day(desk)
    nlu.reads("he beats me", {"violence": 0.9})
    await talk.says("he beats me")
    await talk.says("qwrt he is here")
    assert len(await kept(desk)) == 1


@pytest.mark.parametrize("button", ["sos", "rep:gbv", "person", "ask:medical_emergency"])
async def test_after_a_button_of_danger_report_or_counsellor_nothing_is_kept(talk, desk, button):
    await talk.presses(button)
    await talk.presses("menu")
    await talk.says("qwrt zxcv")
    assert await kept(desk) == []


@pytest.mark.parametrize(
    "buttons",
    [["fb:type:complaint", "fb:area:food"], ["fb:code"], ["rep:gbv"], ["person", "person:yes"]],
)
async def test_nothing_is_kept_inside_a_form(talk, desk, buttons):
    for button in buttons:
        await talk.presses(button)
    await next_day(desk, days=3)
    await talk.says("qwrt zxcv")
    assert await kept(desk) == []


async def test_nothing_is_kept_while_a_counsellor_is_awaited(talk, desk):
    for button in ("person", "person:yes", "person:skip"):
        await talk.presses(button)
    await next_day(desk, days=3)
    await talk.says("qwrt zxcv")
    assert await kept(desk) == []


async def test_nothing_is_kept_while_a_case_is_open_even_if_another_form_was_filled_in_since(
    talk, desk
):
    async with desk.database.transaction() as session:
        await add_case(
            session,
            desk.keys,
            pseudonym=desk.keys.pseudonym("web", talk.who),
            language="en",
            centre=None,
            danger=False,
            text="",
        )
    await talk.says("qwrt zxcv")
    assert await kept(desk) == []


async def test_without_the_model_nothing_is_kept_because_nobody_looked_for_danger(talk, desk, nlu):
    nlu.down = True
    await talk.says("qwrt zxcv")
    assert await kept(desk) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_people_are_told_in_their_language_where_it_is_on(desk, language):
    person = Talk(desk, f"reader of {language}")
    [welcome] = await person.presses("start", language=language)
    [privacy] = await person.presses("ask:privacy")
    [erase] = await person.presses("delete")
    for reply in (welcome, privacy, erase):
        assert reply.language == language and str(DAYS) in reply.text
    if language != "en":
        for reply in (welcome, privacy, erase):
            assert "understand" not in reply.text
