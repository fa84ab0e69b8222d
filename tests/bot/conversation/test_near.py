"""What is near a shared location or a named town, and answers for one's own centre."""

import pytest
from structlog.testing import capture_logs

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from content.languages import LANGUAGES
from store.database import Database
from tests.bot.conversation.test_conversation import values
from tests.support.places import CENTRE, OFFICE, pinned
from tests.support.talk import Talk

BIHAC = {"latitude": 44.8201, "longitude": 15.8652}
FOREST = {"latitude": 44.1, "longitude": 17.0}
SPLIT = {"latitude": 43.508, "longitude": 16.44}
STRONG = "You may be outside a town. There may be mines here"
SHORT = "Off the roads there may be mines"


def _town(key: str) -> list[dict]:
    return [{"entity": "town", "value": key, "start": 0, "end": 1, "extractor": "x"}]


@pytest.fixture
async def pinned_desk(database, keys, nlu):
    client = NluClient("http://nlu.test", transport=nlu.transport)
    yield Desk(database, pinned(), keys, client, LocalLocks(), operator="The test team")
    await client.close()


async def test_inside_a_town_the_numbers_come_first_then_what_is_near(talk):
    [numbers, near] = await talk.sends("location", **BIHAC)
    assert numbers.route == "emergency"
    assert numbers.text.startswith("You are here: 44.82010, 15.86520")
    assert all(number in numbers.text for number in ("121", "122", "123", "124"))
    assert STRONG not in near.text and near.text.rstrip().endswith("used paths.")
    assert SHORT in near.text and "ask:mine_areas" in values(near)
    first = near.text.split("\n\n")[1].split("\n")
    assert first == ["🏕 Lipa", "near Bihać, in Una-Sana Canton"]  # nobody has measured how far
    assert near.text.index("JRS") < near.text.index("SFA office in Banja Luka")
    assert "Banja Luka: about 110 km" in near.text
    assert "IOM" not in near.text  # more than a day's way
    assert {"centre:lipa", "ask:shelter_find", "menu"} <= set(values(near))


async def test_outside_towns_the_warning_stands_before_everything_else(talk):
    [numbers, near] = await talk.sends("location", **FOREST)
    assert "44.10000, 17.00000" in numbers.text and "121" in numbers.text
    assert near.text.startswith("⚠️ " + STRONG) and near.html.startswith("<b>⚠️")
    assert values(near)[0] == "ask:mine_areas"
    assert "Bihać: about 120 km" in near.text


async def test_abroad_nothing_is_invented(talk):
    [numbers, near] = await talk.sends("location", **SPLIT)
    assert "43.50800, 16.44000" in numbers.text
    assert "outside Bosnia and Herzegovina" in near.text
    assert "km" not in near.text and "Lipa" not in near.text and not near.points
    assert "ask:mine_areas" in values(near)


async def test_nobody_is_sent_to_a_closed_centre_or_to_detention(talk):
    for where in (BIHAC, FOREST, {"latitude": 43.85, "longitude": 18.36}):
        [_numbers, near] = await talk.sends("location", **where)
        assert "Borići" not in near.text and "Lukavica" not in near.text
        assert not near.points  # no centre's own point is known


async def test_a_place_that_was_measured_has_its_distance_and_a_pin(pinned_desk):
    person = Talk(pinned_desk, "x")
    await person.presses("start", language="en")
    [_numbers, near] = await person.sends("location", **BIHAC)
    assert "🏕 Lipa\nnear Bihać, in Una-Sana Canton · about 20 km" in near.text
    assert "Here 1, Bihać · about 1 km" in near.text and "Languages: English, Arabic" in near.text
    lipa, jrs = near.points
    assert [lipa.latitude, lipa.longitude] == CENTRE and lipa.title == "Lipa"
    assert lipa.address == "near Bihać, in Una-Sana Canton"
    assert [jrs.latitude, jrs.longitude] == OFFICE and jrs.address == "Here 1, Bihać"


async def test_a_location_is_kept_nowhere_and_in_no_log(talk, desk):
    with capture_logs() as logged:
        await talk.sends("location", **BIHAC)
    assert logged == []
    async with desk.database.transaction() as session:
        person = desk._remembered[desk.keys.pseudonym("web", "person-1")]
        assert "44.82" not in repr(person) and "15.86" not in repr(person)
        raw = await session.connection()
        tables = await raw.run_sync(lambda c: c.exec_driver_sql("select * from people").all())
    assert "44.82" not in repr(tables)


async def test_without_a_database_a_location_is_answered_just_so(talk, desk):
    expected = [reply.html for reply in await talk.sends("location", **FOREST)]
    desk.database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    assert [reply.html for reply in await talk.sends("location", **FOREST)] == expected


async def test_whatever_fails_here_the_numbers_for_rescuers_and_the_answer_come(
    talk, nlu, monkeypatch
):
    for module in ("near", "local"):
        monkeypatch.setattr(f"actions.{module}.offered", lambda *_: 1 / 0)
    with capture_logs() as logged:
        [numbers] = await talk.sends("location", **BIHAC)
        assert "44.82010" in numbers.text and "124" in numbers.text
        await talk.presses("centre:lipa")
        [food] = await talk.presses("ask:food")
        assert food.content == "food" and "📍" not in food.text
        nlu.reads("eat in bihac", {"food": 0.9}, entities=_town("bihac"))
        [again] = await talk.says("eat in bihac")
        assert again.html == food.html
    assert [one["event"] for one in logged] == ["near.failed", "local.failed", "local.failed"]


@pytest.mark.parametrize("code", LANGUAGES)
async def test_the_lists_are_written_in_the_language_of_the_person(pinned_desk, code):
    person = Talk(pinned_desk, f"in-{code}")
    await person.presses("start", language=code)
    directory = pinned_desk.library.directory
    for where in (BIHAC, FOREST, SPLIT):
        [_numbers, near] = await person.sends("location", **where)
        english = [w for w in ("about", "Ask ", "Near", "may be", "outside") if w in near.text]
        assert bool(english) is (code == "en")
    [_numbers, near] = await person.sends("location", **BIHAC)
    assert directory.centres["lipa"].called(code) in near.text
    if LANGUAGES[code].direction == "rtl":
        assert "\u206620\u2069" in near.html and "\u2066+387 51 213 926\u2069" in near.html
    [list_of_town] = await person.presses("near:bihac")
    assert list_of_town.language == code and directory.towns["bihac"].called(code) in near.text


@pytest.mark.parametrize(
    ("text", "town", "language", "centre"),
    [
        ("where can i sleep in bihac", "bihac", "en", "Lipa"),
        ("أين أنام في بيهاتش", "bihac", "ar", "ليبا"),
        ("غذا در توزلا", "tuzla", "fa", "اوشیواک"),
    ],
)
async def test_a_question_that_names_a_town_gets_its_answer_and_what_is_around(
    desk, nlu, text, town, language, centre
):
    person = Talk(desk, "t")
    await person.presses("start", language=language)
    nlu.reads(text, {"shelter_find": 0.9}, language=language, entities=_town(town))
    [reply, around] = await person.says(text)
    assert reply.content == "shelter_find" and "📍" not in reply.text
    assert centre in around.text and not around.points
    assert desk.library.directory.towns[town].called(language) in around.text.split("\n")[0]
    assert "ask:shelter_find" not in values(around)
    assert around.content is None and around.danger is None


async def test_what_was_asked_for_comes_first_among_the_offices(talk, nlu):
    nlu.reads("food in prijedor", {"food": 0.9}, entities=_town("prijedor"))
    [_food, around] = await talk.says("food in prijedor")
    assert around.text.index("JRS") < around.text.index("SFA office in Banja Luka")
    assert "day centre" in around.text and "clothes" not in around.text
    [around] = await talk.presses("near:prijedor")
    assert around.text.index("JRS") > around.text.index("SFA office in Banja Luka")


async def test_danger_that_is_only_suspected_is_still_asked_about_last(talk, nlu):
    ranking = {"shelter_find": 0.7, "rescue": 0.2}
    nlu.reads("we sleep outside in bihac", ranking, entities=_town("bihac"))
    replies = await talk.says("we sleep outside in bihac")
    assert len(replies) == 2 and all(reply.danger == "suspected" for reply in replies)
    assert values(replies[-1])[0].startswith("sos")


@pytest.mark.parametrize("text", ["I am in Tuzla", "أنا في توزلا"])
async def test_who_says_in_which_town_they_are_hears_what_is_near(talk, nlu, text):
    nlu.reads(text, {"change_centre": 0.9}, confidence=0.0, entities=_town("tuzla"))
    [around, which] = await talk.says(text)
    assert "Around Tuzla" in around.text and "IOM" in around.text
    assert "centre:lipa" in values(which) and "centre:none" in values(which)
    nlu.reads("I am at the Drina", {"change_centre": 0.9})
    [which] = await talk.says("I am at the Drina")
    assert "centre:none" in values(which)


async def test_answers_begin_with_what_ones_own_centre_offers(talk, nlu):
    [before] = await talk.presses("ask:food")
    await talk.presses("centre:lipa")
    [food] = await talk.presses("ask:food")
    head, rest = food.html.split("\n\n", 1)
    assert head.startswith("📍 <b>In Lipa:</b>\n• Meals: ") and rest == before.html
    [clothes] = await talk.presses("ask:clothes_items")
    assert "📍" not in clothes.text  # nothing is known of clothes there
    [health] = await talk.presses("ask:medical_care")
    assert "📍" not in health.text and "infirmary" not in health.text  # old: not published
    nlu.reads("food in lipa", {"food": 0.9}, entities=[_town("lipa")[0] | {"entity": "centre"}])
    assert (await talk.says("food in lipa"))[0].html == food.html
    nlu.reads("food in bihac", {"food": 0.9}, entities=_town("bihac"))
    replies = await talk.says("food in bihac")
    assert "In Lipa:" not in replies[0].text and "centre:lipa" not in values(replies[1])


async def test_hours_and_languages_of_a_service_are_told(pinned_desk):
    person = Talk(pinned_desk, "x")
    await person.presses("start", language="en")
    await person.presses("centre:lipa")
    [food] = await person.presses("ask:food")
    assert "• Meals: three meals · Monday ⁦08:00–09:00⁩ · Languages: Persian, English\n" in food.text


async def test_near_me_asks_where_one_is(desk, talk):
    [menu] = await talk.presses("topic:services")
    assert "near" in values(menu)
    [web] = await talk.presses("near")
    assert "📎" not in web.text  # the page can't send a location
    towns = [value for value in values(web) if value.startswith("near:")]
    assert "near:bihac" in towns
    for value in towns:
        [around] = await talk.presses(value)
        assert "🏕" in around.text or "🏢" in around.text
    [unknown] = await talk.presses("near:no_such")
    assert unknown.text == web.text
    phone = Talk(desk, "y", "telegram")
    await phone.presses("start", language="en")
    [asked] = await phone.presses("near")
    assert "📎" in asked.text
