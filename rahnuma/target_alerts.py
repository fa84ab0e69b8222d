"""Tells supervisors that a target of the handoff is missed: by e-mail, in a Telegram chat, or both.

An alert says how many cases and which target, and nothing else: no word, no name, no language.
"""

from collections.abc import Mapping

from rahnuma.alerts import Sender, told_by
from store.database import Database
from store.supervision.live import state_now
from store.supervision.targets import (
    TARGETS,
    anything_to_note,
    missed,
    not_told,
    target_values,
    to_tell,
    told,
)

TARGETS_SUBJECT = "Rahnuma: a target is missed"


async def alert_missed(database: Database, senders: list[Sender]) -> int:
    """Send one alert for all targets that are to be told of; returns of how many it told.

    Where all ways fail, the next look tries again. Raises DATABASE_ERRORS.
    """
    async with database.reading() as connection:
        values = await target_values(connection)
        missing = missed(await state_now(connection), values)
        if not await anything_to_note(connection, missing):
            return 0
    async with database.transaction() as session:
        due = await to_tell(session, missing)
    if not due:
        return 0
    # the lock is free while the network is waited for
    worked = await told_by(senders, _line(due, values))
    async with database.transaction() as session:
        await (told if worked else not_told)(session, due)
    return len(due) if worked else 0


def _line(due: Mapping[str, list[str]], values: Mapping[str, int]) -> str:
    found = []
    for name, ids in due.items():
        target = TARGETS[name]
        cases = "1 case is" if len(ids) == 1 else f"{len(ids)} cases are"
        found.append(f"{cases} {target.missed.format(limit=target.words(values[name]))}.")
    return " ".join([*found, "In the console: Supervision."])
