"""Photos, voice notes and documents of a case, encrypted like its words."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow
from store.keys import Keys


async def add_file(
    session: AsyncSession,
    keys: Keys,
    case: CaseRow,
    message: CaseMessageRow,
    media_type: str,
    data: bytes,
) -> CaseFileRow:
    """Keep the file of a message."""
    row = CaseFileRow(
        case_id=case.id,
        message_id=message.id,
        media_type=media_type,
        size=len(data),
        body=keys.cases.seal_bytes(data),
    )
    session.add(row)
    await session.flush()
    return row


async def size_of_files(session: AsyncSession, case_id: str) -> int:
    """Bytes of all files of a case, as they were before encryption."""
    total = select(func.coalesce(func.sum(CaseFileRow.size), 0))
    return (await session.execute(total.where(CaseFileRow.case_id == case_id))).scalar_one()


async def open_file(
    session: AsyncSession, keys: Keys, case_id: str, file_id: str
) -> tuple[str, bytes] | None:
    """(media type, content) of a case's file, or None. Raises store.keys.CannotDecrypt."""
    row = await session.get(CaseFileRow, file_id)
    if row is None or row.case_id != case_id:
        return None
    return row.media_type, keys.cases.open_bytes(row.body)
