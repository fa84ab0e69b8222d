"""Targets: how long a person may wait for what, which cases miss them, and when that is told."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from store.case_tables import TargetRow
from store.supervision.live import Now, OpenCase
from store.tables import now

#: A target that stays missed is told of again after this.
AGAIN = dt.timedelta(hours=1)
#: For so long a replica that is about to tell keeps the others from telling the same.
_CLAIM = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Target:
    """``missed`` says it of a number of cases; ``unit`` "" has no limit to set.

    ``each``: every case that newly misses it is told of at once.
    """

    name: str
    label: str
    missed: str
    unit: str
    default: int
    most: int = 0
    each: bool = False

    def limit(self, value: int) -> dt.timedelta:
        """The time that a value means."""
        return dt.timedelta(hours=value) if self.unit == "hours" else dt.timedelta(minutes=value)

    def words(self, value: int) -> str:
        """A value as it is said: ``1 minute``, ``72 hours``."""
        return f"{value} {self.unit.removesuffix('s') if value == 1 else self.unit}"


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target(
            "danger_wait",
            "A danger is answered within",
            "in danger without an answer for longer than {limit}",
            "minutes",
            2,
            60,
            each=True,
        ),
        Target(
            "danger_nobody",
            "Somebody is there for each danger who speaks the language",
            "in danger while nobody is there who speaks the language",
            "",
            0,
            each=True,
        ),
        Target(
            "waiting",
            "A case is taken within",
            "in the queue for longer than {limit}",
            "minutes",
            10,
            1440,
        ),
        Target(
            "first_reply",
            "The first reply comes within",
            "without a first reply for longer than {limit}",
            "minutes",
            15,
            1440,
        ),
        Target(
            "unanswered",
            "Later messages are answered within",
            "with a message unanswered for longer than {limit}",
            "minutes",
            30,
            1440,
        ),
        Target(
            "close", "A case is closed within", "open for longer than {limit}", "hours", 72, 720
        ),
    )
}


async def target_values(session: AsyncSession | AsyncConnection) -> dict[str, int]:
    """The value of every target: as set by a supervisor, or the default."""
    rows = await session.execute(select(TargetRow.name, TargetRow.value))
    set_ = {row.name: row.value for row in rows}
    return {name: set_.get(name, target.default) for name, target in TARGETS.items()}


async def set_targets(session: AsyncSession, values: Mapping[str, int]) -> None:
    """Set targets. Raises ValueError for a value that can't be."""
    for name, value in values.items():
        target = TARGETS[name]
        if not target.unit or not 1 <= value <= target.most:
            raise ValueError(f"{target.label}: from 1 to {target.most} {target.unit}.")
        (await _row(session, name)).value = value


def missed(state: Now, values: Mapping[str, int]) -> dict[str, list[OpenCase]]:
    """The cases that miss each target now; a case in danger is not counted as an ordinary wait."""
    found: dict[str, list[OpenCase]] = {name: [] for name in TARGETS}
    for case in state.cases:
        for name in TARGETS:
            if _misses(name, case, state, TARGETS[name].limit(values[name])):
                found[name].append(case)
    return found


def _misses(name: str, case: OpenCase, state: Now, limit: dt.timedelta) -> bool:
    before = state.at - limit
    if name == "danger_wait":
        no_reply = case.first_reply_at is None and case.opened_at < before
        return case.danger and (no_reply or (case.waits and case.waiting_since < before))
    if name == "danger_nobody":
        return case.danger and case.waits and not state.somebody_for(case)
    if name == "waiting":
        return not case.danger and case.waits and case.waiting_since < before
    if name == "first_reply":
        return not case.danger and case.first_reply_at is None and case.opened_at < before
    if name == "unanswered":
        waits = case.unanswered_since is not None and case.unanswered_since < before
        return case.status == "taken" and case.first_reply_at is not None and waits
    return case.opened_at < before


def _fresh(name: str, ids: list[str], told: list[str]) -> bool:
    """Whether a case is among them that is told of by itself and was not."""
    return TARGETS[name].each and not set(ids) <= set(told)


def _is_due(name: str, ids: list[str], row: TargetRow | Row, at: dt.datetime) -> bool:
    if not ids:
        return False
    return row.alerted_at is None or row.alerted_at <= at - AGAIN or _fresh(name, ids, row.told)


async def anything_to_note(
    connection: AsyncConnection, missing: Mapping[str, list[OpenCase]]
) -> bool:
    """Whether ``to_tell`` would tell or change anything: it takes a lock, this doesn't."""
    t, at = TargetRow, now()
    rows = await connection.execute(select(t.name, t.alerted_at, t.told))
    known = {row.name: row for row in rows}
    return any(
        _changes(name, [case.id for case in cases], known.get(name), at)
        for name, cases in missing.items()
    )


def _changes(name: str, ids: list[str], row: Row | None, at: dt.datetime) -> bool:
    if row is None:
        return bool(ids)
    met_now = row.alerted_at is not None and not ids
    return met_now or _is_due(name, ids, row, at) or not set(row.told) <= set(ids)


async def to_tell(
    session: AsyncSession, missing: Mapping[str, list[OpenCase]]
) -> dict[str, list[str]]:
    """The targets that are to be told of now, with the ids of their cases; claims them.

    Once when a target is missed, again after an hour or when it was met in between; of each case in
    danger at once. Follow with ``told`` or ``not_told``: of several replicas one tells, and if it
    dies before, it is told of after a minute.
    """
    due: dict[str, list[str]] = {}
    at = now()
    for name, cases in missing.items():
        ids = [case.id for case in cases]
        row = await session.get(TargetRow, name, with_for_update=True)
        if row is None:
            if not ids:
                continue
            row = await _row(session, name)
        if _is_due(name, ids, row, at):
            row.alerted_at, row.told = at - AGAIN + _CLAIM, ids
            due[name] = ids
        elif not ids:
            row.alerted_at, row.told = None, []
        else:  # who was answered and waits again is told of again
            row.told = [case_id for case_id in row.told if case_id in ids]
    return due


async def told(session: AsyncSession, names: Mapping[str, list[str]]) -> None:
    """These were told of."""
    for name in names:
        (await _row(session, name)).alerted_at = now()


async def not_told(session: AsyncSession, names: Mapping[str, list[str]]) -> None:
    """These could not be told of: the next look tries again."""
    for name in names:
        row = await _row(session, name)
        row.alerted_at, row.told = None, []


async def _row(session: AsyncSession, name: str) -> TargetRow:
    row = await session.get(TargetRow, name, with_for_update=True)
    if row is None:
        row = TargetRow(name=name, value=TARGETS[name].default, told=[])
        session.add(row)
        await session.flush()
    return row
