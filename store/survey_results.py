"""How often each option of a survey was chosen, in a form that may be shown.

A count of few people tells who they are, and a count that is looked at twice tells what the one
answered who came between. So nothing is shown apart below ``k`` answers, and every count goes
through a rule that rounds it by the random keys of its rows, the same each time.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.surveys import Question, questions_of
from store.tables import SurveyAnswerRow, SurveyRow

#: (count, sum of its rows' cell keys, k) → what may be shown, or None: fewer than k.
Shown = Callable[[int, int, int], int | None]


@dataclass(frozen=True)
class QuestionResult:
    """One question: how many answered, and how often each option was chosen.

    None stands for "fewer than k"; ``options`` is None where the whole is not shown apart.
    """

    question: Question
    answered: int | None
    options: list[int | None] | None


async def results(
    session: AsyncSession, survey: SurveyRow, k: int, shown: Shown
) -> list[QuestionResult]:
    """The results of a survey's questions, in order, rounded by the rule ``shown``."""
    cells = select(
        SurveyAnswerRow.question,
        SurveyAnswerRow.choice,
        func.count(),
        func.sum(SurveyAnswerRow.cell_key),
    ).where(SurveyAnswerRow.survey_id == survey.id)
    cells = cells.group_by(SurveyAnswerRow.question, SurveyAnswerRow.choice)
    counted = {(q, c): (n, int(keys)) for q, c, n, keys in (await session.execute(cells)).all()}
    found = []
    for number, question in enumerate(questions_of(survey)):
        of_this = [cell for (q, _choice), cell in counted.items() if q == number]
        answered = shown(sum(n for n, _key in of_this), sum(key for _n, key in of_this), k)
        options = None
        if answered is not None and question.answers:
            chosen = (counted.get((number, c), (0, 0)) for c in range(question.answers))
            options = [shown(n, keys, k) for n, keys in chosen]
        found.append(QuestionResult(question, answered, options))
    return found
