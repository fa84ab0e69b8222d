"""Confidential reports: sealed with the protection desk's key."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import Keys
from store.tables import ReportRow, today


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
