"""Surveys that tests put into a database."""

import datetime as dt

from store.database import Database
from store.surveys import Question, set_questions
from store.tables import SurveyRow, today

QUESTIONS = (
    Question("scale", {"en": "How is the food?", "fa": "غذا چطور است؟"}),
    Question(
        "choices",
        {"en": "Where do you eat?", "fa": "کجا غذا می‌خورید؟"},
        {"en": ["In the hall", "In my room"], "fa": ["در سالن", "در اتاقم"]},
    ),
    Question("yes_no", {"en": "Is it enough?"}),
    Question("text", {"en": "What should change?"}),
)


async def put_survey(
    database: Database,
    *,
    questions: tuple[Question, ...] = QUESTIONS,
    centre: str | None = None,
    state: str = "open",
    days: tuple[int, int] = (0, 7),
    title: str = "Food in the centre",
) -> str:
    """A survey whose period lies between two days counted from today; its id."""
    opens, closes = (today() + dt.timedelta(days=n) for n in days)
    row = SurveyRow(
        centre=centre, opens_on=opens, closes_on=closes, title={"en": title}, questions=[],
        state="draft", written_by="ana",
    )  # fmt: skip
    async with database.transaction() as session:
        set_questions(row, questions)
        row.state = state
        session.add(row)
        await session.flush()
        return row.id
