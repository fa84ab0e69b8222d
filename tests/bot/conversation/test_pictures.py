"""Which answers carry pictures, and the low-data setting."""

import pytest

from actions.emergency import DANGERS
from bot.conversation.conversation import URGENT
from content.languages import LANGUAGES
from content.pictures import DELICATE, pictures
from tests.support.talk import Talk

CARRIED = {
    "mine_found": ["mine_stop", "call_help"],
    "mine_signs": ["mine_signs"],
    "mine_areas": ["mine_where", "mine_signs"],
    "medical_emergency": ["first_aid", "call_help"],
    "rescue": ["call_help", "river"],
}


def values(reply):
    return [choice.value for choice in reply.choices]


def ids(reply):
    return [media.id for media in reply.media]


@pytest.mark.parametrize("intent", CARRIED)
async def test_answers_carry_their_pictures(talk, intent):
    [reply] = await talk.presses(f"ask:{intent}")
    assert ids(reply) == [f"picture.{name}.png" for name in CARRIED[intent]]
    assert all(media.kind == "picture" and media.alt for media in reply.media)
    assert f"pic:{intent}" not in values(reply)


@pytest.mark.parametrize("intent", sorted((set(DANGERS) | DELICATE | {"food"}) - set(CARRIED)))
async def test_others_carry_none(talk, intent):
    assert all(not reply.media for reply in await talk.presses(f"ask:{intent}"))


async def test_the_text_of_an_emergency_is_the_same_with_and_without_pictures(talk, nlu):
    nlu.reads("a mine", {"mine_found": 0.95})
    [reply] = await talk.says("a mine")
    await talk.presses("lowdata:on")
    [low] = await talk.says("a mine")
    assert reply.media and not low.media
    assert low.html == reply.html and low.danger == reply.danger == "sure"
    assert values(low)[0] == values(reply)[0] == "person:danger"
    assert [value for value in values(low) if value != "pic:mine_found"] == values(reply)


@pytest.mark.parametrize("intent", sorted(URGENT))
async def test_an_emergency_still_comes_in_the_middle_of_a_form(talk, nlu, intent):
    await talk.presses("fb:type:complaint")
    nlu.reads("help us", {intent: 0.97})
    [danger, _go_on] = await talk.says("help us")
    assert (danger.content, danger.danger) == (intent, "sure")
    assert len(danger.media) == len(CARRIED.get(intent, []))


async def test_low_data_is_found_in_the_menu_and_undone_there(talk):
    [menu] = await talk.presses("topic:about")
    assert "lowdata:on" in values(menu)
    [told] = await talk.presses("lowdata:on")
    assert "no pictures" in told.text and "lowdata:off" in values(told)
    [answer] = await talk.presses("ask:mine_signs")
    assert not answer.media and values(answer)[0] == "pic:mine_signs"
    [menu] = await talk.presses("topic:about")
    assert "lowdata:off" in values(menu)
    await talk.presses("lowdata:off")
    [answer] = await talk.presses("ask:mine_signs")
    assert answer.media and "pic:mine_signs" not in values(answer)


async def test_the_command_turns_it_on_and_off(talk):
    [on] = await talk.says("/lowdata")
    [off] = await talk.says("/lowdata")
    assert ("lowdata:off" in values(on), "lowdata:on" in values(off)) == (True, True)


async def test_low_data_is_of_one_person_and_goes_with_them(talk, desk):
    other = Talk(desk, "person-2")
    await other.presses("start", language="en")
    await talk.presses("lowdata:on")
    assert (await other.presses("ask:mine_signs"))[0].media
    await talk.presses("delete:yes")
    await talk.presses("start", language="en")
    assert (await talk.presses("ask:mine_signs"))[0].media


async def test_a_picture_is_shown_when_asked_for(talk):
    await talk.presses("lowdata:on")
    [shown] = await talk.presses("pic:mine_signs")
    assert ids(shown) == ["picture.mine_signs.png"] and values(shown) == ["ask:mine_signs", "menu"]
    assert shown.danger is None
    [shown] = await talk.presses("pic:medical_emergency")
    assert shown.danger == "sure" and len(shown.media) == 2
    assert values(shown)[0] == "person:danger"


@pytest.mark.parametrize("what", ["", "food", "gbv", "nothing", "../x"])
async def test_a_picture_that_is_not_there_leads_to_the_menu(talk, what):
    [reply] = await talk.presses(f"pic:{what}")
    assert not reply.media and "topic:mines" in values(reply)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_has_its_own_words(desk, language):
    person = Talk(desk, f"person-{language}")
    await person.presses("start", language="en")
    await person.presses(f"lang:{language}")
    [reply] = await person.presses("ask:rescue")
    told = {media.alt for media in reply.media}
    assert reply.language == language and len(told) == 2
    if language != "en":
        assert not told & {one.alt["en"] for some in pictures().values() for one in some}
        [low] = await person.presses("lowdata:on")
        assert "Low data" not in low.text and "pictures" not in low.text
