"""How satisfied people are: the scales of surveys that ran in a selection's months and centre."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.disclosure import Group, share, shown
from reporting.selection import NOT_GIVEN, Selection
from store.survey_results import results
from store.tables import SurveyRow

#: The first good option of a scale, counted from 0, the worst: good, then very good.
_GOOD = 3


@dataclass(frozen=True)
class Satisfied:
    """One scale of one survey, in English; ``answered`` is a shown number (None: fewer).

    ``good``: per cent of the answers that were "good" or "very good", None where nothing is shown.
    """

    survey_id: str
    survey: str
    centre: str | None
    question: str
    answered: int | None
    good: int | None


def rounded(n: int, keys: int, base: int) -> int | None:
    """The rule of ``reporting.disclosure`` for counts of answers."""
    return shown(Group(n, keys), base)


async def satisfaction(session: AsyncSession, selection: Selection, base: int) -> list[Satisfied]:
    """The scales of surveys that were open in the selection's time, the latest survey first.

    Surveys know no language of their answers and no type: those filters have no say here.
    """
    rows = select(SurveyRow).where(
        SurveyRow.state != "draft",
        SurveyRow.opens_on < selection.end,
        SurveyRow.closes_on >= selection.first,
    )
    if selection.centre not in (None, NOT_GIVEN):
        rows = rows.where(or_(SurveyRow.centre.is_(None), SurveyRow.centre == selection.centre))
    found = []
    for survey in (await session.execute(rows.order_by(SurveyRow.opens_on.desc()))).scalars():
        for result in await results(session, survey, base, rounded):
            if result.question.kind == "scale":
                numbers = [n for n in (result.options or [])[_GOOD:] if n is not None]
                good = share(sum(numbers), result.answered) if numbers else None
                title, text = survey.title["en"], result.question.text["en"]
                found.append(
                    Satisfied(survey.id, title, survey.centre, text, result.answered, good)
                )
    return found
