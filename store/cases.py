"""Cases: people who wait for a counsellor, and what is written between them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import Keys
from store.tables import CaseMessageRow, CaseRow, now


async def open_case_of(session: AsyncSession, pseudonym: str) -> CaseRow | None:
    """A person's open case, or None."""
    rows = select(CaseRow).where(CaseRow.pseudonym == pseudonym, CaseRow.status != "closed")
    return (await session.execute(rows.limit(1))).scalar_one_or_none()


async def add_case(
    session: AsyncSession,
    keys: Keys,
    *,
    pseudonym: str,
    language: str,
    centre: str | None,
    danger: bool,
    text: str,
) -> CaseRow:
    """Put a person in the queue with what they want to talk about."""
    row = CaseRow(
        pseudonym=pseudonym,
        language=language,
        centre=centre,
        danger=danger,
        body=keys.cases.seal(text),
    )
    session.add(row)
    await session.flush()
    return row


async def place_in_queue(session: AsyncSession, case: CaseRow) -> int:
    """How many open cases come before this one, plus one: danger first, then the longest wait."""
    before = (CaseRow.danger.is_(case.danger)) & (CaseRow.opened_at < case.opened_at)
    if not case.danger:
        before = before | CaseRow.danger.is_(True)
    query = select(func.count()).where(CaseRow.status == "queued", before)
    return (await session.execute(query)).scalar_one() + 1


async def queue(session: AsyncSession) -> Sequence[CaseRow]:
    """Open cases in the order in which they should be taken."""
    rows = select(CaseRow).where(CaseRow.status != "closed")
    rows = rows.order_by(CaseRow.danger.desc(), CaseRow.opened_at)
    return (await session.execute(rows)).scalars().all()


async def add_message(
    session: AsyncSession, keys: Keys, case: CaseRow, text: str, *, from_person: bool
) -> CaseMessageRow:
    """Add a message to a case; one to the person waits for delivery."""
    row = CaseMessageRow(
        case_id=case.id,
        from_person=from_person,
        body=keys.cases.seal(text),
        delivery="none" if from_person else "waiting",
    )
    session.add(row)
    await session.flush()
    return row


async def messages_of(session: AsyncSession, keys: Keys, case: CaseRow) -> list[tuple[bool, str]]:
    """A case's messages in order, as (from the person?, text)."""
    rows = select(CaseMessageRow).where(CaseMessageRow.case_id == case.id)
    found = (await session.execute(rows.order_by(CaseMessageRow.id))).scalars().all()
    return [(row.from_person, keys.cases.open(row.body)) for row in found]


async def close_case(session: AsyncSession, case: CaseRow) -> None:
    """Close a case; its text goes with the next retention run after the set time."""
    case.status, case.closed_at = "closed", now()


async def waiting_messages(
    session: AsyncSession, pseudonym: str | None = None, limit: int = 50
) -> Sequence[tuple[CaseMessageRow, CaseRow]]:
    """Messages of counsellors not yet delivered, oldest first; of one person, or of all."""
    rows = select(CaseMessageRow, CaseRow).join(CaseRow, CaseRow.id == CaseMessageRow.case_id)
    rows = rows.where(CaseMessageRow.delivery == "waiting")
    if pseudonym is not None:
        rows = rows.where(CaseRow.pseudonym == pseudonym)
    found = await session.execute(rows.order_by(CaseMessageRow.id).limit(limit))
    return [(message, case) for message, case in found.all()]
