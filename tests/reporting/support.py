"""Feedback items for tests of what is counted."""

import datetime as dt
import itertools
from typing import Any

from store.database import Database
from store.tables import FeedbackRow

_numbers = itertools.count()


def item(**columns: Any) -> FeedbackRow:
    """A feedback item with the given columns, the others as an ordinary complaint about food."""
    given_on = columns.setdefault("given_on", dt.date(2025, 3, 12))
    return FeedbackRow(
        **{
            "language": "ar",
            "channel": "web",
            "centre": "lipa",
            "type": "complaint",
            "category": "food",
            "text": "secret words",
            "code_hash": f"hash {next(_numbers)}",
            "waiting_since": given_on,
        }
        | columns
    )


async def fill(database: Database, *items: FeedbackRow) -> None:
    """Store items."""
    async with database.transaction() as session:
        session.add_all(items)
