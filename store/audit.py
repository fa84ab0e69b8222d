"""Looking into the audit log. Lines are added by ``store.staff.note``; the database itself refuses
to change or delete them (triggers of migration 0007)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import AuditRow

#: Lines on one page.
SHOWN = 100


@dataclass(frozen=True)
class AuditFilter:
    """Which lines are shown; None: all."""

    staff: str | None = None
    action: str | None = None
    day: dt.date | None = None


async def audit_lines(
    session: AsyncSession, wanted: AuditFilter, before: int | None = None
) -> tuple[list[AuditRow], int | None]:
    """A page of lines, newest first, those under the id ``before``; and the id for the next page.

    Pages go by ids, so that new lines don't push others from one page to the next.
    """
    rows = select(AuditRow).order_by(AuditRow.id.desc()).limit(SHOWN + 1)
    if wanted.staff is not None:
        rows = rows.where(AuditRow.staff == wanted.staff)
    if wanted.action is not None:
        rows = rows.where(AuditRow.action == wanted.action)
    if wanted.day is not None:
        begins = dt.datetime.combine(wanted.day, dt.time())
        rows = rows.where(AuditRow.at >= begins, AuditRow.at < begins + dt.timedelta(days=1))
    if before is not None:
        rows = rows.where(AuditRow.id < before)
    lines = list((await session.execute(rows)).scalars())
    return lines[:SHOWN], lines[SHOWN - 1].id if len(lines) > SHOWN else None


async def audit_choices(session: AsyncSession) -> tuple[list[str], list[str]]:
    """Names and actions that stand in the log, each in order."""
    staff = select(AuditRow.staff).distinct().order_by(AuditRow.staff)
    action = select(AuditRow.action).distinct().order_by(AuditRow.action)
    return (
        list((await session.execute(staff)).scalars()),
        list((await session.execute(action)).scalars()),
    )
