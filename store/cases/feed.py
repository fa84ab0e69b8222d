"""What is new in the cases: each has a revision that grows with every change.

Ids of messages can't serve for that: PostgreSQL gives them out before a transaction ends, so a
reader of "all after the last" would miss one. A case's revision changes under the case's lock.
"""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.case_tables import CaseRow
from store.tables import now

#: Closed cases are watched for as long as they can be opened again or rated.
WATCHED = dt.timedelta(hours=72)


async def revisions(connection: AsyncConnection) -> dict[str, int]:
    """The revision of each case that is open or was closed in the last 72 hours, by id."""
    watched = or_(CaseRow.status != "closed", CaseRow.closed_at > now() - WATCHED)
    rows = await connection.execute(select(CaseRow.id, CaseRow.rev).where(watched))
    return {row.id: row.rev for row in rows}
