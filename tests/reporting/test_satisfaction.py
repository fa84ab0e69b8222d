"""Satisfaction on the dashboard, from surveys in the store."""

import datetime as dt

from reporting.satisfaction import satisfaction
from reporting.selection import Selection, month_of
from store.surveys import Answer, add_answers
from store.tables import SurveyRow, today
from tests.support.surveys import put_survey

MONTH = month_of(today())


async def _answered(database, survey: str, choices: list[int]) -> None:
    async with database.transaction() as session:
        row = await session.get(SurveyRow, survey)
        for choice in choices:
            await add_answers(session, row, [Answer(0, choice=choice)], "fa")


async def test_shares_come_from_shown_numbers_of_surveys_of_the_time_and_centre(each_database):
    survey = await put_survey(each_database, centre="lipa", title="In Lipa")
    await put_survey(each_database, centre="borici", title="In Borici")
    await put_survey(each_database, state="draft", title="A draft")
    await put_survey(each_database, days=(-800, -700), title="Long ago")
    await _answered(each_database, survey, [4] * 30 + [3] * 10 + [0] * 40)
    async with each_database.transaction() as session:
        found = await satisfaction(session, Selection(MONTH, MONTH, centre="lipa"), 5)
        every = await satisfaction(session, Selection(MONTH, MONTH), 5)
    [one] = found
    assert (one.survey, one.answered, one.good) == ("In Lipa", 80, 50)
    assert {s.survey for s in every} == {"In Lipa", "In Borici"}


async def test_answers_of_few_are_not_shown(each_database):
    survey = await put_survey(each_database)
    await _answered(each_database, survey, [4, 4, 4, 0])
    async with each_database.transaction() as session:
        [one] = await satisfaction(session, Selection(MONTH, MONTH), 5)
    assert (one.answered, one.good) == (None, None)


async def test_good_answers_of_few_among_many_are_not_shown(each_database):
    survey = await put_survey(each_database)
    await _answered(each_database, survey, [4, 4] + [0] * 20)
    async with each_database.transaction() as session:
        [one] = await satisfaction(session, Selection(MONTH, MONTH), 5)
    assert one.answered in (20, 25) and one.good is None


async def test_a_survey_of_another_month_is_not_of_this_selection(each_database):
    await put_survey(each_database)
    before = month_of(MONTH - dt.timedelta(days=1))
    async with each_database.transaction() as session:
        found = await satisfaction(session, Selection(before, before), 5)
    assert found == []
