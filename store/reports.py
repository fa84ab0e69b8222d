"""Confidential reports, sealed with the protection desk's key, and what waits unread there."""

import json
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import CannotDecrypt, Keys
from store.tables import FeedbackRow, ReportRow, today

#: The kind of report that is about staff: sexual exploitation and abuse.
ABOUT_STAFF = "sea_report"


async def add_report(
    session: AsyncSession, keys: Keys, kind: str, language: str, content: dict[str, Any]
) -> ReportRow:
    """Store one report; ``content`` (text, centre, contact) is encrypted as a whole."""
    body = keys.protection.seal(json.dumps(content, ensure_ascii=False))
    row = ReportRow(kind=kind, language=language, body=body)
    session.add(row)
    await session.flush()
    return row


async def newest_reports(
    session: AsyncSession, keys: Keys, centre: str | None = None
) -> list[ReportRow]:
    """The reports that a reader who works in ``centre`` may see: unread first, then the newest."""
    rows = select(ReportRow).order_by(ReportRow.read_on.is_not(None), ReportRow.given_on.desc())
    found = (await session.execute(rows)).scalars()
    return [row for row in found if not _about_own_staff(row, keys, centre)]


async def open_report(
    session: AsyncSession, keys: Keys, report_id: str, centre: str | None = None
) -> tuple[ReportRow, dict[str, Any]] | None:
    """A report with its decrypted content, marked as read; None if a reader who works in
    ``centre`` may see none of this id.

    Raises CannotDecrypt if it was sealed with another key.
    """
    row = await session.get(ReportRow, report_id)
    if row is None or _about_own_staff(row, keys, centre):
        return None
    row.read_on = row.read_on or today()
    return row, json.loads(keys.protection.open(row.body))


def _about_own_staff(row: ReportRow, keys: Keys, centre: str | None) -> bool:
    """Whether a report is about staff of the reader's own centre, or may be: reports about staff
    never go to the office complained about (IASC, inter-agency complaint mechanisms)."""
    if centre is None or row.kind != ABOUT_STAFF:
        return False
    try:
        named = json.loads(keys.protection.open(row.body)).get("centre")
    except CannotDecrypt:
        return True  # it may be of this centre
    return named in (None, centre)


#: A report or a sensitive feedback item, by its table and id.
Waiting = tuple[type[ReportRow] | type[FeedbackRow], str]


async def waiting_for_alert(session: AsyncSession) -> list[Waiting]:
    """What is unread and must be told of: new since the last alert, or unread since yesterday."""
    unread = (
        (ReportRow, ReportRow.given_on, ReportRow.read_on.is_(None)),
        (
            FeedbackRow,
            FeedbackRow.waiting_since,
            FeedbackRow.sensitive.is_(True) & (FeedbackRow.status == "new"),
        ),
    )
    found: list[Waiting] = []
    for table, since, is_unread in unread:
        due = or_(table.alerts == 0, (table.alerts == 1) & (since < today()))
        ids = await session.execute(select(table.id).where(is_unread, due))
        found += [(table, id_) for id_ in ids.scalars()]
    return found


async def alerted(session: AsyncSession, told: list[Waiting]) -> None:
    """Note that an alert was sent for these."""
    for table, id_ in told:
        await session.execute(update(table).where(table.id == id_).values(alerts=table.alerts + 1))
