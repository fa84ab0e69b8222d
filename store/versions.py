"""Versions of answers and facts: written by one editor, published by another (four eyes).

Of each thing at most one version is being worked on (draft or review) and at most one is
published. Nothing is deleted: replaced, withdrawn and refused versions are its history, and so are
those that were taken into the files (state ``filed``).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.content_state import changed
from store.content_tables import ContentStateRow, ContentVersionRow
from store.tables import now

Kind = Literal["answer", "fact"]
#: States of a version that somebody works on.
OPEN = ("draft", "review")


@dataclass(frozen=True)
class Thing:
    """What a version is of: an answer in a language, or a fact by its path (no language)."""

    kind: Kind
    key: str
    language: str = ""


class VersionError(Exception):
    """A step that can't be taken; the message is one line for the editor."""


async def working_on(session: AsyncSession, thing: Thing) -> ContentVersionRow | None:
    """The version that is being worked on, if any."""
    return (await _of(session, thing, OPEN)).first()


async def in_force(session: AsyncSession, thing: Thing) -> ContentVersionRow | None:
    """The published version, if any: without one the file's text is in force."""
    return (await _of(session, thing, ("published",))).first()


async def history(session: AsyncSession, thing: Thing) -> Sequence[ContentVersionRow]:
    """All versions, the newest first."""
    return (await _of(session, thing, None)).all()


async def published(session: AsyncSession, kind: Kind | None = None) -> Sequence[ContentVersionRow]:
    """All published versions, the oldest first."""
    return await _in_state(session, ("published",), kind)


async def unfinished(
    session: AsyncSession, kind: Kind | None = None
) -> Sequence[ContentVersionRow]:
    """All versions that somebody works on or that wait for a second person, the oldest first."""
    return await _in_state(session, OPEN, kind)


async def every(session: AsyncSession, kind: Kind) -> Sequence[ContentVersionRow]:
    """All versions of a kind, the oldest first."""
    rows = select(ContentVersionRow).where(ContentVersionRow.kind == kind)
    return (await session.execute(rows.order_by(ContentVersionRow.id))).scalars().all()


async def save(
    session: AsyncSession,
    thing: Thing,
    body: dict[str, Any],
    *,
    base: str | None,
    edits: int,
    by: str,
) -> ContentVersionRow:
    """Save an editor's work as the draft of a thing. Whoever saved last counts as its writer.

    ``edits`` is the number that the editor's page was given (0: there was no draft), ``base`` a
    hash of the text in force. Raises VersionError if somebody else has saved meanwhile.
    """
    await _one_at_a_time(session)
    row = await working_on(session, thing)
    if edits != (row.edits if row else 0):
        raise VersionError("Somebody else has changed this meanwhile. Reload to see how it is now.")
    if row is None:
        row = ContentVersionRow(
            kind=thing.kind, key=thing.key, language=thing.language, edits=0, base=base
        )
        session.add(row)
    row.body, row.edits, row.state = dict(body), row.edits + 1, "draft"
    row.written_by, row.written_at = by, now()
    await session.flush()
    return row


async def ask_review(session: AsyncSession, row: ContentVersionRow) -> None:
    """Ask a second person to look at a draft. Raises VersionError if it is no draft."""
    await _step(session, row, "draft", state="review")


async def refuse(session: AsyncSession, row: ContentVersionRow, by: str, comment: str) -> None:
    """Send a version back to its writer as a draft, with the reason. Raises VersionError."""
    if not comment.strip():
        raise VersionError("Say what has to change.")
    await _step(session, row, "review", state="draft", reviewed_by=by, comment=comment.strip())


async def drop(session: AsyncSession, row: ContentVersionRow, by: str) -> None:
    """End the work on a version that will not be published. Raises VersionError."""
    if row.state not in OPEN:
        raise VersionError("This version is no longer being worked on.")
    await _step(session, row, row.state, state="refused", reviewed_by=by, reviewed_at=now())


async def publish(
    session: AsyncSession,
    row: ContentVersionRow,
    by: str,
    valid_until: dt.date | None,
    *,
    edits: int,
) -> None:
    """Put a version in force after a second person's look; the one before is replaced.

    ``valid_until`` is the day until which the reviewer vouches for it (None for facts without one);
    ``edits`` what the reviewer has seen. Raises VersionError if it is not in review, was changed
    since, or the reviewer is its writer.
    """
    if row.written_by == by:
        raise VersionError("A second person must look at it before it is published.")
    if row.edits != edits:
        raise VersionError("It was changed since you opened it. Reload and look again.")
    await _one_at_a_time(session)
    thing = Thing(row.kind, row.key, row.language)
    before = await in_force(session, thing)
    await _step(
        session,
        row,
        "review",
        state="published",
        reviewed_by=by,
        reviewed_at=now(),
        valid_until=valid_until,
    )
    if before is not None:
        before.state = "replaced"
    await changed(session)


async def undo(session: AsyncSession, thing: Thing, by: str, why: str) -> ContentVersionRow | None:
    """Take back what is published: the version before it is in force again, or else the file.

    It was looked at by two people when it was published, so this needs no second person: a wrong
    number must be gone at once. Returns what is in force now (None: the file). Raises VersionError
    if nothing is published.
    """
    await _one_at_a_time(session)
    now_in_force = await in_force(session, thing)
    if now_in_force is None:
        raise VersionError("Nothing is published here beyond the file.")
    earlier = (await _of(session, thing, ("replaced", "filed"))).all()
    before = next((row for row in earlier if row.id < now_in_force.id), None)
    if before is not None and before.state == "filed":
        before = None  # the file says it, or something later
    now_in_force.state, now_in_force.comment = "withdrawn", f"{by}: {why}".strip(": ")
    if before is not None:
        before.state = "published"
    await changed(session)
    return before


async def now_in_file(session: AsyncSession, row: ContentVersionRow) -> None:
    """The repository's file says what a published version says: the version is history."""
    if row.state == "published":
        row.state = "filed"


async def _of(session: AsyncSession, thing: Thing, states: tuple[str, ...] | None):
    rows = select(ContentVersionRow).where(
        ContentVersionRow.kind == thing.kind,
        ContentVersionRow.key == thing.key,
        ContentVersionRow.language == thing.language,
    )
    if states is not None:
        rows = rows.where(ContentVersionRow.state.in_(states))
    return (await session.execute(rows.order_by(ContentVersionRow.id.desc()))).scalars()


async def _in_state(
    session: AsyncSession, states: tuple[str, ...], kind: Kind | None
) -> Sequence[ContentVersionRow]:
    rows = select(ContentVersionRow).where(ContentVersionRow.state.in_(states))
    if kind is not None:
        rows = rows.where(ContentVersionRow.kind == kind)
    return (await session.execute(rows.order_by(ContentVersionRow.id))).scalars().all()


async def _step(
    session: AsyncSession, row: ContentVersionRow, from_state: str, **values: object
) -> None:
    # by a condition, not by what was read: another editor may have taken a step meanwhile
    mine = update(ContentVersionRow).where(
        ContentVersionRow.id == row.id,
        ContentVersionRow.state == from_state,
        ContentVersionRow.edits == row.edits,
    )
    if (await session.execute(mine.values(**values))).rowcount != 1:
        raise VersionError("Somebody else has changed this meanwhile. Reload to see how it is now.")
    await session.refresh(row)


async def _one_at_a_time(session: AsyncSession) -> None:
    """Until this transaction ends, no other saves or publishes (SQLite has one writer anyway)."""
    await session.execute(select(ContentStateRow.id).with_for_update())
