"""What is written in a case: by the person, by the staff, and by the service."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow
from store.feedback import count
from store.keys import Keys
from store.tables import now

#: Kinds that a person and a counsellor say to each other.
SAID = ("text", "photo", "voice", "document")
#: Counters of the time until a first reply: up to so many minutes.
FIRST_REPLY = ((5, "5m"), (15, "15m"), (60, "1h"), (240, "4h"), (1440, "1d"))


@dataclass(frozen=True)
class Message:
    """A message as the staff reads it; ``what`` is the decoded event or notice."""

    row: CaseMessageRow
    text: str
    what: dict[str, Any] | None = None
    file: CaseFileRow | None = None


async def lock_case(session: AsyncSession, case_id: str) -> CaseRow | None:
    """The case as it is now, held against everybody else until the transaction ends; or None."""
    rows = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
    rows = rows.execution_options(populate_existing=True)
    return (await session.execute(rows)).scalar_one_or_none()


async def add_message(
    session: AsyncSession,
    keys: Keys,
    case: CaseRow,
    text: str,
    *,
    from_person: bool,
    author: str | None = None,
    kind: str = "text",
    key: str | None = None,
) -> CaseMessageRow:
    """Add what a person or a counsellor said; words to the person wait for delivery.

    ``key`` is the sender's own name for the message: the same one again adds nothing and gives the
    message that is there. The case must be locked (``lock_case``), so that ids keep its order.
    """
    if key is not None and (found := await _there(session, case, key)) is not None:
        return found
    row = await _add(
        session,
        keys,
        case,
        text,
        from_person=from_person,
        author=author,
        kind=kind,
        key=key,
        delivery="none" if from_person else "waiting",
    )
    if from_person:
        case.unanswered_since = case.unanswered_since or row.at
    else:
        case.unanswered_since = None
        if case.first_reply_at is None:
            case.first_reply_at = row.at
            minutes = (row.at - case.opened_at).total_seconds() / 60
            bucket = next((name for limit, name in FIRST_REPLY if minutes <= limit), "more")
            await count(session, "case_reply", bucket, case.language)
    return row


async def _there(session: AsyncSession, case: CaseRow, key: str) -> CaseMessageRow | None:
    same = select(CaseMessageRow).where(
        CaseMessageRow.case_id == case.id, CaseMessageRow.key == key
    )
    return (await session.execute(same)).scalar_one_or_none()


async def add_note(
    session: AsyncSession, keys: Keys, case: CaseRow, text: str, author: str, key: str | None = None
) -> CaseMessageRow:
    """Add a note that only the staff reads. ``key`` as in ``add_message``."""
    if key is not None and (found := await _there(session, case, key)) is not None:
        return found
    return await _add(session, keys, case, text, kind="note", author=author, key=key)


async def add_event(
    session: AsyncSession,
    keys: Keys,
    case: CaseRow,
    what: str,
    author: str | None = None,
    /,
    **more: object,
) -> CaseMessageRow:
    """Note what was done with the case, for the staff to see between the messages."""
    text = json.dumps({"what": what, **more}, ensure_ascii=False)
    return await _add(session, keys, case, text, kind="event", author=author)


async def add_notice(
    session: AsyncSession, keys: Keys, case: CaseRow, what: str, /, **values: str
) -> CaseMessageRow:
    """Tell the person something in the service's own words (actions/notices.py), in their order."""
    text = json.dumps({"what": what, **values}, ensure_ascii=False)
    return await _add(session, keys, case, text, kind="notice", delivery="waiting")


async def _add(
    session: AsyncSession,
    keys: Keys,
    case: CaseRow,
    text: str,
    *,
    kind: str,
    from_person: bool = False,
    author: str | None = None,
    key: str | None = None,
    delivery: str = "none",
) -> CaseMessageRow:
    row = CaseMessageRow(
        case_id=case.id,
        from_person=from_person,
        author=author,
        kind=kind,
        key=key,
        body=keys.cases.seal(text),
        delivery=delivery,
        at=now(),
    )
    session.add(row)
    case.rev += 1
    await session.flush()
    return row


async def messages_of(
    session: AsyncSession, keys: Keys, case_id: str, after: int = 0
) -> list[Message]:
    """A case's messages after an id, in order. Raises store.keys.CannotDecrypt.

    The files' contents are not loaded.
    """
    rows = select(CaseMessageRow).where(
        CaseMessageRow.case_id == case_id, CaseMessageRow.id > after
    )
    found = (await session.execute(rows.order_by(CaseMessageRow.id))).scalars().all()
    files = {}
    if any(row.kind in ("photo", "voice", "document") for row in found):
        columns = (CaseFileRow.id, CaseFileRow.message_id, CaseFileRow.media_type, CaseFileRow.size)
        there = await session.execute(select(*columns).where(CaseFileRow.case_id == case_id))
        files = {
            one.message_id: CaseFileRow(
                id=one.id,
                case_id=case_id,
                message_id=one.message_id,
                media_type=one.media_type,
                size=one.size,
            )
            for one in there
        }
    return [_message(keys, row, files.get(row.id)) for row in found]


def _message(keys: Keys, row: CaseMessageRow, file: CaseFileRow | None) -> Message:
    text = keys.cases.open(row.body)
    what = json.loads(text) if row.kind in ("event", "notice") else None
    return Message(row, text, what, file)


async def mark_seen(session: AsyncSession, case: CaseRow, up_to: int) -> bool:
    """Note that the counsellor has seen the person's messages up to an id; whether any was new."""
    unseen = update(CaseMessageRow).where(
        CaseMessageRow.case_id == case.id,
        CaseMessageRow.id <= up_to,
        CaseMessageRow.from_person.is_(True),
        CaseMessageRow.seen_at.is_(None),
    )
    changed = (await session.execute(unseen.values(seen_at=now()))).rowcount > 0
    if changed:
        case.rev += 1
    return changed


async def waiting_for(session: AsyncSession, pseudonym: str) -> Sequence[CaseMessageRow]:
    """Messages to a person that wait, in order (for a channel where the person fetches them)."""
    rows = select(CaseMessageRow).join(CaseRow, CaseRow.id == CaseMessageRow.case_id)
    rows = rows.where(CaseRow.pseudonym == pseudonym, CaseMessageRow.delivery == "waiting")
    return (await session.execute(rows.order_by(CaseMessageRow.id))).scalars().all()


async def confirm(session: AsyncSession, pseudonym: str, up_to: int) -> None:
    """The person's page has shown what waited for them up to an id: it is delivered and seen."""
    cases = select(CaseRow.id).where(CaseRow.pseudonym == pseudonym)
    shown = update(CaseMessageRow).where(
        CaseMessageRow.case_id.in_(cases),
        CaseMessageRow.delivery == "waiting",
        CaseMessageRow.id <= up_to,
    )
    shown = shown.values(delivery="delivered", seen_at=now()).returning(CaseMessageRow.case_id)
    changed = set((await session.execute(shown)).scalars())
    if changed:
        more = update(CaseRow).where(CaseRow.id.in_(changed))
        await session.execute(more.values(rev=CaseRow.rev + 1))
