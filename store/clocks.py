"""How long an answer to feedback may take, and what is overdue.

Sensitive feedback within 24 hours, general feedback within a week (after the practice of Talk to
Loop, which warns at 48 hours and at one week). Only days are kept of feedback, so "24 hours" is
the end of the next day.
"""

import datetime as dt

from sqlalchemy import ColumnElement, and_, case

from store.tables import FeedbackRow, today

GENERAL_DAYS, SENSITIVE_DAYS = 7, 1
#: In these states nobody is owed an answer.
DONE = ("answered", "closed")


def due_on(item: FeedbackRow) -> dt.date:
    """The last day on which an answer to an item is in time."""
    allowed = SENSITIVE_DAYS if item.sensitive else GENERAL_DAYS
    return item.waiting_since + dt.timedelta(days=allowed)


def is_overdue(item: FeedbackRow) -> bool:
    """Whether an answer is owed and its last day has passed."""
    return item.status not in DONE and due_on(item) < today()


def is_open() -> ColumnElement[bool]:
    """The condition that an answer is owed."""
    return FeedbackRow.status.not_in(DONE)


def overdue() -> ColumnElement[bool]:
    """The condition of ``is_overdue`` in SQL."""
    day = dt.timedelta(days=1)
    latest = case(
        (FeedbackRow.sensitive.is_(True), today() - SENSITIVE_DAYS * day),
        else_=today() - GENERAL_DAYS * day,
    )
    return and_(is_open(), FeedbackRow.waiting_since < latest)
