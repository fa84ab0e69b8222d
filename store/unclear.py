"""Messages that were not understood: kept without a person, for an editor to label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.keys import CannotDecrypt, Keys
from store.tables import UnclearRow

State = Literal["new", "labelled", "dropped"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Labelled:
    """One sentence with the intent that an editor gave it."""

    language: str
    script: str
    intent: str
    text: str


async def add_unclear(
    session: AsyncSession, keys: Keys, *, language: str, script: str, text: str, guess: str | None
) -> UnclearRow:
    """Keep one message (redacted already); ``guess`` is the intent that the model thought of."""
    row = UnclearRow(language=language, script=script, body=keys.unclear.seal(text), guess=guess)
    session.add(row)
    await session.flush()
    return row


async def unclear_counts(session: AsyncSession, state: State) -> Counter[str]:
    """How many messages of a state there are, by language."""
    rows = select(UnclearRow.language, func.count()).where(UnclearRow.state == state)
    found = await session.execute(rows.group_by(UnclearRow.language))
    return Counter({language: n for language, n in found.all()})


async def list_unclear(
    session: AsyncSession, keys: Keys, state: State, language: str | None = None, limit: int = 30
) -> list[tuple[UnclearRow, str | None]]:
    """Messages with their texts; the text is None if it was sealed with another key.

    In the order of their random ids: by day or as they came, those of one person would stand
    together.
    """
    rows = select(UnclearRow).where(UnclearRow.state == state)
    if language:
        rows = rows.where(UnclearRow.language == language)
    found = (await session.execute(rows.order_by(UnclearRow.id).limit(limit))).scalars().all()
    return [(row, _text(keys, row)) for row in found]


def _text(keys: Keys, row: UnclearRow) -> str | None:
    try:
        return keys.unclear.open(row.body)
    except CannotDecrypt:
        return None


def label_unclear(row: UnclearRow, *, intent: str, language: str, staff: str) -> None:
    """Give a message its intent and, where the guess was wrong, its language.

    Raises ValueError if it was dropped: its text is gone.
    """
    if row.state == "dropped":
        raise ValueError("this message was dropped")
    row.label, row.language, row.labelled_by, row.state = intent, language, staff, "labelled"


def drop_unclear(row: UnclearRow, *, staff: str) -> None:
    """Take a message out; its text goes at once, for it may be dropped because it names people."""
    row.body, row.label, row.labelled_by, row.state = b"", None, staff, "dropped"


async def labelled_sentences(
    session: AsyncSession, keys: Keys, language: str | None = None
) -> Sequence[Labelled]:
    """All labelled messages, of one language or of all, in the order of their random ids."""
    rows = select(UnclearRow).where(UnclearRow.state == "labelled")
    if language:
        rows = rows.where(UnclearRow.language == language)
    found = (await session.execute(rows.order_by(UnclearRow.id))).scalars().all()
    texts = [(row, _text(keys, row)) for row in found]
    return [Labelled(r.language, r.script, r.label or "", text) for r, text in texts if text]
