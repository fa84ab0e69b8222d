"""Asking for a counsellor, waiting, talking, and what comes after, without a channel."""

import asyncio
import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from actions.files import Attachment
from actions.waiting import wait_in_words
from bot.conversation import fetching
from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.fetching import look
from bot.conversation.nlu_client import NluClient
from content.answers import Library
from content.languages import LANGUAGES
from content.opening import read_opening
from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow
from store.cases import moving
from store.cases.messages import add_message, lock_case, messages_of
from store.cases.opening import about, last_closed_of, open_case_of
from store.database import Database
from store.keys import Keys
from store.people import load_person
from store.presence import leave, touch
from store.tables import CountRow, PersonRow, StaffRow, now
from tests.conftest import SECRET
from tests.support.nlu import ScriptedNlu
from tests.support.talk import Talk

TO_THE_QUEUE = ("person", "person:yes", "person:skip")


def values(reply) -> list[str]:
    return [choice.value for choice in reply.choices]


async def rows(desk, table):
    async with desk.database.transaction() as session:
        return list((await session.execute(select(table))).scalars())


async def the_case(desk) -> CaseRow:
    [case] = await rows(desk, CaseRow)
    return case


async def said(desk) -> list[str]:
    """What the person said in their case, in order."""
    case = await the_case(desk)
    async with desk.database.transaction() as session:
        every = await messages_of(session, desk.keys, case.id)
    return [m.text for m in every if m.row.from_person]


async def counsellor(desk, name: str = "mira", languages=("en",)) -> None:
    """A counsellor who is there."""
    async with desk.database.transaction() as session:
        if await session.get(StaffRow, name) is None:
            session.add(
                StaffRow(name=name, role="counsellor", password_hash="x", languages=list(languages))
            )
        await touch(session, [name])


async def taken(desk, name: str = "mira") -> CaseRow:
    case = await the_case(desk)
    async with desk.database.transaction() as session:
        return await moving.take(session, desk.keys, case.id, name)


async def closed(desk, outcome: str = "solved") -> CaseRow:
    case = await the_case(desk)
    async with desk.database.transaction() as session:
        return await moving.close(session, desk.keys, case.id, case.assigned_to, outcome)


@pytest.fixture
async def in_queue(talk):
    for value in TO_THE_QUEUE:
        last = await talk.presses(value)
    return last


@pytest.fixture
async def in_talk(talk, desk, in_queue):
    await counsellor(desk)
    await taken(desk)
    await look(desk, "web", "person-1")
    return talk


async def test_all_questions_lead_to_a_case_with_their_answers(talk, desk, nlu):
    nlu.reads("my paper is lost", {"lost_documents": 0.9})
    nlu.reads("where is the office", {"asylum_apply": 0.9})
    await talk.says("my paper is lost")
    await talk.says("where is the office")
    [consent] = await talk.presses("person")
    assert {"person:yes", "cancel"} <= set(values(consent))
    [topic] = await talk.presses("person:yes")
    assert {"person:topic:asylum", "person:topic:protection", "person:topic:other"} <= set(
        values(topic)
    )
    [languages] = await talk.presses("person:topic:asylum")
    assert "☑️ English" in [c.label for c in languages.choices]
    [languages] = await talk.presses("person:lang:ps")
    assert "☑️ پښتو" in [c.label for c in languages.choices] and languages.navigates
    await talk.says("it was in my bag")
    [name] = await talk.presses("person:lang:ok")
    assert "person:noname" in values(name)
    [share] = await talk.says("  Gul   Khan ")
    assert "my paper is lost" in share.text and "where is the office" in share.text
    [queued] = await talk.presses("person:share:y")
    assert "person:place" in values(queued) and "124" in queued.text
    case = await the_case(desk)
    told = about(desk.keys, case)
    assert (case.topic, case.languages) == ("asylum", ["en", "ps"])
    assert (told.text, told.name) == ("it was in my bag", "Gul Khan")
    assert told.shared == ("my paper is lost", "where is the office")


async def test_each_question_is_skipped_by_one_tap(talk, desk):
    for value in ("person", "person:yes", "person:topic:other", "person:lang:ok"):
        await talk.presses(value)
    [queued] = await talk.presses("person:noname")
    assert "person:place" in values(queued)
    case = await the_case(desk)
    assert (case.topic, case.languages, case.details) == (None, ["en"], None)


async def test_at_least_one_language_stays_chosen(talk, desk):
    for value in ("person", "person:yes", "person:topic:other", "person:lang:en"):
        [languages] = await talk.presses(value)
    assert "☑️ English" in [c.label for c in languages.choices]


async def test_nothing_is_shared_without_a_yes_and_nothing_of_it_is_in_the_database(talk, desk):
    await talk.says("secret sentence")
    for value in ("person", "person:yes", "person:topic:other", "person:lang:ok"):
        await talk.presses(value)
    [share] = await talk.presses("person:noname")
    assert "secret sentence" in share.text
    [row] = await rows(desk, PersonRow)
    assert "secret" not in desk.keys.state.open(row.state)
    await talk.presses("person:share:n")
    assert about(desk.keys, await the_case(desk)).shared == ()


@pytest.mark.parametrize("door", ["delete:yes", "leave"])
async def test_what_was_written_is_forgotten_by_erasing_and_by_leaving_quickly(talk, desk, door):
    await talk.says("secret sentence")
    if door == "leave":
        await desk.left("web", "person-1")
    else:
        await talk.presses(door)
    for value in ("person", "person:yes", "person:topic:other", "person:lang:ok"):
        await talk.presses(value)
    [queued] = await talk.presses("person:noname")
    assert "secret" not in queued.text and "person:place" in values(queued)


async def test_texts_of_forms_reports_and_dangers_are_not_remembered(talk, desk, nlu):
    nlu.reads("he beats me", {"violence": 0.95})
    nlu.reads("the food is bad", {"feedback_complaint": 0.95})
    await talk.says("he beats me")
    await talk.says("the food is bad")
    await talk.presses("menu")
    await talk.presses("rep:sea_report")
    await talk.says("a guard asked me")
    await talk.presses("cancel")
    assert await desk._recent.of(desk.keys.pseudonym("web", "person-1")) == []


async def test_without_consent_an_own_question_is_answered_and_nothing_is_queued(talk, desk, nlu):
    nlu.reads("where is food", {"food": 0.9})
    await talk.presses("person")
    answered, again = await talk.says("where is food")
    assert answered.content == "food" and "person:yes" in values(again)
    assert await rows(desk, CaseRow) == []


async def test_in_danger_no_question_is_asked_and_the_case_comes_first(talk, desk):
    other = Talk(desk, "person-2")
    for value in TO_THE_QUEUE:
        await other.presses(value, language="en")
    [consent] = await talk.presses("person:danger")
    assert "122" in consent.text
    [queued] = await talk.presses("person:yes")
    assert "at place 1" in queued.text.replace("\u2068", "").replace("\u2069", "")


async def test_leaving_the_form_by_any_door_leaves_no_draft(talk, desk):
    for door in ("menu", "cancel", "start"):
        for value in ("person", "person:yes", "person:topic:health"):
            await talk.presses(value)
        await talk.presses(door)
        [again] = await talk.presses("person:skip")
        assert "person:yes" in values(again), "the form begins with consent"
    assert await rows(desk, CaseRow) == []


async def test_it_is_said_whether_somebody_is_there_and_how_long_it_takes(talk, desk):
    [consent] = await talk.presses("person")
    assert "Nobody" in consent.text and "don't know" in consent.text
    await counsellor(desk)
    [consent] = await talk.presses("person")
    assert "is here now" in consent.text
    async with desk.database.transaction() as session:
        for n in range(5):
            opened = now() - dt.timedelta(hours=n)
            wait = dt.timedelta(minutes=9)
            session.add(
                CaseRow(
                    pseudonym=f"p{n}",
                    language="en",
                    body=b"",
                    status="closed",
                    opened_at=opened,
                    taken_at=opened + wait,
                )
            )
    [consent] = await talk.presses("person")
    assert "about 10 minutes" in consent.text.replace("\u2068", "").replace("\u2069", "")


async def test_outside_the_hours_it_is_said_when_we_open_and_the_demand_is_counted(talk, desk):
    tomorrow = now() + dt.timedelta(days=2)
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[tomorrow.weekday()]
    desk.library.directory.__dict__["opening"] = read_opening(
        {
            "timezone": "Europe/Sarajevo",
            "week": {day: ["08:00-16:00"]},
            "source": "a test",
            "checked": dt.date(2026, 1, 1),
            "publish": True,
        }
    )
    try:
        for value in TO_THE_QUEUE:
            [reply] = await talk.presses(value)
    finally:
        desk.library.directory.__dict__["opening"] = None
    assert "closed now" in reply.text and "08:00" in reply.text and "124" in reply.text
    assert ("case_no_hours", "closed") in [(c.what, c.key) for c in await rows(desk, CountRow)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_waits_are_rounded_and_said_in_each_language(language):
    minutes = (1, 7, 14, 28, 60, 140, 400, 2000)
    words = [wait_in_words(language, dt.timedelta(minutes=m)) for m in minutes]
    assert len(set(words)) == len(words) and "7" not in words[1] and "10" in words[1]


async def test_while_they_wait_questions_are_answered_and_all_they_write_is_kept(
    talk, desk, nlu, in_queue
):
    nlu.reads("where is food", {"food": 0.9})
    noted, answered = await talk.says("where is food")
    assert "place in the queue" in noted.text and answered.content == "food"
    await talk.says("qwrt")
    [place] = await talk.presses("person:place")
    assert "at place" in place.text
    assert await said(desk) == ["where is food", "qwrt"]


async def test_a_form_in_between_takes_nothing_from_the_case(talk, desk, in_queue):
    for value in ("fb:type:praise", "fb:area:food"):
        await talk.presses(value)
    await talk.says("good soup")
    await talk.presses("fb:send")
    await talk.says("are you there")
    assert await said(desk) == ["are you there"]


async def test_in_a_talk_the_program_is_silent(in_talk, desk, nlu):
    nlu.reads("where is food", {"food": 0.9})
    assert await in_talk.says("where is food") == []
    assert await in_talk.says("yes") == []
    assert await said(desk) == ["where is food", "yes"]


async def test_in_a_talk_buttons_work_and_the_answer_is_the_programs(in_talk, desk):
    [answer] = await in_talk.presses("ask:food")
    assert answer.text.startswith("🤖") and answer.content == "food"
    [talk] = await in_talk.presses("person")
    assert "already in a talk" in talk.text and "person:leave" in values(talk)
    assert await said(desk) == []


async def test_danger_in_a_talk_brings_the_emergency_page_and_marks_the_case(in_talk, desk, nlu):
    nlu.reads("he will kill me", {"violence": 0.95})
    [page] = await in_talk.says("he will kill me")
    assert page.route == "emergency" and page.danger == "sure"
    assert (await the_case(desk)).danger and await said(desk) == ["he will kill me"]
    nlu.reads("it hurts", {"medical_emergency": 0.3})
    [line] = await in_talk.says("it hurts")
    assert line.danger == "suspected" and values(line)[0].startswith("sos")


async def test_that_the_counsellor_is_away_is_said_once_in_half_an_hour(in_talk, desk):
    async with desk.database.transaction() as session:
        await leave(session, "mira")
    [away] = await in_talk.says("hello")
    assert "not here right now" in away.text and "124" in away.text
    assert await in_talk.says("hello?") == []
    assert await said(desk) == ["hello", "hello?"]


async def test_an_edit_reaches_the_counsellor_as_such(in_talk, desk):
    await in_talk.says("room 5")
    assert await in_talk.sends("edited", text="room 6") == []
    assert await said(desk) == ["room 5", "(edited) room 6"]


async def test_stop_ends_the_talk_and_it_can_be_continued(in_talk, desk):
    [left] = await in_talk.says("/stop")
    assert "person:reopen" in values(left)
    case = await the_case(desk)
    assert (case.status, case.outcome) == ("closed", "left")
    [queued] = await in_talk.presses("person:reopen")
    assert "person:place" in values(queued)
    assert (await the_case(desk)).status == "queued"


async def test_the_cancel_button_of_an_old_form_does_not_end_the_talk(in_talk, desk):
    await in_talk.presses("cancel")
    assert (await the_case(desk)).status == "taken"


async def test_after_the_end_the_talk_is_rated_once_and_can_be_changed(in_talk, desk):
    case = await closed(desk)
    [(_id, notice)] = (await look(desk, "web", "person-1")).replies
    rate = [v for v in values(notice) if v.startswith("person:rate")]
    assert len(rate) == 5
    [thanks] = await in_talk.presses(rate[4])
    assert "😀" in thanks.text
    await in_talk.presses(rate[1])
    assert (await the_case(desk)).rating == 2
    counted = [c for c in await rows(desk, CountRow) if c.what == "case_rating"]
    assert sum(c.n for c in counted) == 1
    stranger = Talk(desk, "person-9")
    [no] = await stranger.presses(rate[0], language="en")
    assert "no longer" in no.text and case.id in rate[0]


@pytest.mark.parametrize("wrong", ["", ":", "x:1", "x:9", "x:²", ":5"])
async def test_a_forged_rating_is_refused(talk, wrong):
    [no] = await talk.presses(f"person:rate:{wrong}")
    assert "no longer" in no.text


async def test_who_asks_again_within_72_hours_may_continue_or_begin_anew(in_talk, desk):
    case = await closed(desk)
    [offer] = await in_talk.presses("person")
    assert {"person:reopen", "person:new"} <= set(values(offer))
    [consent] = await in_talk.presses("person:new")
    assert "person:yes" in values(consent)
    await in_talk.presses("cancel")
    async with desk.database.transaction() as session:
        (await session.get(CaseRow, case.id)).closed_at = now() - dt.timedelta(hours=73)
    [consent] = await in_talk.presses("person:reopen")
    assert "person:yes" in values(consent)


async def test_what_is_written_after_staff_opened_the_talk_again_reaches_them(in_talk, desk):
    case = await closed(desk)
    async with desk.database.transaction() as session:
        await moving.reopen(session, desk.keys, case.id, "mira")
    await in_talk.says("one more thing")
    assert await said(desk) == ["one more thing"]


async def test_files_are_kept_with_the_case_up_to_a_limit(in_talk, desk, monkeypatch):
    file = Attachment("photo", "image/jpeg", b"x" * 600)
    assert await in_talk.sends("file", attachment=file, text="my paper") == []
    monkeypatch.setattr("actions.talk.MOST_BYTES", 1000)
    [full] = await in_talk.sends("file", attachment=file, text="the other side")
    assert "No more files" in full.text
    [kept] = await rows(desk, CaseFileRow)
    assert kept.body != file.data and await said(desk) == ["my paper", "the other side"]


async def test_a_refused_file_is_explained_and_its_caption_kept(in_talk, desk):
    for why, words in (("size", "8 MB"), ("type", "PDF"), ("lost", "again")):
        [reply] = await in_talk.sends("file", refused=why, text=why)
        assert words in reply.text
    assert await said(desk) == ["size", "type", "lost"]


async def test_without_a_case_a_file_gets_the_answer_of_before(talk, desk):
    [reply] = await talk.sends("file", attachment=Attachment("photo", "image/jpeg", b"x"))
    assert "can't see" in reply.text and await rows(desk, CaseFileRow) == []


async def test_words_about_safety_begin_without_saying_who_writes(talk, desk):
    for value in ("person", "person:yes", "person:topic:protection", "person:skip"):
        await talk.presses(value)
    case = await the_case(desk)
    async with desk.database.transaction() as session:
        case = await lock_case(session, case.id)
        await add_message(session, desk.keys, case, "hello", from_person=False, author="mira")
    [(_id, words)] = (await look(desk, "web", "person-1")).replies
    assert words.text.startswith("💬 New message\n") and "hello" in words.text


class Together(RuleBasedStateMachine):
    """A person and a counsellor act in any order: nothing is lost or doubled, no draft is left."""

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'x.db'}")
        self.keys, self.nlu = Keys(SECRET), ScriptedNlu()
        self.client = NluClient("http://nlu.test", transport=self.nlu.transport)
        self.desk = Desk(self.database, LIBRARY, self.keys, self.client, LocalLocks(), operator="x")
        self.talk = Talk(self.desk, "p")
        self.wrote: list[str] = []  # by the person, while a case was open and no form
        self.told: list[str] = []  # by the counsellor
        self.got: list[str] = []  # what the person's page showed of it
        self.last = 0
        self.n = 0

    def run(self, work):
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self):
        self.run(self.database.open())
        self.run(self.talk.presses("start", language="en"))

    async def _case(self):
        async with self.database.transaction() as session:
            return await open_case_of(session, self.keys.pseudonym("web", "p"))

    async def _flow(self):
        async with self.database.transaction() as session:
            pseudonym = self.keys.pseudonym("web", "p")
            return (await load_person(session, self.keys, pseudonym, "web")).flow

    @rule(
        value=st.sampled_from(
            ["person", "person:yes", "person:skip", "person:topic:health", "person:lang:ok"]
            + ["person:noname", "person:share:y", "person:leave", "person:reopen", "person:new"]
            + ["person:place", "person:danger", "menu", "cancel", "ask:food", "fb:type:praise"]
        )
    )
    def press(self, value):
        self.run(self.talk.presses(value))
        if value in ("menu", "cancel"):
            assert self.run(self._flow()) == {}

    @rule()
    def write(self):
        self.n += 1
        text = f"words {self.n}"
        if self.run(self._case()) is not None and not self.run(self._flow()):
            self.wrote.append(text)
        self.run(self.talk.says(text))

    @rule()
    def stop(self):
        self.run(self.talk.says("/stop"))
        assert self.run(self._flow()) == {}

    async def _staff(self, step):
        case = await self._case()
        if case is None:
            async with self.database.transaction() as session:
                case = await last_closed_of(session, self.keys.pseudonym("web", "p"))
        if case is None:
            return
        try:
            async with self.database.transaction() as session:
                await step(session, case)
        except moving.CaseMoved:
            return

    @rule()
    def take(self):
        self.run(self._staff(lambda s, c: moving.take(s, self.keys, c.id, "mira")))

    @rule()
    def give_back(self):
        self.run(self._staff(lambda s, c: moving.give_back(s, self.keys, c.id, "mira", "away")))

    @rule()
    def close(self):
        self.run(self._staff(lambda s, c: moving.close(s, self.keys, c.id, "mira", "solved")))

    @rule()
    def reopen(self):
        self.run(self._staff(lambda s, c: moving.reopen(s, self.keys, c.id, "mira")))

    @rule()
    def reply(self):
        async def step(session, case):
            case = await lock_case(session, case.id)
            if case.status == "taken":
                self.n += 1
                self.told.append(f"reply {self.n}")
                await add_message(
                    session, self.keys, case, self.told[-1], from_person=False, author="mira"
                )

        self.run(self._staff(step))

    @rule(lost=st.booleans())
    def fetch(self, lost):
        """The page asks for what is new; the answer may be lost on its way."""
        fetched = self.run(fetching.look(self.desk, "web", "p", self.last))
        if lost:
            return
        for number, reply in fetched.replies:
            assert number > self.last
            self.last = number
            self.got += [line for line in reply.text.split("\n") if line.startswith("reply ")]

    @invariant()
    def counsellors_words_come_in_order_and_once(self):
        assert self.got == self.told[: len(self.got)]

    @precondition(lambda self: self.wrote)
    @invariant()
    def what_was_written_is_kept_in_order_and_once(self):
        async def kept():
            async with self.database.transaction() as session:
                query = select(CaseMessageRow).where(CaseMessageRow.from_person.is_(True))
                found = (await session.execute(query.order_by(CaseMessageRow.id))).scalars()
                return [self.keys.cases.open(row.body) for row in found]

        assert self.run(kept()) == self.wrote

    def teardown(self):
        self.fetch(lost=False)
        assert self.got == self.told
        self.run(self.client.close())
        self.run(self.database.close())
        self.loop.close()
        self.folder.cleanup()


LIBRARY = Library.load()
TestTogether = Together.TestCase
TestTogether.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)


async def test_a_number_that_a_counsellor_writes_reads_in_its_own_order(talk, desk):
    await talk.presses("lang:ps")
    for value in TO_THE_QUEUE:
        await talk.presses(value)
    case = await taken(desk)
    async with desk.database.transaction() as session:
        row = await lock_case(session, case.id)
        text = "دې شمېرې ته زنګ ووهئ: +387 33 955 200"
        await add_message(session, desk.keys, row, text, from_person=False, author="mira")
    found = (await look(desk, "web", talk.who)).replies
    assert "\u2066+387 33 955 200\u2069" in found[-1][1].text
