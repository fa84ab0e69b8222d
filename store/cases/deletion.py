"""A case goes with everything that was written in it."""

from sqlalchemy import ScalarSelect, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow, ReferralRow


async def delete_cases(session: AsyncSession, which: Select) -> dict[str, int]:
    """Delete the cases whose ids ``which`` selects; returns how many rows went, by kind."""
    ids: ScalarSelect = which.scalar_subquery()
    gone = {}
    for kind, table in {
        "messages": CaseMessageRow,
        "files": CaseFileRow,
        "referrals": ReferralRow,
    }.items():
        done = await session.execute(delete(table).where(table.case_id.in_(ids)))
        gone[kind] = done.rowcount
    gone["cases"] = (await session.execute(delete(CaseRow).where(CaseRow.id.in_(ids)))).rowcount
    return gone


def cases_of(pseudonym: str) -> Select:
    """The ids of a person's cases."""
    return select(CaseRow.id).where(CaseRow.pseudonym == pseudonym)
