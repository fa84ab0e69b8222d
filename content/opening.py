"""When the counsellors' desk is open (``content/directory.yml``, section ``desk``).

Hours are a fact like others: without a source, a date of checking and ``publish: true`` they are
not known, and people are told so.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_time, get_day_names

from content.languages import LANGUAGES
from content.sentences import day

#: Names of the days in the file, Monday first.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")
#: Days to look ahead for the next opening.
AHEAD = 60


class OpeningError(ValueError):
    """The hours can't be used: the message is one line for the person who mends them."""


@dataclass(frozen=True)
class Opening:
    """Weekly hours. ``week`` has for each weekday (0 is Monday) spans in minutes after midnight,
    local time; on the days of ``closed_on`` nobody is there."""

    week: dict[int, tuple[tuple[int, int], ...]]
    zone: ZoneInfo
    closed_on: frozenset[dt.date] = field(default_factory=frozenset)

    def _spans(self, date: dt.date) -> tuple[tuple[int, int], ...]:
        return () if date in self.closed_on else self.week.get(date.weekday(), ())

    def is_open(self, at: dt.datetime) -> bool:
        """Whether the desk is open at a time (UTC, with or without a time zone)."""
        local = self._local(at)
        minute = local.hour * 60 + local.minute
        return any(begins <= minute < ends for begins, ends in self._spans(local.date()))

    def next_opening(self, at: dt.datetime) -> dt.datetime | None:
        """The next time (local, with its zone) at which the desk opens; None if not in 60 days."""
        local = self._local(at)
        for ahead in range(AHEAD + 1):
            date = local.date() + dt.timedelta(days=ahead)
            for begins, _ends in self._spans(date):
                time = dt.time(begins // 60, begins % 60)
                opens = dt.datetime.combine(date, time, self.zone)
                if opens > local:
                    return opens
        return None

    def _local(self, at: dt.datetime) -> dt.datetime:
        return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(self.zone)

    def in_words(self, language: str) -> str:
        """The week in a language, equal days together ("Monday – Friday 09:00–17:00")."""
        names = _names(language)
        parts = []
        known = [n for n in range(7) if self.week.get(n)]
        # days that follow each other and have the same hours are one group
        for _key, group in groupby(
            enumerate(known), lambda pair: (pair[1] - pair[0], self.week[pair[1]])
        ):
            numbers = [number for _place, number in group]
            first, last = names[numbers[0]], names[numbers[-1]]
            called = first if len(numbers) == 1 else f"{first} – {last}"
            hours = ", ".join(f"{_clock(b)}–{_clock(e)}" for b, e in self.week[numbers[0]])
            # in right-to-left text the hours keep their own order
            parts.append(f"{called} \u2066{hours}\u2069")
        separator = "، " if LANGUAGES[language].direction == "rtl" else ", "
        return separator.join(parts)

    def moment(self, language: str, at: dt.datetime) -> str:
        """A local time in words: weekday, day and time of day."""
        local = at.astimezone(self.zone)
        locale = LANGUAGES[language].locale
        time = format_time(local, "HH:mm", tzinfo=self.zone, locale=locale)
        comma = "،" if LANGUAGES[language].direction == "rtl" else ","
        name = _names(language)[local.weekday()]
        return f"{name}{comma} {day(language, local.date())}{comma} \u2066{time}\u2069"


def _names(language: str) -> dict[int, str]:
    return dict(get_day_names("wide", context="format", locale=LANGUAGES[language].locale))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_opening(row: Any, where: str = "desk.hours") -> Opening | None:
    """The hours as the directory has them; None where they are not known or not published.

    ``where`` names them in messages. Raises OpeningError for hours that make no sense, also if they
    are not published.
    """
    if row is None:
        return None
    if not isinstance(row, dict):
        raise OpeningError(f"{where}: not a list of fields")
    try:
        zone = ZoneInfo(row.get("timezone") or "")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise OpeningError(f"{where}: timezone {row.get('timezone')!r} is not known") from error
    week = {}
    for name, spans in (row.get("week") or {}).items():
        if name not in DAYS:
            raise OpeningError(f"{where}: {name!r} is no day; use {', '.join(DAYS)}")
        week[DAYS.index(name)] = _read_spans(name, spans, where)
    closed = row.get("closed_on") or []
    if not all(type(date) is dt.date for date in closed):
        raise OpeningError(f"{where}: closed_on has something that is no date")
    if not row.get("publish"):
        return None
    if not row.get("source") or not row.get("checked"):
        raise OpeningError(f"{where}: published without source or date of checking")
    if not any(week.values()):
        raise OpeningError(f"{where}: published, but no day has hours")
    return Opening(week, zone, frozenset(closed))


def _read_spans(name: str, spans: Any, where: str) -> tuple[tuple[int, int], ...]:
    found = []
    for span in spans or ():
        match = _SPAN.fullmatch(str(span))
        if match is None:
            raise OpeningError(f'{where}: {name}: {span!r} is not like "09:00-17:00"')
        begins, ends = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if not begins < ends <= 1440 or (found and begins < found[-1][1]):
            raise OpeningError(f"{where}: {name}: {span!r} ends before it begins, or overlaps")
        found.append((begins, ends))
    return tuple(found)
