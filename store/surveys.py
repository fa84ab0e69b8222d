"""Satisfaction surveys: their questions, which one is open where, and the answers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import SurveyAnswerRow, SurveyRow, today

Kind = Literal["scale", "choices", "yes_no", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["draft", "open", "closed"]
MOST_QUESTIONS = 7
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
#: Options of a scale (1 to 5, the best last) and of a yes/no question (yes first).
SCALE, YES_NO = 5, 2


class SurveyFixed(Exception):
    """The survey can't be changed so: it is open or closed, or not fit to be opened."""


@dataclass(frozen=True)
class Question:
    """One question: its kind, its text by language, and the options of ``choices`` by language."""

    kind: Kind
    text: dict[str, str]
    options: dict[str, list[str]] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """How many options there are to press; 0 for own words."""
        return {"scale": SCALE, "yes_no": YES_NO, "text": 0}.get(
            self.kind, len(self.options.get("en", ()))
        )


@dataclass(frozen=True)
class Answer:
    """One person's answer to one question: the number of an option, or redacted own words.

    Own words that are empty count as an answer, but are not read with the others.
    """

    question: int
    choice: int | None = None
    text: str | None = None


def questions_of(survey: SurveyRow) -> list[Question]:
    """The questions of a survey, in order."""
    return [Question(**question) for question in survey.questions]


def set_questions(survey: SurveyRow, questions: Sequence[Question]) -> None:
    """Replace the questions. Raises SurveyFixed if it is not a draft, or they are too many."""
    need_draft(survey)
    if len(questions) > MOST_QUESTIONS:
        raise SurveyFixed(f"A survey has at most {MOST_QUESTIONS} questions.")
    survey.questions = [asdict(question) for question in questions]


def need_draft(survey: SurveyRow) -> None:
    """Raises SurveyFixed unless the survey is a draft."""
    if survey.state != "draft":
        raise SurveyFixed("This survey was opened: it can't be changed any more.")


def open_survey(survey: SurveyRow) -> None:
    """Offer a survey from now on, in its period. Raises SurveyFixed where that makes no sense."""
    need_draft(survey)
    if not survey.questions:
        raise SurveyFixed("A survey needs at least one question.")
    if survey.closes_on < today():
        raise SurveyFixed("The last day of this survey is over.")
    survey.state = "open"


def close_survey(survey: SurveyRow) -> None:
    """End a survey for good. Raises SurveyFixed if it is not open."""
    if survey.state != "open":
        raise SurveyFixed("This survey is not open.")
    survey.state = "closed"


async def all_surveys(session: AsyncSession) -> Sequence[SurveyRow]:
    """All surveys, the latest period first, for the officers' page."""
    rows = select(SurveyRow).order_by(SurveyRow.opens_on.desc(), SurveyRow.id)
    return (await session.execute(rows)).scalars().all()


def _running():
    day = today()
    period = (SurveyRow.opens_on <= day) & (SurveyRow.closes_on >= day)
    return select(SurveyRow).where(SurveyRow.state == "open", period)


async def running_survey(session: AsyncSession, survey_id: str) -> SurveyRow | None:
    """A survey if it takes answers today, else None."""
    found = await session.execute(_running().where(SurveyRow.id == survey_id))
    return found.scalar_one_or_none()


async def survey_to_offer(
    session: AsyncSession, centre: str | None, offered: Sequence[str]
) -> SurveyRow | None:
    """A survey that takes answers today and was not offered before, or None.

    One for the person's centre comes before one for all; one for another centre never.
    """
    rows = _running().where(SurveyRow.id.not_in(offered))
    rows = rows.where(SurveyRow.centre.is_(None) | (SurveyRow.centre == centre))
    rows = rows.order_by(SurveyRow.centre.is_(None), SurveyRow.closes_on, SurveyRow.id)
    return (await session.execute(rows.limit(1))).scalar_one_or_none()


async def add_answers(
    session: AsyncSession, survey: SurveyRow, answers: Sequence[Answer], language: str
) -> None:
    """Store one person's answers, each in a row of its own that leads to no other."""
    for one in answers:
        own: dict[str, Any] = {}
        if one.text is not None:
            own = {"text": one.text}
        if one.text:
            own |= {"language": language, "given_on": today()}
        session.add(
            SurveyAnswerRow(survey_id=survey.id, question=one.question, choice=one.choice, **own)
        )
    await session.flush()


async def own_words(session: AsyncSession, survey_id: str) -> Sequence[SurveyAnswerRow]:
    """Answers in own words that still have their text, in random order."""
    rows = select(SurveyAnswerRow).where(
        SurveyAnswerRow.survey_id == survey_id, SurveyAnswerRow.text != ""
    )
    # by their ids two lists of the same answers would be alike, and a new one would stand out
    return (await session.execute(rows.order_by(func.random()))).scalars().all()
