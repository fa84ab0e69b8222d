"""Confidential reports, sealed with the protection desk's key, and what waits unread there."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import Keys
from store.tables import FeedbackRow, ReportRow, today


async def add_report(
    session: AsyncSession, keys: Keys, kind: str, language: str, content: dict[str, Any]
) -> ReportRow:
    """Store one report; ``content`` (text, centre, contact) is encrypted as a whole."""
    body = keys.protection.seal(json.dumps(content, ensure_ascii=False))
    row = ReportRow(kind=kind, language=language, body=body)
    session.add(row)
    await session.flush()
    return row


async def newest_reports(session: AsyncSession) -> Sequence[ReportRow]:
    """All reports, unread ones first, then the newest."""
    rows = select(ReportRow).order_by(ReportRow.read_on.is_not(None), ReportRow.given_on.desc())
    return (await session.execute(rows)).scalars().all()


async def open_report(
    session: AsyncSession, keys: Keys, report_id: str
) -> tuple[ReportRow, dict[str, Any]] | None:
    """A report with its decrypted content, marked as read; None if there is none.

    Raises CannotDecrypt if it was sealed with another key.
    """
    row = await session.get(ReportRow, report_id)
    if row is None:
        return None
    row.read_on = row.read_on or today()
    return row, json.loads(keys.protection.open(row.body))


#: A report or a sensitive feedback item, by its table and id.
Waiting = tuple[type[ReportRow] | type[FeedbackRow], str]


async def waiting_for_alert(session: AsyncSession) -> list[Waiting]:
    """What is unread and must be told of: new since the last alert, or unread since yesterday."""
    unread = (
        (ReportRow, ReportRow.read_on.is_(None)),
        (FeedbackRow, FeedbackRow.sensitive.is_(True) & (FeedbackRow.status == "new")),
    )
    found: list[Waiting] = []
    for table, is_unread in unread:
        due = or_(table.alerts == 0, (table.alerts == 1) & (table.given_on < today()))
        ids = await session.execute(select(table.id).where(is_unread, due))
        found += [(table, id_) for id_ in ids.scalars()]
    return found


async def alerted(session: AsyncSession, told: list[Waiting]) -> None:
    """Note that an alert was sent for these."""
    for table, id_ in told:
        await session.execute(update(table).where(table.id == id_).values(alerts=table.alerts + 1))
