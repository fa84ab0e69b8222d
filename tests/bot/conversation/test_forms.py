"""Feedback, reports and the queue, as a person goes through them."""

import json

from sqlalchemy import select

from actions.guessing import MOST, WINDOW, Guesses
from store.case_tables import CaseRow
from store.database import Database
from store.reports import open_report
from store.tables import DeliveryRow, FeedbackRow, PersonRow, ReportRow
from tests.bot.conversation.test_conversation import values
from tests.support.talk import Talk


async def rows(desk, table):
    async with desk.database.transaction() as session:
        return (await session.execute(select(table))).scalars().all()


async def test_feedback_by_buttons_is_stored_without_a_person_and_gives_a_code(talk, desk):
    await talk.presses("centre:lipa")
    await talk.presses("fb")
    await talk.presses("fb:type:complaint")
    await talk.presses("fb:area:food")
    [look] = await talk.says("The soup is cold. Call me at +387 61 123 456 or @somebody_here")
    assert "The soup is cold" in look.text and "123 456" not in look.text
    [done] = await talk.presses("fb:send")
    assert done.route == "feedback" and "<code>" in done.html
    [item] = await rows(desk, FeedbackRow)
    assert (item.type, item.category, item.centre, item.language) == (
        "complaint",
        "food",
        "lipa",
        "en",
    )
    assert item.text == "The soup is cold. Call me at [number] or [handle]"
    pseudonym = desk.keys.pseudonym("web", "person-1")
    assert pseudonym not in " ".join(str(v) for v in vars(item).values())


async def test_a_complaint_in_own_words_needs_no_second_telling(talk, desk, nlu):
    nlu.reads("the toilets are always dirty", {"feedback_complaint": 0.9})
    [ask] = await talk.says("the toilets are always dirty")
    assert ask.route == "feedback" and "fb:area:hygiene" in values(ask)
    [look] = await talk.presses("fb:area:hygiene")
    assert "the toilets are always dirty" in look.text
    await talk.presses("fb:nocentre")
    await talk.presses("fb:send")
    assert len(await rows(desk, FeedbackRow)) == 1


async def test_the_code_alone_opens_the_answer_from_another_phone_in_any_digits(talk, desk):
    await talk.presses("fb:type:praise")
    await talk.presses("fb:area:staff")
    await talk.says("The doctor was kind")
    [done] = await talk.presses("fb:send")
    code = done.html.split("<code>")[1].split("</code>")[0]
    async with desk.database.transaction() as session:
        item = (await session.execute(select(FeedbackRow))).scalar_one()
        item.status, item.reply = "answered", "We told the <doctor>"
    other = Talk(desk, "another phone")
    await other.presses("start")
    await other.presses("fb:code")
    persian = code.translate({ord(str(d)): chr(0x6F0 + d) for d in range(10)})
    [answer] = await other.says(f"my code is {persian}")
    assert "We told the <doctor>" in answer.text


async def test_guessing_codes_ends_for_everybody_after_some_misses(talk, desk):
    code = await _sent(talk)
    for n in range(10):
        stranger = Talk(desk, f"stranger {n}")  # a new session is a new person
        await stranger.presses("fb:code")
        [reply] = await stranger.presses(f"fb:more:11122233{n}")
        assert "can't find this code" in reply.text
    [reply] = await talk.says(code)
    assert "try again in some minutes" in reply.text


async def test_a_wrong_code_long_ago_does_no_harm():
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    for _ in range(MOST):
        guesses.missed()
    assert guesses.too_many
    now[0] = WINDOW
    assert not guesses.too_many


async def test_one_message_back_is_redacted_and_only_one(talk, desk):
    code = await _sent(talk)
    other = Talk(desk, "another phone")
    await other.presses("fb:code")
    [status] = await other.says(code)
    [more] = [value for value in values(status) if value.startswith("fb:more:")]
    await other.presses(more)
    [added] = await other.says("Still cold. Ask me at +387 61 123 456")
    assert "was added" in added.text
    [item] = await rows(desk, FeedbackRow)
    assert (item.more, item.status) == ("Still cold. Ask me at [number]", "in_progress")
    for person in await rows(desk, PersonRow):
        assert code.replace("-", "") not in desk.keys.state.open(person.state)
    await other.presses("fb:code")
    [again] = await other.says(code)
    assert not [value for value in values(again) if value.startswith("fb:more:")]
    [late] = await other.presses(more)
    assert "was added" in late.text
    await other.says("a second one")
    [item] = await rows(desk, FeedbackRow)
    assert "second" not in item.more


async def _sent(talk) -> str:
    """Send a complaint; its code."""
    await talk.presses("fb:type:complaint")
    await talk.presses("fb:area:food")
    await talk.says("The soup is cold")
    [done] = await talk.presses("fb:send")
    return done.html.split("<code>")[1].split("</code>")[0]


async def test_cancelled_feedback_leaves_nothing(talk, desk, nlu):
    await talk.presses("fb:type:complaint")
    await talk.presses("fb:area:food")
    await talk.says("secret words")
    [stopped] = await talk.presses("cancel")
    assert "Nothing was sent" in stopped.text
    assert await rows(desk, FeedbackRow) == []
    [person] = await rows(desk, PersonRow)
    assert json.loads(desk.keys.state.open(person.state))["flow"] == {}


async def test_a_cry_for_help_breaks_into_a_form_and_the_draft_is_kept(talk, nlu):
    await talk.presses("fb")
    await talk.presses("fb:type:complaint")
    await talk.presses("fb:area:safety")
    nlu.reads("he stopped breathing", {"medical_emergency": 0.95})
    danger, go_on = await talk.says("he stopped breathing")
    assert (danger.content, danger.danger) == ("medical_emergency", "sure")
    assert "cancel" in values(go_on)
    [look] = await talk.says("the guards were late")
    assert "the guards were late" in look.text


async def test_a_report_is_sealed_with_the_protection_key_and_says_what_happens(talk, desk, nlu):
    nlu.reads("a guard asked me for money for a bed", {"sea_report": 0.9})
    [page] = await talk.says("a guard asked me for money for a bed")
    assert (page.route, page.content) == ("report", "sea_report")
    [invite] = await talk.presses("rep:sea_report")
    assert "protection desk" in invite.text
    [contact] = await talk.says("A guard wants 50 euro")
    assert "rep:nocontact" in values(contact)
    [look] = await talk.presses("rep:nocontact")
    assert "A guard wants 50 euro" in look.text
    [done] = await talk.presses("rep:send")
    assert done.route == "report"
    [row] = await rows(desk, ReportRow)
    assert b"guard" not in row.body and row.kind == "sea_report"
    async with desk.database.transaction() as session:
        _row, content = await open_report(session, desk.keys, row.id)
    assert content == {"text": "A guard wants 50 euro", "contact": None, "centre": None}


async def test_asking_for_a_person_takes_consent_and_gives_a_place_in_the_queue(talk, desk, nlu):
    await talk.presses("person")
    await talk.presses("person:yes")
    await talk.says("my asylum paper is lost")
    [queued] = await talk.presses("person:skip")
    assert queued.route == "handoff" and "1" in queued.text and "124" in queued.text
    [case] = await rows(desk, CaseRow)
    assert b"paper" not in case.body and not case.danger
    [address] = await rows(desk, DeliveryRow)
    assert b"person-1" not in address.address
    nlu.reads("also my friend", {"greet": 0.05})
    [noted] = await talk.says("also my friend")
    assert noted.route == "handoff"
    nlu.reads("where is food", {"food": 0.9})
    noted, answered = await talk.says("where is food")
    assert answered.content == "food"
    await talk.presses("person:leave")
    [case] = await rows(desk, CaseRow)
    assert case.status == "closed"


async def test_from_an_emergency_page_the_queue_is_marked_as_danger(talk, desk):
    await talk.presses("ask:violence")
    [consent] = await talk.presses("person:danger")
    assert "122" in consent.text
    await talk.presses("person:yes")
    [case] = await rows(desk, CaseRow)
    assert case.danger


async def test_nothing_is_queued_without_consent(talk, desk):
    await talk.presses("person")
    await talk.presses("cancel")
    assert await rows(desk, CaseRow) == []


async def test_delete_erases_and_says_how_much(talk, desk):
    await talk.presses("person")
    await talk.presses("person:yes")
    await talk.presses("person:skip")
    [ask] = await talk.presses("delete")
    assert "delete:yes" in values(ask)
    [done] = await talk.presses("delete:yes")
    assert "4" in done.text
    for table in (PersonRow, CaseRow, DeliveryRow):
        assert await rows(desk, table) == []


async def test_without_the_database_answers_work_and_forms_are_honest(talk, desk, nlu):
    desk.database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    nlu.reads("where is food", {"food": 0.9})
    [food] = await talk.says("where is food")
    assert food.content == "food"
    nlu.reads("i see a mine", {"mine_found": 0.9})
    [danger] = await talk.says("i see a mine")
    assert danger.content == "mine_found"
    await talk.presses("fb")
    await talk.presses("fb:type:praise")
    await talk.presses("fb:area:food")
    await talk.says("good soup")
    [honest] = await talk.presses("fb:send")
    assert "can't save" in honest.text and "124" in honest.text
