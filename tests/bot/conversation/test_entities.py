"""What a message names, and how it changes the answer."""

import pytest
from structlog.testing import capture_logs

from bot.conversation.nlu_client import Parse
from content.languages import LANGUAGES
from tests.bot.conversation.test_conversation import values
from tests.support.talk import Talk


def _named(kind: str, value: str, start: int = 0, end: int = 1) -> dict:
    return {"entity": kind, "value": value, "start": start, "end": end, "extractor": "x"}


_LIPA = [_named("centre", "lipa")]


async def test_a_centre_named_in_a_question_is_told_of_and_can_be_set(talk, nlu):
    nlu.reads("food in lipa", {"food": 0.9}, entities=_LIPA)
    [reply] = await talk.says("food in lipa")
    assert reply.content == "food"
    assert reply.text.startswith("📍 Lipa\nin Una-Sana Canton") or "Bihać" in reply.text
    assert "whether it is open" in reply.text
    assert values(reply)[0] == "centre:lipa"
    [kept] = await talk.presses("centre:lipa")
    assert "Your centre: Lipa." in kept.text


async def test_the_chosen_centre_stays_when_another_is_asked_about(talk, nlu):
    await talk.presses("centre:usivak")
    nlu.reads("how do i get to lipa", {"centre_transport": 0.9}, entities=_LIPA)
    [reply] = await talk.says("how do i get to lipa")
    assert "📍 Lipa" in reply.text and "centre:lipa" not in values(reply)
    nlu.reads("food in usivak", {"food": 0.9}, entities=[_named("centre", "usivak")])
    [own] = await talk.says("food in usivak")
    assert own.text.startswith("📍 In Ušivak:\n• Meals: ")
    assert "Canton" not in own.text  # who is there needs no telling where it is


@pytest.mark.parametrize(
    ("intent", "entities"),
    [
        ("asylum_apply", _LIPA),  # no question about services
        ("food", [*_LIPA, _named("centre", "usivak")]),  # which is meant is not known
        ("food", [_named("centre", "lukavica")]),  # detention: nobody is sent there
        ("food", [_named("centre", "no_such")]),
        ("food", [_named("town", "bihac"), _named("town", "tuzla")]),  # which is meant is not known
        ("food", [_named("town", "no_such")]),
        ("food", [_named("river", "drina")]),
        ("food", []),
        ("food", None),
        ("food", "nonsense"),
        ("food", [{"entity": "centre"}, 7, None, {**_LIPA[0], "start": "x"}]),
    ],
)
async def test_otherwise_nothing_is_told_of_a_centre(talk, nlu, intent, entities):
    nlu.reads("the question", {intent: 0.9}, entities=entities)
    [reply] = await talk.says("the question")
    assert reply.content == intent and "📍" not in reply.text
    assert not [v for v in values(reply) if v.startswith("centre:")]


async def test_a_centre_that_is_thought_closed_says_so_carefully(talk, nlu):
    nlu.reads("sleep in borici", {"shelter_find": 0.9}, entities=[_named("centre", "borici")])
    [reply] = await talk.says("sleep in borici")
    assert "It may be closed. Ask staff before you go." in reply.text


@pytest.mark.parametrize("code", LANGUAGES)
async def test_only_published_facts_are_shown_in_the_language_of_the_person(
    desk, nlu, library, code
):
    person = Talk(desk, f"in-{code}")
    await person.presses("start", language=code)
    for key, centre in library.directory.centres.items():
        nlu.reads("q", {"food": 0.9}, confidence=0.0, entities=[_named("centre", key)])
        [reply] = await person.says("q")
        if not centre.choosable:
            continue
        card = reply.text.split("\n\n")[0].split("\n")
        assert centre.called(code) in card[0]
        place = library.directory.published(f"centre.{key}.place", code)
        food = centre.services.get("food")
        assert len(card) == 2 + bool(place) + bool(food)
        assert not food or food.in_words(code) in card[-2].replace("\u2066", "").replace(
            "\u2069", ""
        )
        assert not place or place in card[1].replace("\u2066", "").replace("\u2069", "")
        if code in ("ar", "fa", "ps", "ur"):
            assert not any(c.isascii() and c.isalpha() for line in card for c in line)


async def test_a_code_among_other_numbers_opens_its_feedback(talk, nlu):
    for value in ("fb", "fb:type:praise", "fb:area:food"):
        await talk.presses(value)
    await talk.says("good soup")
    [done] = await talk.presses("fb:send")
    code = done.html.split("<code>")[1].split("</code>")[0]
    text = f"2 days ago I wrote, code {code}, room 12"
    nlu.reads(text, {"feedback_status": 0.9})
    [status] = await talk.says(text)
    assert "It was received" in status.text


async def test_phone_numbers_change_nothing_and_reach_no_log(talk, nlu):
    text = "where can I eat? my number is +387 61 123 456"
    nlu.reads(text, {"food": 0.9}, entities=[_named("phone", "+38761123456", 31, 46)])
    plain = "where can I eat"
    nlu.reads(plain, {"food": 0.9})
    with capture_logs() as logged:
        [reply] = await talk.says(text)
        assert reply.html == (await talk.says(plain))[0].html
        nlu.down = True
        await talk.says(text)
    assert [event["event"] for event in logged] == ["nlu.unavailable"]
    assert "123" not in str(logged)
    parse = Parse.from_rasa(nlu.readings[text])
    assert [one.value for one in parse.entities] == ["+38761123456"]
    assert "123456" not in repr(parse)
