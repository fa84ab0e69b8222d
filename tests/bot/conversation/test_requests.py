"""Several requests in one message."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import nlu_client, requests
from bot.conversation.nlu_client import NluClient, Parse, Part
from bot.conversation.requests import MAX_PARTS, PART_WORDS, decide_message, split
from content.intents import danger_intents, intents
from tests.bot.conversation.test_conversation import values

_WORDS = [
    "and",
    "also",
    "و",
    "وكمان",
    "بعد",
    "او",
    "aur",
    "et",
    "aussi",
    "food",
    "کجا",
    "12.3.",
    "x",
]
_ENDS = ["?", "؟", "!", ".", "۔", "\n", "...", ". ", "؟ ", "\u2028", ";"]
_TEXTS = st.one_of(
    st.text(max_size=150),
    st.lists(st.sampled_from([*_WORDS, *_ENDS]), max_size=40).map(" ".join),
    st.lists(st.sampled_from([*_WORDS, *_ENDS, " "]), max_size=40).map("".join),
)


@given(_TEXTS)
def test_parts_are_never_empty_few_and_have_the_words_of_the_message(text):
    parts = split(text)
    assert len(parts) <= MAX_PARTS
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() for part in parts)
    if len(parts) > 1:
        assert all(len(part.split()) >= PART_WORDS for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I lost my paper. Where can I eat?", ["I lost my paper.", "Where can I eat?"]),
        ("ورقتي ضاعت؟ وين باكل؟", ["ورقتي ضاعت؟", "وين باكل؟"]),
        (
            "مجھے ڈاکٹر چاہیے اور کھانا کہاں ملتا ہے",
            ["مجھے ڈاکٹر چاہیے", "اور کھانا کہاں ملتا ہے"],
        ),
        (
            "je cherche un avocat et où est la douche",
            ["je cherche un avocat", "et où est la douche"],
        ),
        ("من غذا و لباس می‌خواهم", ["من غذا و لباس می‌خواهم"]),  # a list, not two requests
        ("bread and water", ["bread and water"]),
        ("he lies there and turns blue", ["he lies there and turns blue"]),
        ("my interview is on 12.3.2027 at 10.30", ["my interview is on 12.3.2027 at 10.30"]),
        ("Hello. Where can I eat?", ["Hello. Where can I eat?"]),
        ("", []),
    ],
)
def test_messages_are_cut_where_people_end_a_thought(text, parts):
    assert split(text) == parts


def test_a_long_story_is_cut_into_four():
    parts = split(" ".join(f"This is sentence number {n}." for n in range(9)))
    assert len(parts) == 4 and re.findall(r"\d", " ".join(parts)) == list("012345678")


def _reading(ranking: dict[str, float], *parts: tuple[str, dict[str, float]]) -> Parse:
    ordered = tuple(sorted(ranking.items(), key=lambda item: -item[1]))
    read = tuple(Part(text, _reading(of)) for text, of in parts)
    return Parse(ordered, "en", 1.0, "Latn", (), read)


async def test_a_second_clear_request_is_the_first_button(talk, nlu):
    text = "I lost my white paper. Where can I eat?"
    nlu.reads(text, {"asylum_attestation": 0.6, "lost_documents": 0.2})
    nlu.reads("I lost my white paper.", {"asylum_attestation": 0.9})
    nlu.reads("Where can I eat?", {"food": 0.95})
    [reply] = await talk.says(text)
    assert reply.content == "asylum_attestation"
    assert values(reply)[0] == "ask:food"
    assert "more than one thing" in reply.text
    assert len(values(reply)) == len(set(values(reply)))
    assert nlu.asked == 3


async def test_a_message_of_one_request_is_asked_for_once_and_says_nothing_of_a_rest(talk, nlu):
    nlu.reads("where can I eat here today", {"food": 0.95})
    [reply] = await talk.says("where can I eat here today")
    assert "more than one" not in reply.text and nlu.asked == 1
    await talk.says("food. food.")  # too short to hold two
    assert nlu.asked == 2


async def test_at_most_two_further_requests_are_offered(talk, nlu):
    asks = {
        "I need a lawyer.": "legal_aid",
        "Where can I eat?": "food",
        "I need warm clothes.": "clothes_items",
        "My child needs school.": "school_children",
    }
    text = " ".join(asks)
    nlu.reads(text, {"legal_aid": 0.5})
    for part, intent in asks.items():
        nlu.reads(part, {intent: 0.9})
    [reply] = await talk.says(text)
    assert reply.content == "legal_aid"
    assert values(reply)[:2] == ["ask:food", "ask:clothes_items"]
    assert "ask:school_children" not in values(reply)


@pytest.mark.parametrize("kind", ["ask_back", "fallback", "small_talk"])
async def test_the_one_clear_part_of_an_unclear_message_is_answered(talk, nlu, kind):
    text = "So it is like this. Where can I eat?"
    nlu.reads(
        text,
        {
            "ask_back": {"food": 0.2, "money_transfer": 0.18},
            "fallback": {"food": 0.03},
            "small_talk": {"thanks": 0.8},
        }[kind],
    )
    nlu.reads("Where can I eat?", {"food": 0.95})
    [reply] = await talk.says(text)
    assert reply.content == "food"


async def test_two_parts_as_clear_as_each_other_are_asked_back(talk, nlu):
    text = "I need a lawyer. Where can I eat?"
    nlu.reads(text, {"legal_aid": 0.2, "food": 0.18})
    nlu.reads("I need a lawyer.", {"legal_aid": 0.9})
    nlu.reads("Where can I eat?", {"food": 0.95})
    [reply] = await talk.says(text)
    assert reply.content is None
    assert values(reply)[:2] == ["ask:legal_aid", "ask:food"]


async def test_greetings_and_thanks_never_become_buttons(talk, nlu):
    text = "Where can I eat? Thank you very much. Good bye then."
    nlu.reads(text, {"food": 0.9})
    nlu.reads("Where can I eat?", {"food": 0.9})
    nlu.reads("Thank you very much.", {"thanks": 0.97})
    nlu.reads("Good bye then.", {"goodbye": 0.97})
    [reply] = await talk.says(text)
    assert reply.content == "food" and "more than one" not in reply.text


async def test_a_sure_danger_in_one_part_decides_and_the_rest_is_offered(talk, nlu):
    text = "Where can I eat? My friend lies on the ground and turns blue."
    nlu.reads(text, {"food": 0.7, "medical_emergency": 0.15})
    nlu.reads("Where can I eat?", {"food": 0.95})
    nlu.reads("My friend lies on the ground and turns blue.", {"medical_emergency": 0.9})
    [reply] = await talk.says(text)
    assert (reply.content, reply.danger) == ("medical_emergency", "sure")
    assert "ask:food" in values(reply)


async def test_a_part_does_not_alarm_where_the_whole_message_shows_no_danger(talk, nlu):
    text = "Last year they shot at us. Where can I eat?"
    nlu.reads(text, {"food": 0.9, "violence": 0.02})
    nlu.reads("Last year they shot at us.", {"violence": 0.7})
    nlu.reads("Where can I eat?", {"food": 0.95})
    [reply] = await talk.says(text)
    assert (reply.content, reply.danger) == ("food", None)


async def test_of_several_dangers_in_parts_the_most_urgent_decides():
    parse = _reading(
        {"food": 0.6, "violence": 0.2, "medical_emergency": 0.1},
        ("they beat us badly", {"violence": 0.8}),
        ("she does not breathe", {"medical_emergency": 0.8}),
    )
    assert decide_message(parse, "x y z").decision.intent == "medical_emergency"


async def test_a_sure_danger_does_not_wait_for_its_parts(talk, nlu):
    text = "I am in a minefield. What do I do?"
    nlu.reads(text, {"mine_found": 0.95})
    [reply] = await talk.says(text)
    assert reply.content == "mine_found" and nlu.asked == 1


async def test_a_danger_in_a_part_breaks_into_a_form(talk, nlu):
    await talk.presses("fb:type:complaint")
    text = "The food is bad here. He fell and does not wake."
    nlu.reads(text, {"feedback_complaint": 0.6, "medical_emergency": 0.2})
    nlu.reads("He fell and does not wake.", {"medical_emergency": 0.9})
    replies = await talk.says(text)
    assert replies[0].content == "medical_emergency"


async def test_if_parts_fail_the_whole_message_stands_alone(talk, desk, nlu, monkeypatch):
    text = "I lost my white paper. Where can I eat?"
    nlu.reads(text, {"asylum_attestation": 0.6})
    nlu.reads("Where can I eat?", {"food": 0.95})
    asked = desk.nlu.parse

    async def slow_for_parts(what):
        if what != text:
            await asyncio.sleep(5)
        return await asked(what)

    monkeypatch.setattr(desk.nlu, "parse", slow_for_parts)
    monkeypatch.setattr(requests, "TIMEOUT", 0.1)
    [reply] = await talk.says(text)
    assert (reply.content, "more than one" in reply.text) == ("asylum_attestation", False)
    # slow parts are no reason to think that the server is down
    nlu.reads("food?", {"food": 0.9})
    [food] = await talk.says("food?")
    assert food.content == "food"


async def test_one_part_that_fails_leaves_all_out(nlu):
    client = NluClient("http://nlu.test", transport=nlu.transport)
    nlu.reads("good", {"food": 0.9})
    nlu.readings["bad"] = {"intent_ranking": []}
    assert await client.parse_all(["good", "bad"], nlu_client.TIMEOUT) == []
    await client.close()


_RANKINGS = st.dictionaries(
    st.sampled_from(sorted(intents())), st.floats(0.001, 1), min_size=1, max_size=8
).map(lambda raw: {name: weight / sum(raw.values()) for name, weight in raw.items()})


@given(_RANKINGS, st.lists(_RANKINGS, max_size=4))
def test_parts_never_lower_a_danger_and_buttons_are_never_talk(whole, parts):
    alone = decide_message(_reading(whole), "abc").decision
    both = decide_message(_reading(whole, *((f"part {n}", p) for n, p in enumerate(parts))), "abc")
    if alone.kind == "danger":
        assert both.decision == alone
    elif alone.suspected:
        assert both.decision.kind == "danger" or both.decision.suspected == alone.suspected
    assert both.decision.kind != "danger" or both.decision.intent in danger_intents()
    assert len(both.also) <= 2 and both.decision.intent not in both.also
    assert all(intents()[i].route in ("answer", "feedback", "handoff") for i in both.also)
