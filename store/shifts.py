"""Weekly shifts of the counsellors, in local time, and how many are planned in each hour."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import ShiftRow
from store.local_time import DAYS, HOURS

DAY = 24 * 60  # minutes
WEEK = DAYS * DAY
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: How many counsellors are planned in each hour of each weekday, Monday first.
Grid = list[list[int]]


class ShiftError(ValueError):
    """A shift that can't be; the message says why, to the staff."""


@dataclass(frozen=True, order=True)
class Shift:
    """Every week on a weekday (0 is Monday), from minute to minute after midnight.

    ``ends`` past 1440 is on the next day.
    """

    weekday: int
    begins: int
    ends: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.times}"

    @property
    def times(self) -> str:
        """From and to, as 22:00–06:00."""
        return f"{clock(self.begins)}–{clock(self.ends)}"

    @property
    def span(self) -> tuple[int, int]:
        """From and to in minutes of the week; the end may lie past the week's."""
        return self.weekday * DAY + self.begins, self.weekday * DAY + self.ends


def clock(minutes: int) -> str:
    """A time of the day; midnight at the end of a day is 00:00."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def read_shift(weekday: int, begins: str, ends: str) -> Shift:
    """The shift of a form: times as ``22:00``; an end before the beginning is on the next day.

    From 00:00 to 00:00 is the whole day. Raises ShiftError.
    """
    first, last = (_minutes(weekday, text) for text in (begins, ends))
    if first == last and first != 0:
        raise ShiftError(f"{WEEKDAYS[weekday]}: a shift can't end when it begins ({begins}).")
    return Shift(weekday, first, last if last > first else last + DAY)


def _minutes(weekday: int, text: str) -> int:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    if not found:
        raise ShiftError(f"{WEEKDAYS[weekday]}: write both times as 08:00 or 22:30.")
    return int(found[1]) * 60 + int(found[2])


def check_apart(shifts: Sequence[Shift]) -> None:
    """Raises ShiftError if one begins before another of the same person has ended."""
    week = sorted(shifts)
    spans = [shift.span for shift in week]
    # after the last comes the first of the next week
    following = [*spans[1:], *((first + WEEK, last + WEEK) for first, last in spans[:1])]
    for place, (one, after) in enumerate(zip(spans, following, strict=True)):
        if after[0] < one[1]:
            other = week[(place + 1) % len(week)]
            raise ShiftError(f"{week[place]} and {other} are at the same time.")


async def shifts_of(session: AsyncSession, names: Collection[str]) -> dict[str, list[Shift]]:
    """The shifts of members of the staff, in the order of the week."""
    rows = select(ShiftRow).where(ShiftRow.staff.in_(names))
    found: dict[str, list[Shift]] = {name: [] for name in names}
    for row in (await session.execute(rows)).scalars():
        found[row.staff].append(Shift(row.weekday, row.begins, row.ends))
    return {name: sorted(shifts) for name, shifts in found.items()}


async def set_shifts(session: AsyncSession, staff: str, shifts: Sequence[Shift]) -> None:
    """Put these in the place of somebody's shifts. Raises ShiftError if they overlap."""
    check_apart(shifts)
    await session.execute(delete(ShiftRow).where(ShiftRow.staff == staff))
    session.add_all(
        ShiftRow(staff=staff, weekday=one.weekday, begins=one.begins, ends=one.ends)
        for one in shifts
    )


def planned(shifts: Iterable[Shift]) -> Grid:
    """How many are planned throughout each hour: whoever leaves during it doesn't count."""
    change = [0] * (WEEK + 1)
    for shift in shifts:
        first, last = shift.span
        change[first] += 1
        change[min(last, WEEK)] -= 1
        if last > WEEK:  # Sunday night goes on on Monday
            change[0] += 1
            change[last - WEEK] -= 1
    minutes, there = [], 0
    for step in change[:WEEK]:
        there += step
        minutes.append(there)
    return [
        [min(minutes[(day * HOURS + hour) * 60 :][:60]) for hour in range(HOURS)]
        for day in range(DAYS)
    ]


def open_hours(week: Mapping[int, Sequence[tuple[int, int]]] | None) -> list[list[bool]]:
    """In which hours of each weekday somebody ought to be there, if only for a part of them.

    ``week``: the opening hours by weekday, in minutes after midnight; None: day and night.
    """
    return [
        [
            week is None or any(b < (hour + 1) * 60 and e > hour * 60 for b, e in week.get(day, ()))
            for hour in range(HOURS)
        ]
        for day in range(DAYS)
    ]


def ranges(hours: Sequence[int]) -> list[tuple[int, int, int]]:
    """A day's hours put together: from hour, to hour (24: midnight), how many are planned."""
    found: list[tuple[int, int, int]] = []
    for hour, people in enumerate(hours):
        if found and found[-1][2] == people:
            found[-1] = (found[-1][0], hour + 1, people)
        else:
            found.append((hour, hour + 1, people))
    return found
