"""The conversation, without a channel."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.menu import GROUPS, in_some_menu
from bot.conversation.nlu_client import PAUSE, NluClient
from content.intents import intents, intents_with_text
from content.languages import LANGUAGES
from tests.support.talk import Talk

#: Buttons of all forms and menus, pressed in any order by the last test.
_BUTTONS = [
    "start",
    "menu",
    "cancel",
    "lang",
    "lang:fa",
    "topic:asylum",
    "ask:food",
    "sos",
    "person",
    "person:yes",
    "person:skip",
    "person:leave",
    "fb",
    "fb:type:praise",
    "fb:area:food",
    "fb:send",
    "fb:back",
    "fb:again",
    "fb:code",
    "fb:nocentre",
    "rep:gbv",
    "rep:send",
    "rep:nocontact",
    "rep:again",
    "rules",
    "centre",
    "centre:lipa",
    "centre:none",
    "delete",
    "delete:yes",
    "useful:n:food",
    "chg",
    "chg:1",
    "srv:yes:0",
    "srv:no:0",
    "srv:a:0:0:0",
    "srv:send",
]


def values(reply) -> list[str]:
    return [choice.value for choice in reply.choices]


async def test_first_contact_says_who_runs_this_that_it_is_a_program_and_offers_six_languages(desk):
    [welcome] = await Talk(desk, "new").presses("start", language="fr-FR")
    assert welcome.language == "fr"
    assert "The test team" in welcome.text
    assert [v for v in values(welcome) if v.startswith("lang:")] == [
        f"lang:{code}" for code in LANGUAGES
    ]


async def test_a_first_question_is_answered_before_the_introduction(desk, nlu):
    nlu.reads("where can I eat", {"food": 0.9})
    replies = await Talk(desk, "new").says("where can I eat")
    assert [r.content for r in replies] == ["food", None]
    assert "The test team" in replies[1].text


async def test_another_language_is_answered_in_english_with_the_languages_to_choose(talk, nlu):
    nlu.reads("doktor nerede acaba", {"medical_care": 0.9}, language="other")
    answer, languages = await talk.says("doktor nerede acaba")
    assert (answer.content, answer.language) == ("medical_care", "en")
    assert [v for v in values(languages) if v.startswith("lang:")] == [
        f"lang:{code}" for code in LANGUAGES
    ]


async def test_danger_in_another_language_is_danger(talk, nlu):
    nlu.reads("arkadaşım mayına bastı", {"mine_found": 0.8}, language="other")
    page, languages = await talk.says("arkadaşım mayına bastı")
    assert (page.danger, page.content) == ("sure", "mine_found")
    assert "lang:ar" in values(languages)


async def test_one_word_in_another_script_is_enough(talk, nlu):
    nlu.reads("больница", {"medical_care": 0.9}, language="other", confidence=1.0)
    answer, languages = await talk.says("больница")
    assert answer.language == "en"
    assert "lang:ar" in values(languages)


async def test_a_single_foreign_word_or_a_chosen_language_changes_nothing(talk, nlu):
    nlu.reads("hastane", {"medical_care": 0.9}, language="other")
    assert len(await talk.says("hastane")) == 1
    await talk.presses("lang:fa")
    nlu.reads("doktor nerede acaba", {"medical_care": 0.9}, language="other")
    [answer] = await talk.says("doktor nerede acaba")
    assert answer.language == "fa"


async def test_a_confident_question_gets_its_answer_with_related_topics_and_a_vote(talk, nlu):
    nlu.reads("asylum?", {"asylum_apply": 0.9})
    [reply] = await talk.says("asylum?")
    assert (reply.content, reply.route, reply.danger) == ("asylum_apply", "answer", None)
    assert {"useful:y:asylum_apply", "useful:n:asylum_apply", "person", "menu"} <= set(
        values(reply)
    )
    assert any(v.startswith("ask:") for v in values(reply))


async def test_an_unsure_reading_is_asked_back_with_up_to_three_titles(talk, nlu):
    nlu.reads("papers", {"asylum_attestation": 0.25, "lost_documents": 0.22, "asylum_apply": 0.2})
    [reply] = await talk.says("papers")
    asked = [v for v in values(reply) if v.startswith("ask:")]
    assert asked == ["ask:asylum_attestation", "ask:lost_documents", "ask:asylum_apply"]
    assert reply.content is None


async def test_what_is_not_understood_meets_search_menu_and_a_person(talk, nlu):
    nlu.reads("zzz interpreter zzz", {"greet": 0.03})
    [reply] = await talk.says("zzz interpreter zzz")
    assert {"person", "menu", "sos"} <= set(values(reply))
    assert "ask:interpreter" in values(reply)


async def test_after_two_misunderstandings_a_person_is_offered_first(talk, nlu):
    await talk.says("qwrt")
    [reply] = await talk.says("zxcv")
    assert values(reply)[0] == "person"


@pytest.mark.parametrize("intent", [i.id for i in intents().values() if i.danger])
async def test_sure_danger_gets_its_page_in_one_message_with_a_way_to_a_person(talk, nlu, intent):
    nlu.reads("something terrible", {intent: 0.8})
    [reply] = await talk.says("something terrible")
    assert (reply.content, reply.danger) == (intent, "sure")
    assert reply.route in ("emergency", "report")
    assert "person:danger" in values(reply)
    if reply.route == "report":
        assert f"rep:{intent}" in values(reply)


async def test_suspected_danger_keeps_the_answer_and_adds_one_line_with_a_button(talk, nlu):
    nlu.reads("my leg hurts a lot", {"medical_care": 0.7, "medical_emergency": 0.2})
    [reply] = await talk.says("my leg hurts a lot")
    assert (reply.content, reply.danger) == ("medical_care", "suspected")
    assert values(reply)[0] == "sos:medical_emergency"
    [menu] = await talk.presses("sos:medical_emergency")
    assert values(menu)[0] == "ask:medical_emergency"
    assert "124" in menu.text and "122" in menu.text


async def test_several_dangers_that_together_are_probable_are_sure(talk, nlu):
    nlu.reads("help they come", {"violence": 0.3, "gbv": 0.25, "greet": 0.35})
    [reply] = await talk.says("help they come")
    assert (reply.content, reply.danger) == ("violence", "sure")


async def test_runners_up_are_offered_beside_the_answer_and_on_a_danger_page(talk, nlu):
    nlu.reads("paper gone", {"lost_documents": 0.6, "civil_documents": 0.2})
    [reply] = await talk.says("paper gone")
    assert (reply.content, values(reply)[0]) == ("lost_documents", "ask:civil_documents")
    nlu.reads("hurts so much", {"medical_emergency": 0.6, "medical_care": 0.3})
    [reply] = await talk.says("hurts so much")
    assert reply.content == "medical_emergency" and "ask:medical_care" in values(reply)


async def test_without_the_model_danger_words_and_menus_still_work_and_the_person_is_told(
    talk, nlu
):
    nlu.down = True
    [danger] = await talk.says("i want to kill myself")
    assert (danger.content, danger.danger) == ("suicide_risk", "sure")
    [honest] = await talk.says("when is lunch")
    assert "124" in honest.text and "menu" in values(honest)
    [menu] = await talk.presses("topic:asylum")
    assert "ask:asylum_apply" in values(menu)


async def test_a_server_that_is_down_is_not_asked_for_every_message(nlu):
    now = [0.0]
    client = NluClient("http://nlu.test", transport=nlu.transport, clock=lambda: now[0])
    nlu.down = True
    for _ in range(5):
        assert await client.parse("hello there") is None
    assert nlu.asked == 1
    now[0] = PAUSE
    assert await client.parse("hello there") is None
    assert nlu.asked == 2
    await client.close()


async def test_the_language_follows_what_the_person_writes(talk, nlu):
    nlu.reads("کجا غذا می‌دهند؟", {"food": 0.9}, language="fa", script="Arab")
    [reply] = await talk.says("کجا غذا می‌دهند؟")
    assert (reply.language, reply.direction) == ("fa", "rtl")


async def test_latin_letters_are_answered_in_the_languages_own_script(talk, nlu):
    nlu.reads("khana kahan milta hai", {"food": 0.9}, language="ur", script="Latn")
    [reply] = await talk.says("khana kahan milta hai")
    assert (reply.language, reply.content) == ("ur", "food")


async def test_arabic_script_is_never_answered_in_latin_letters_only_for_being_short(talk, nlu):
    nlu.reads("سلام", {"greet": 0.9}, language="fa", script="Arab", confidence=0.4)
    [reply] = await talk.says("سلام")
    assert reply.language == "fa"


@pytest.mark.parametrize(
    ("typed", "value"), [("/delete", "delete:yes"), ("/menu@bot", "sos"), ("/privacy x", "delete")]
)
async def test_commands_work_in_every_channel(talk, typed, value):
    [reply] = await talk.says(typed)
    assert value in values(reply)


async def test_a_code_is_known_wherever_it_is_written(talk, nlu):
    nlu.reads("i have code ۱۲۳-456-789", {"out_of_scope": 0.9})
    [reply] = await talk.says("i have code ۱۲۳-456-789")
    assert reply.route == "feedback" and "can't find" in reply.text


async def test_a_chosen_language_stays_for_a_single_foreign_word(talk, nlu):
    await talk.presses("lang:ps")
    nlu.reads("hello", {"greet": 0.9}, language="en")
    [reply] = await talk.says("hello")
    assert reply.language == "ps"


async def test_a_long_message_in_another_language_switches_and_offers_the_way_back(talk, nlu):
    await talk.presses("lang:ps")
    nlu.reads("where can I find a lawyer here", {"legal_aid": 0.9}, language="en")
    [reply] = await talk.says("where can I find a lawyer here")
    assert reply.language == "en"
    assert "lang:ps" in values(reply)


async def test_a_named_language_is_taken_at_once(talk, nlu):
    nlu.reads("french please", {"change_language": 0.9})
    [reply] = await talk.says("french please")
    assert reply.language == "fr"


async def test_a_named_centre_is_kept_and_an_unnamed_one_is_asked_for(talk, nlu):
    nlu.reads("i am in lipa camp", {"change_centre": 0.9})
    [kept] = await talk.says("i am in lipa camp")
    assert "Lipa" in kept.text
    nlu.reads("i moved", {"change_centre": 0.9})
    [asked] = await talk.says("i moved")
    assert "centre:usivak" in values(asked) and "centre:none" in values(asked)


async def test_yes_and_no_stand_for_the_buttons_that_were_offered(talk, nlu):
    nlu.reads("human please", {"human_counsellor": 0.9})
    nlu.reads("yes", {"affirm": 0.95})
    [consent] = await talk.says("human please")
    assert consent.route == "handoff"
    [topic] = await talk.says("yes")
    assert "person:skip" in values(topic)


async def test_every_answer_can_be_reached_by_buttons_alone(talk):
    assert set(intents_with_text()) <= in_some_menu()
    seen, todo = set(), ["menu", "sos"]
    pressed = set()
    while todo:
        value = todo.pop()
        if value in pressed:
            continue
        pressed.add(value)
        for reply in await talk.presses(value):
            if reply.content:
                seen.add(reply.content)
            todo += [v for v in values(reply) if v.split(":")[0] in ("topic", "ask", "menu", "sos")]
    assert seen == set(intents_with_text())


@pytest.mark.parametrize("code", LANGUAGES)
async def test_all_menus_and_answers_exist_in_each_language(talk, code):
    await talk.presses(f"lang:{code}")
    for intent in intents_with_text():
        [reply] = await talk.presses(f"ask:{intent}")
        assert (reply.content, reply.language) == (intent, code)
    for topic in (*GROUPS, "services"):
        [reply] = await talk.presses(f"topic:{topic}")
        assert reply.choices and reply.language == code


async def test_staff_rules_are_one_tap_from_the_menu_and_lead_to_a_report(talk):
    [menu] = await talk.presses("menu")
    assert "rules" in values(menu)
    [rules] = await talk.presses("rules")
    assert "rep:sea_report" in values(rules)


async def test_a_draft_says_that_it_is_one_and_is_withheld_where_only_reviewed_text_is_served(
    talk, desk, nlu
):
    [shown] = await talk.presses("ask:food")
    assert "Not yet checked" in shown.text
    desk._only_reviewed = True
    [withheld] = await talk.presses("ask:food")
    assert withheld.content is None and "person" in values(withheld)
    [danger] = await talk.presses("ask:mine_found")
    assert danger.content == "mine_found"


async def test_pictures_voice_and_locations_get_a_kind_reply(talk):
    for kind in ("photo", "voice", "sticker", "contact"):
        [reply] = await talk.sends(kind)
        assert reply.text and "menu" in values(reply)
    [here, near] = await talk.sends("location", latitude=44.8123456, longitude=15.9)
    assert "44.81235, 15.90000" in here.text and "121" in here.text
    assert "Near you" in near.text


async def test_an_edited_message_is_only_answered_if_it_speaks_of_danger(talk, nlu):
    nlu.reads("where is food", {"food": 0.9})
    assert await talk.sends("edited", text="where is food") == []
    nlu.reads("he is bleeding", {"medical_emergency": 0.9})
    [reply] = await talk.sends("edited", text="he is bleeding")
    assert reply.content == "medical_emergency"


async def test_when_a_handler_fails_the_person_is_told_and_the_next_message_works(
    talk, desk, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr(desk.library, "html", lambda *_: 1 / 0)
        [honest] = await talk.presses("ask:food")
    assert honest.content is None and "124" in honest.text
    [food] = await talk.presses("ask:food")
    assert food.content == "food"


async def test_an_unknown_or_old_button_leads_to_the_menu(talk):
    for value in ("ask:no_such", "lang:xx", "fb:type:nothing", "rep:nothing", "x", "useful:y:no"):
        assert await talk.presses(value)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.one_of(
            st.text(st.characters(exclude_characters="{}"), max_size=200).map(
                lambda text: ("says", text)
            ),
            st.sampled_from(_BUTTONS).map(lambda value: ("presses", value)),
            st.sampled_from(["photo", "voice", "sticker"]).map(lambda kind: ("sends", kind)),
        ),
        max_size=12,
    )
)
async def test_no_order_of_steps_breaks_the_conversation(desk, steps):
    person = Talk(desk, "anybody")
    for how, what in steps:
        for reply in await getattr(person, how)(what):
            assert reply.text.strip()
            assert "{" not in reply.text, "a field was not filled in"
