"""The satisfaction survey as people meet it: offered once, by buttons, sent or not at all."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from actions.survey import SCALE, YES_NO
from content.languages import LANGUAGES, direction
from content.markup import LRI, PDI
from content.sentences import sentence
from store.database import Database
from store.people import load_person, save_person
from store.surveys import Question
from store.tables import FeedbackRow, PersonRow, SurveyAnswerRow, SurveyRow, today
from tests.bot.conversation.test_conversation import values
from tests.bot.conversation.test_forms import rows
from tests.support.surveys import QUESTIONS, put_survey
from tests.support.talk import Talk


def offered(replies) -> bool:
    return any(value.startswith("srv:yes:") for reply in replies for value in values(reply))


async def begin(talk, desk, **more) -> str:
    """Put a survey there and take the offer; the mark of its buttons."""
    survey = await put_survey(desk.database, **more)
    assert offered(await talk.presses("menu"))
    await talk.presses(f"srv:yes:{survey}")
    return survey[:8]


async def look_at_all(talk, desk, words: str = "More salt") -> tuple[str, object]:
    """Answer all questions; the mark, and the look before sending."""
    mark = await begin(talk, desk)
    await talk.presses(f"srv:a:{mark}:0:4")
    await talk.presses(f"srv:a:{mark}:1:1")
    await talk.presses(f"srv:a:{mark}:2:0")
    [look] = await talk.says(words)
    return mark, look


async def test_it_is_offered_once_in_one_line_after_an_answered_question(talk, desk, nlu):
    survey = await put_survey(desk.database)
    nlu.reads("where is food", {"food": 0.9})
    answer, offer = await talk.says("where is food")
    assert answer.content == "food" and "\n" not in offer.text
    assert "Food in the centre" in offer.text and "without your name" in offer.text
    assert values(offer) == [f"srv:yes:{survey}", f"srv:no:{survey}"]
    assert len(await talk.says("where is food")) == 1
    assert not offered(await talk.presses("menu"))
    assert not offered(await talk.presses("ask:food"))


@pytest.mark.parametrize("value", ["menu", "start"])
async def test_it_is_offered_at_the_menu_but_not_to_somebody_who_just_came(desk, value):
    await put_survey(desk.database)
    person = Talk(desk, "new")
    assert not offered(await person.presses("start"))
    assert offered(await person.presses(value))


async def test_who_was_offered_is_in_their_own_encrypted_place_alone(talk, desk):
    survey = await put_survey(desk.database)
    await talk.presses("menu")
    [person] = await rows(desk, PersonRow)
    assert survey.encode() not in person.state
    assert json.loads(desk.keys.state.open(person.state))["surveys_offered"] == [survey]
    assert await rows(desk, SurveyAnswerRow) == []


@pytest.mark.parametrize(
    "more",
    [
        {"state": "draft"},
        {"state": "closed"},
        {"days": (1, 7)},
        {"days": (-7, -1)},
        {"centre": "usivak"},
    ],
)
async def test_it_is_not_offered_before_its_time_after_it_or_elsewhere(talk, desk, more):
    await put_survey(desk.database, **more)
    await talk.presses("centre:lipa")
    assert not offered(await talk.presses("menu"))


async def test_the_one_of_the_own_centre_comes_before_the_one_for_all(talk, desk):
    await put_survey(desk.database, title="For all")
    await put_survey(desk.database, title="For Lipa", centre="lipa")
    await talk.presses("centre:lipa")
    assert "For Lipa" in (await talk.presses("menu"))[-1].text
    assert "For all" in (await talk.presses("menu"))[-1].text
    assert len(await talk.presses("menu")) == 1


async def test_it_is_not_offered_in_danger_or_until_the_next_day_is_over(talk, desk, nlu):
    await put_survey(desk.database)
    nlu.reads("i see a mine", {"mine_found": 0.9})
    nlu.reads("my leg hurts a lot", {"medical_care": 0.7, "medical_emergency": 0.2})
    for words in ("i see a mine", "my leg hurts a lot"):
        assert not offered(await talk.says(words))
    assert not offered(await talk.presses("menu"))
    assert not offered(await talk.presses("ask:food"))
    async with desk.database.transaction() as session:
        pseudonym = desk.keys.pseudonym("web", "person-1")
        person = await load_person(session, desk.keys, pseudonym, "web")
        assert person.spared_until == (today() + dt.timedelta(days=1)).isoformat()
        person.spared_until = (today() - dt.timedelta(days=1)).isoformat()
        await save_person(session, desk.keys, person)
    assert offered(await talk.presses("menu"))


@pytest.mark.parametrize(
    "steps",
    [
        ["fb:type:praise", "ask:food"],
        ["rep:gbv", "menu", "menu"],
        ["person", "person:yes", "person:skip", "menu", "ask:food"],
        ["sos", "menu"],
        ["ask:violence", "menu"],
    ],
)
async def test_it_never_comes_into_a_form_a_report_or_a_talk_with_a_counsellor(talk, desk, steps):
    await put_survey(desk.database)
    for value in steps:
        assert not offered(await talk.presses(value))


async def test_not_now_is_the_end_of_it(talk, desk):
    survey = await put_survey(desk.database)
    await talk.presses("menu")
    [reply] = await talk.presses(f"srv:no:{survey}")
    assert "not ask again" in reply.text
    assert not offered(await talk.presses("menu"))
    [gone] = await talk.presses(f"srv:yes:{survey}")
    assert "no longer valid" in gone.text


async def test_a_plain_yes_takes_the_offer_and_answers_a_yes_no_question(talk, desk, nlu):
    nlu.reads("yes", {"affirm": 0.95})
    await put_survey(desk.database, questions=QUESTIONS[2:3])
    await talk.presses("menu")
    [question] = await talk.says("yes")
    assert "Is it enough?" in question.text
    [look] = await talk.says("yes")
    assert "👍 Yes" in look.text
    [done] = await talk.says("yes")
    assert "It is sent" in done.text
    assert [(a.question, a.choice) for a in await rows(desk, SurveyAnswerRow)] == [(0, 0)]


async def test_answers_are_kept_one_by_one_without_person_order_or_time(talk, desk):
    _mark, look = await look_at_all(talk, desk, "Ask Ali, +387 61 123 456. More salt")
    for words in ("😀 Very good", "In my room", "👍 Yes", "More salt", "[number]"):
        assert words in look.text
    assert "123 456" not in look.text and await rows(desk, SurveyAnswerRow) == []
    [done] = await talk.presses("srv:send")
    assert done.text == "Thank you. It is sent, without your name."
    stored = await rows(desk, SurveyAnswerRow)
    assert sorted((a.question, a.choice) for a in stored if a.text is None) == [
        (0, 4),
        (1, 1),
        (2, 0),
    ]
    [own] = [a for a in stored if a.text is not None]
    assert (own.language, own.given_on) == ("en", today()) and "123 456" not in own.text
    assert all(a.language is None and a.given_on is None for a in stored if a.text is None)
    names = {column.name for column in SurveyAnswerRow.__table__.columns}
    assert names == {
        *("id", "survey_id", "question", "choice", "text", "language", "given_on", "cell_key")
    }


async def test_afterwards_nothing_says_whether_somebody_answered_or_did_not_want_to(talk, desk):
    survey = await put_survey(desk.database, questions=QUESTIONS[:1])
    other = Talk(desk, "other")
    await other.presses("start")
    for person in (talk, other):
        await person.presses("menu")
    await talk.presses(f"srv:yes:{survey}")
    await talk.presses(f"srv:a:{survey[:8]}:0:1")
    await talk.presses("srv:send")
    await other.presses(f"srv:no:{survey}")
    one, two = (json.loads(desk.keys.state.open(row.state)) for row in await rows(desk, PersonRow))
    assert one == two
    [again] = await talk.presses(f"srv:yes:{survey}")
    assert "no longer valid" in again.text
    await talk.presses("srv:send")
    assert len(await rows(desk, SurveyAnswerRow)) == 1


async def test_what_is_skipped_is_not_stored_and_all_skipped_is_nothing(talk, desk):
    mark = await begin(talk, desk)
    await talk.presses(f"srv:a:{mark}:0:2")
    for n in (1, 2, 3):
        [last] = await talk.presses(f"srv:s:{mark}:{n}")
    assert "srv:send" in values(last)
    await talk.presses("srv:again")
    for n in range(4):
        [last] = await talk.presses(f"srv:s:{mark}:{n}")
    assert "skipped all" in last.text and "srv:send" not in values(last)
    assert await rows(desk, SurveyAnswerRow) == []


@pytest.mark.parametrize("how", ["cancel", "menu", "start", "typed"])
async def test_stopping_leaves_nothing_and_the_offer_stands(talk, desk, nlu, how):
    nlu.reads("stop", {"cancel": 0.95})
    mark, _look = await look_at_all(talk, desk, "secret words")
    await (talk.says("stop") if how == "typed" else talk.presses(how))
    [person] = await rows(desk, PersonRow)
    assert "secret words" not in desk.keys.state.open(person.state)
    await talk.presses("srv:send")
    assert await rows(desk, SurveyAnswerRow) == []
    [survey] = await rows(desk, SurveyRow)
    [question] = await talk.presses(f"srv:yes:{survey.id}")
    assert "How is the food?" in question.text and survey.id.startswith(mark)


async def test_a_button_of_an_earlier_question_changes_its_answer(talk, desk):
    mark, _look = await look_at_all(talk, desk)
    [look] = await talk.presses(f"srv:a:{mark}:0:0")
    assert "😞 Very bad" in look.text and "😀" not in look.text


@pytest.mark.parametrize(
    "value",
    ["a:xxxxxxxx:0:1", "a:{m}:9:1", "a:{m}:0:5", "a:{m}:0:-1", "a:{m}:3:0", "a:{m}:0:x", "a:{m}"]
    + ["s:{m}:-1", "s:{m}", "a", "send", "a:{m}:²:1", "", "nothing"],
)
async def test_a_button_that_does_not_fit_changes_nothing(talk, desk, value):
    mark = await begin(talk, desk)
    [reply] = await talk.presses(f"srv:{value.format(m=mark)}")
    assert "How is the food?" in reply.text
    assert await rows(desk, SurveyAnswerRow) == []


async def test_an_option_may_be_written_by_number_in_any_digits_or_by_its_words(talk, desk):
    await begin(talk, desk)
    [second] = await talk.says("۴")
    assert "Where do you eat?" in second.text
    [third] = await talk.says("in my ROOM")
    assert "Is it enough?" in third.text
    await talk.says("No")
    [look] = await talk.says("nothing")
    for words in ("🙂 Good", "In my room", "👎 No"):
        assert words in look.text


async def test_a_question_of_their_own_is_answered_and_the_survey_waits(talk, desk, nlu):
    await begin(talk, desk)
    nlu.reads("where is the doctor", {"medical_care": 0.9})
    answer, waiting = await talk.says("where is the doctor")
    assert answer.content == "medical_care" and "How is the food?" in waiting.text


async def test_danger_comes_first_and_the_survey_does_not_follow_it(talk, desk, nlu):
    mark = await begin(talk, desk)
    nlu.reads("he stopped breathing", {"medical_emergency": 0.95})
    danger, go_on = await talk.says("he stopped breathing")
    assert danger.danger == "sure" and "cancel" in values(go_on)
    nlu.reads("they sell girls", {"trafficking": 0.9})
    [page] = await talk.says("they sell girls")
    assert (page.content, page.danger) == ("trafficking", "sure")
    for n in (0, 1, 2):
        await talk.presses(f"srv:s:{mark}:{n}")
    nlu.reads("my leg hurts a lot", {"medical_care": 0.7, "medical_emergency": 0.2})
    [look] = await talk.says("my leg hurts a lot")
    assert look.danger == "suspected" and values(look)[0] == "sos:medical_emergency"


async def test_words_about_harm_go_to_the_protection_desk_and_not_to_the_officers(talk, desk):
    _mark, look = await look_at_all(talk, desk, "the guard wants money for a blanket")
    assert "Only the protection desk" in look.text
    [done] = await talk.presses("srv:send")
    assert "person" in values(done)
    stored = await rows(desk, SurveyAnswerRow)
    assert [a.text for a in stored if a.question == 3] == [""]
    [item] = await rows(desk, FeedbackRow)
    assert item.sensitive and item.text == "the guard wants money for a blanket"


async def test_a_survey_that_ends_meanwhile_takes_nothing(talk, desk):
    await look_at_all(talk, desk)
    open_now = await rows(desk, SurveyRow)
    async with desk.database.transaction() as session:
        for survey in open_now:
            (await session.get(SurveyRow, survey.id)).state = "closed"
    [over] = await talk.presses("srv:send")
    assert "survey is over" in over.text
    assert await rows(desk, SurveyAnswerRow) == []


async def test_what_is_open_is_not_thrown_away_for_a_survey(talk, desk):
    survey = await put_survey(desk.database)
    await talk.presses("menu")
    await talk.presses("fb:type:praise")
    await talk.presses("fb:area:food")
    await talk.says("good soup")
    [reply] = await talk.presses(f"srv:yes:{survey}")
    assert "finish or stop first" in reply.text
    await talk.presses("fb:send")
    assert len(await rows(desk, FeedbackRow)) == 1


async def test_without_the_database_nothing_is_offered_and_questions_are_answered(talk, desk, nlu):
    mark = await begin(talk, desk)
    whole, desk.database = desk.database, Database("postgresql://nobody@127.0.0.1:1/nothing")
    nlu.reads("where is the doctor", {"medical_care": 0.9})
    [answer] = await talk.says("where is the doctor")
    assert answer.content == "medical_care"
    [honest] = await talk.presses(f"srv:a:{mark}:0:1")
    assert "can't save" in honest.text
    assert not offered(await Talk(desk, "other").presses("menu"))
    desk.database = whole
    [question] = await talk.presses(f"srv:a:{mark}:0:1")
    assert "Where do you eat?" in question.text


@pytest.mark.parametrize("code", LANGUAGES)
async def test_each_language_has_its_own_words_and_english_where_they_are_missing(talk, desk, code):
    await talk.presses(f"lang:{code}")
    own = QUESTIONS[:3] + (Question("text", {"en": "Why? (Say it.)"}),)
    survey = await put_survey(desk.database, questions=own, title="Food!")
    offer = (await talk.presses("menu"))[-1]
    isolated = f"{LRI}Food!{PDI}" if direction(code) == "rtl" else "Food!"
    assert isolated in offer.html and offer.direction == direction(code)
    assert code == "en" or "short questions" not in offer.text
    [scale] = await talk.presses(f"srv:yes:{survey}")
    assert ("غذا چطور است؟" in scale.text) == (code == "fa")
    labels = [choice.label for choice in scale.choices]
    assert labels[:5] == [sentence(code, label) for label in SCALE]
    assert code == "en" or not set(labels) & {*SCALE, "Skip", "✖️ Stop"}
    [choices] = await talk.presses(f"srv:a:{survey[:8]}:0:0")
    assert [c.label for c in choices.choices[:2]] == (
        ["در سالن", "در اتاقم"] if code == "fa" else ["In the hall", "In my room"]
    )
    [yes_no] = await talk.presses(f"srv:a:{survey[:8]}:1:0")
    assert [c.label for c in yes_no.choices[:2]] == [sentence(code, label) for label in YES_NO]
    [text] = await talk.presses(f"srv:s:{survey[:8]}:2")
    assert (f"{LRI}Why? (Say it.){PDI}" in text.html) == (direction(code) == "rtl")
    await talk.says("یک نظر")
    [done] = await talk.presses("srv:send")
    assert done.language == code


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("a"), st.integers(0, 4), st.integers(0, 5)),
        st.tuples(st.just("s"), st.integers(0, 4), st.just(0)),
        st.sampled_from(["again", "menu", "cancel", "yes", "send"]).map(lambda w: (w, 0, 0)),
        st.just(("text", 0, 0)),
    ),
    max_size=14,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
async def test_in_any_order_the_first_open_question_is_asked_and_only_a_sent_look_is_stored(
    desk, steps
):
    async with desk.database.transaction() as session:
        for table in (SurveyAnswerRow, SurveyRow, PersonRow):
            await session.execute(delete(table))
    desk._remembered.clear()
    talk = Talk(desk, "anybody")
    await talk.presses("start")
    mark = await begin(talk, desk)
    [survey] = await rows(desk, SurveyRow)
    # what ought to be: answers by question, None while no survey is open
    expected: dict | None = {}
    sent: dict = {}
    for step, number, option in steps:
        free = [n for n in range(4) if expected is not None and n not in expected]
        if step in ("menu", "cancel"):
            await talk.presses(step)
            expected = None
            continue
        if step == "yes":
            replies = await talk.presses(f"srv:yes:{survey.id}")
            expected = {} if expected is None and not sent else expected
        elif step == "text":
            replies = await talk.says("qwrt zxcv")
            if free == [3]:
                expected[3] = "text"
        elif step == "again":
            replies = await talk.presses("srv:again")
            expected = {} if expected is not None else None
        elif step == "send":
            replies = await talk.presses("srv:send")
            if expected and not free:
                sent, expected = expected, None
        else:
            last = f":{option}" if step == "a" else ""
            replies = await talk.presses(f"srv:{step}:{mark}:{number}{last}")
            if expected is not None and number < 4:
                if step == "s":
                    expected[number] = None
                elif option < QUESTIONS[number].answers:
                    expected[number] = option
        if expected and len(expected) == 4 and not any(v is not None for v in expected.values()):
            assert "skipped all" in replies[-1].text
            expected = None
        if expected is not None:
            free = [n for n in range(4) if n not in expected]
            shown = values(replies[-1])
            assert (f"srv:s:{mark}:{free[0]}" if free else "srv:send") in shown
    stored = {a.question: a.choice if a.text is None else "text"
              for a in await rows(desk, SurveyAnswerRow)}  # fmt: skip
    assert stored == {n: value for n, value in sent.items() if value is not None}
