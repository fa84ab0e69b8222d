"""Surveys and their answers in the store, on SQLite and on PostgreSQL."""

import datetime as dt

import pytest
from sqlalchemy import select, text

from reporting.satisfaction import rounded
from store.retention import run_retention
from store.survey_results import results
from store.surveys import (
    Answer,
    Question,
    SurveyFixed,
    add_answers,
    close_survey,
    open_survey,
    own_words,
    questions_of,
    running_survey,
    set_questions,
    survey_to_offer,
)
from store.tables import SurveyAnswerRow, SurveyRow, today
from tests.support.surveys import QUESTIONS, put_survey


async def answer(session, survey, *answers: Answer, language: str = "fa") -> None:
    row = await session.get(SurveyRow, survey)
    await add_answers(session, row, answers, language)


async def test_what_was_written_comes_back_and_is_fixed_once_it_is_open(each_database):
    survey = await put_survey(each_database, state="draft")
    async with each_database.transaction() as session:
        row = await session.get(SurveyRow, survey)
        assert questions_of(row) == list(QUESTIONS)
        open_survey(row)
        for change in (lambda: set_questions(row, QUESTIONS[:1]), lambda: open_survey(row)):
            with pytest.raises(SurveyFixed):
                change()
        close_survey(row)
        with pytest.raises(SurveyFixed):
            close_survey(row)
    async with each_database.transaction() as session:
        assert len((await session.get(SurveyRow, survey)).questions) == len(QUESTIONS)


async def test_a_survey_without_questions_with_too_many_or_that_is_over_is_not_opened(
    each_database,
):
    for more in ({"questions": ()}, {"days": (-9, -1)}):
        survey = await put_survey(each_database, state="draft", **more)
        async with each_database.transaction() as session:
            with pytest.raises(SurveyFixed):
                open_survey(await session.get(SurveyRow, survey))
    with pytest.raises(SurveyFixed, match="at most 7"):
        await put_survey(each_database, questions=QUESTIONS * 2)


async def test_only_what_runs_here_today_and_was_not_offered_is_offered(each_database):
    for_all = await put_survey(each_database)
    lipa = await put_survey(each_database, centre="lipa")
    later = await put_survey(each_database, days=(1, 9))
    await put_survey(each_database, state="closed")
    async with each_database.transaction() as session:

        async def offered(centre: str | None, *before: str) -> str | None:
            row = await survey_to_offer(session, centre, before)
            return row.id if row else None

        assert await offered("lipa") == lipa
        assert await offered("lipa", lipa) == for_all
        assert await offered("lipa", lipa, for_all) is None
        assert await offered("usivak") == await offered(None) == for_all
        assert await running_survey(session, later) is None
        assert (await running_survey(session, lipa)).id == lipa


async def test_answers_of_one_person_stand_apart_in_the_order_of_random_ids(each_database):
    survey = await put_survey(each_database)
    async with each_database.transaction() as session:
        for n in range(8):
            words = Answer(3, text=f"words {n}")
            await answer(session, survey, Answer(0, choice=n % 5), Answer(2, choice=0), words)
    async with each_database.transaction() as session:
        rows = (await session.execute(select(SurveyAnswerRow))).scalars().all()
        assert len({row.id for row in rows}) == len(rows) == 24
        # nothing but the survey and the day of own words is alike in rows of one person
        assert {row.given_on for row in rows if row.text is None} == {None}
        assert {row.given_on for row in rows if row.text} == {today()}
        if each_database.is_sqlite:
            table = text("SELECT id, choice, cell_key FROM survey_answers")
            raw = (await session.execute(table)).scalars().all()
            assert raw == sorted(raw)
            with pytest.raises(Exception, match="no such column"):
                await session.execute(text("SELECT rowid FROM survey_answers"))


async def test_own_words_are_read_in_another_order_each_time(each_database):
    survey = await put_survey(each_database)
    async with each_database.transaction() as session:
        for n in range(12):
            await answer(session, survey, Answer(3, text=f"words {n}"))
        await answer(session, survey, Answer(3, text=""), Answer(0, choice=1))
        orders = {tuple(r.text for r in await own_words(session, survey)) for _ in range(5)}
    assert len(orders) > 1
    assert {tuple(sorted(order)) for order in orders} == {
        tuple(sorted(f"words {n}" for n in range(12)))
    }


async def test_no_count_below_k_is_told_and_the_others_are_rounded_alike_each_time(each_database):
    survey = await put_survey(each_database)
    async with each_database.transaction() as session:
        for n in range(13):
            await answer(session, survey, Answer(0, choice=4 if n < 9 else 0), Answer(1, choice=1))
        for _ in range(4):
            await answer(session, survey, Answer(2, choice=0))
        row = await session.get(SurveyRow, survey)
        scale, choices, yes_no, words = await results(session, row, 5, rounded)
        again = await results(session, row, 5, rounded)
    assert scale.answered in (10, 15) and scale.options[4] in (5, 10)
    assert scale.options[:4] == [None] * 4
    assert choices.options[0] is None and choices.options[1] == choices.answered
    assert (yes_no.answered, yes_no.options) == (None, None)
    assert (words.answered, words.options) == (None, None)
    assert again == [scale, choices, yes_no, words]


async def test_answers_of_another_survey_are_not_counted(each_database):
    one, other = await put_survey(each_database), await put_survey(each_database)
    async with each_database.transaction() as session:
        for _ in range(10):
            await answer(session, one, Answer(0, choice=2), Answer(3, text="words"))
        row = await session.get(SurveyRow, other)
        assert all(r.answered is None for r in await results(session, row, 5, rounded))
        assert await own_words(session, other) == []


async def test_retention_empties_old_words_and_keeps_the_counts(each_database):
    survey = await put_survey(each_database)
    async with each_database.transaction() as session:
        for n in range(10):
            await answer(session, survey, Answer(3, text=f"words {n}"), Answer(0, choice=3))
        rows = await own_words(session, survey)
        for row in rows[:4]:
            row.given_on = today() - dt.timedelta(days=366)
        rows[4].given_on = today() - dt.timedelta(days=365)
        left = {row.text for row in rows[4:]}
    for gone in (4, 0):  # a second run finds nothing more
        async with each_database.transaction() as session:
            counted = await run_retention(
                session,
                conversation_days=30,
                case_days=30,
                feedback_days=365,
                unclear_days=30,
                report_days=730,
            )
            assert counted["survey_texts"] == gone
    async with each_database.transaction() as session:
        assert {row.text for row in await own_words(session, survey)} == left
        emptied = await session.execute(select(SurveyAnswerRow).where(SurveyAnswerRow.text == ""))
        assert [(r.language, r.given_on) for r in emptied.scalars()] == [(None, None)] * 4
        row = await session.get(SurveyRow, survey)
        assert [r.answered for r in await results(session, row, 5, rounded)] == [10, None, None, 10]


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (Question("scale", {"en": "q"}), 5),
        (Question("yes_no", {"en": "q"}), 2),
        (Question("text", {"en": "q"}), 0),
        (Question("choices", {"en": "q"}, {"en": ["a", "b", "c"]}), 3),
    ],
)
def test_a_question_has_as_many_answers_as_options(question, answers):
    assert question.answers == answers
