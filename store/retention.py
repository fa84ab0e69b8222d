"""What goes, and when."""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseRow
from store.cases.deletion import delete_cases
from store.notices.subscriptions import delete_ended
from store.tables import (
    DeliveryRow,
    FeedbackRow,
    PersonRow,
    ReportRow,
    SeenUpdateRow,
    SurveyAnswerRow,
    UnclearRow,
    now,
    today,
)

#: Shown in place of a feedback text whose time is over; the coded row stays for the counts.
REMOVED = ""


async def run_retention(
    session: AsyncSession,
    *,
    conversation_days: int,
    case_days: int,
    feedback_days: int,
    unclear_days: int,
    report_days: int,
) -> dict[str, int]:
    """Delete what is older than its time; returns how many rows, by kind.

    ``conversation_days``: since a person last wrote; ``case_days``: since a case was closed;
    ``feedback_days``: since the day of a feedback item or of an answer to a survey in own words,
    whose text is emptied and row kept;
    ``unclear_days``: since the day of an unclear message, labelled or not; ``report_days``: since
    a report was first read (what nobody has read stays).
    """
    day = dt.timedelta(days=1)
    old = select(CaseRow.id).where(CaseRow.closed_at < now() - case_days * day)
    gone = await delete_cases(session, old)
    gone["subscriptions"] = await delete_ended(session)
    steps = {
        "addresses": delete(DeliveryRow).where(DeliveryRow.until < today()),
        "conversations": delete(PersonRow).where(
            PersonRow.seen_on < today() - conversation_days * day
        ),
        "updates": delete(SeenUpdateRow).where(SeenUpdateRow.seen_on < today() - 2 * day),
        "feedback_texts": update(FeedbackRow)
        .where(FeedbackRow.given_on < today() - feedback_days * day, FeedbackRow.text != REMOVED)
        .values(text=REMOVED, reply=None, more=None, translation=None, needs_translation=False),
        "reports": delete(ReportRow).where(ReportRow.read_on < today() - report_days * day),
        "survey_texts": update(SurveyAnswerRow)
        .where(SurveyAnswerRow.given_on < today() - feedback_days * day)
        .values(text=REMOVED, language=None, given_on=None),
        "unclear": delete(UnclearRow).where(UnclearRow.kept_on < today() - unclear_days * day),
    }
    return gone | {kind: (await session.execute(step)).rowcount for kind, step in steps.items()}
