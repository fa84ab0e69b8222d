"""Days and dates in a message, in the six languages, in all digits and in two calendars.

Standard library only. The value of a date is ISO 8601 ("2026-03-12") where it can be known; a
weekday alone is its English name, since it may be past or to come; else it is the text itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from nlu import calendar_words as words
from nlu.normalise import normalise, western_digits
from nlu.places import Found, Word, folded_words, same

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY, _MONTH = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])"
_YEAR = r"(1[34]\d\d|19\d\d|20\d\d)"
# Day first, as everybody here writes; two numbers with a dot need a second dot ("12.3."), since
# "12.5" is a price.
_NUMERIC = tuple(
    re.compile(rf"(?<![\w./+-]){pattern}(?![\w/-]|\.\d)")
    for pattern in (
        rf"{_YEAR}([./-]){_MONTH}\2{_DAY}",
        rf"{_DAY}([./-]) ?{_MONTH}\2 ?({_YEAR[1:-1]}|[23]\d)",
        rf"{_DAY}/{_MONTH}",
        rf"{_DAY}\. ?{_MONTH}\.",
    )
)
_ALWAYS = "24/7"
#: A year of 1403 is of the Solar Hijri calendar; Gregorian years that people write are later.
_SOLAR_YEARS = range(1300, 1500)


def dates(text: str, today: dt.date | None = None, language: str | None = None) -> list[Found]:
    """The days and dates in a text, in its order.

    ``today`` is what "tomorrow" is counted from; ``language`` helps with words that mean another
    thing elsewhere.
    """
    spoken = _Spoken(text, today, language)
    found: list[Found] = []
    for one in (*_numeric(text, today), *spoken.dates()):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _numeric(text: str, today: dt.date | None) -> Iterator[Found]:
    western = western_digits(text)
    for n, pattern in enumerate(_NUMERIC):
        for match in pattern.finditer(western):
            if match[0] == _ALWAYS:
                continue
            if n == 0:
                year, day, month = int(match[1]), int(match[4]), int(match[3])
            else:
                groups = match.groups()
                day, month = int(groups[0]), int(groups[2] if n == 1 else groups[1])
                year = int(groups[3]) if n == 1 else None
            if year is not None and year < 100:
                year += 2000
            value = _iso(year, month, day, today, year in _SOLAR_YEARS if year else False)
            if value is not None:
                yield Found("date", value or match[0], *match.span())


def _iso(year: int | None, month: int, day: int, today: dt.date | None, solar: bool) -> str | None:
    """A date as ISO 8601; "" if its year can't be known, None if there is no such day.

    Without a year it is the one nearest to today: an appointment to come, or what just happened.
    """
    make = from_solar if solar else _gregorian
    if year is not None:
        exact = make(year, month, day)
        return exact.isoformat() if exact else None
    if make(1403 if solar else 2024, month, day) is None:  # leap years: every day that can be
        return None
    if today is None:
        return ""
    now = today.year - 621 if solar else today.year
    near = [date for y in range(now - 2, now + 3) if (date := make(y, month, day))]
    return min(near, key=lambda date: abs(date - today)).isoformat() if near else ""


def _gregorian(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def from_solar(year: int, month: int, day: int) -> dt.date | None:
    """The Gregorian date of a day of the Solar Hijri calendar; None if there is no such day.

    Leap years follow the cycle of 33 years, which holds from 1178 to 1633.
    """
    length = 31 if month <= 6 else 30 if month < 12 or _leap(year) else 29
    if not (1178 <= year <= 1633 and 1 <= month <= 12 and 1 <= day <= length):
        return None
    years = (
        sum(365 + _leap(y) for y in range(1403, year))
        if year >= 1403
        else -sum(365 + _leap(y) for y in range(year, 1403))
    )
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return dt.date(2024, 3, 20) + dt.timedelta(days=years + before + day - 1)


def _leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8


def _listed(table: Iterable[tuple[int | None, str]]) -> dict[str, int | None]:
    """Folded words of a table, each with its meaning; the first meaning wins."""
    meanings: dict[str, int | None] = {}
    for meaning, names in table:
        for name in names.split(","):
            meanings.setdefault(" ".join(w.folded for w in folded_words(name)), meaning)
    return meanings


def _either(meanings: Mapping[str, object]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(meanings, key=len, reverse=True))


class _Vocabulary:
    """The words and patterns of one language (or of none in particular)."""

    def __init__(self, language: str | None):
        extra = words.RELATIVE_IN.get(language or "", {})
        self.relative = _listed([*words.RELATIVE.items(), *extra.items()])
        extra = words.WEEKDAYS_IN.get(language or "", {})
        self.weekdays = _listed([*enumerate(words.WEEKDAYS), *extra.items()])
        extra = words.MONTHS_IN.get(language or "", {})
        self.months = _listed([*enumerate(words.MONTHS, 1), *extra.items()])
        solar = words.SOLAR_MONTHS if language in words.SOLAR_LANGUAGES else ()
        self.solar = _listed(enumerate(solar, 1))
        self.units = _listed(words.UNITS.items())
        self.duals = _listed(words.DUALS.items())
        self.numbers = _listed(words.NUMBERS.items())
        self.before, self.after = _listed(words.BEFORE.items()), _listed(words.AFTER.items())
        # "2nd" and "3rd" fold to what Arabic in Latin letters would make of their digits
        self.ordinals = {
            normalise(f"{n}{end}"): n
            for n in range(1, 32)
            for end in ("", "st", "nd", "rd", "th", "er", "e")
        }
        day = rf"(?P<day>{_either(self.ordinals)})"
        month = rf"(?P<month>{_either({**self.months, **self.solar})})"
        count = (
            rf"(?:(?P<n>\d{{1,3}}|{_either(self.numbers)}) (?P<unit>{_either(self.units)})"
            rf"|(?P<dual>{_either(self.duals)}))"
        )
        self.patterns = tuple(
            (kind, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"))
            for kind, pattern in (
                ("month", rf"{day}(?: (?:of|de))? {month}(?: {_YEAR})?"),
                ("month", rf"{month} {day}(?: {_YEAR})?"),
                ("count", rf"(?P<before>{_either(self.before)}) {count}"),
                ("count", rf"{count} (?P<after>{_either(self.after)})"),
                ("relative", _either(self.relative)),
                ("weekday", _either(self.weekdays)),
            )
        )


@cache
def _vocabulary(language: str | None) -> _Vocabulary:
    return _Vocabulary(language)


class _Spoken:
    """Dates in words: looked for in the folded text, placed in the text as written."""

    def __init__(self, text: str, today: dt.date | None, language: str | None):
        self._text, self._today = text, today
        self._vocabulary = _vocabulary(language if language in words.LANGUAGES else None)
        self._words = folded_words(text)
        self._folded = " ".join(word.folded for word in self._words)

    def dates(self) -> Iterator[Found]:
        """Each date in words; the more telling patterns come first."""
        starts: dict[int, Word] = {}
        ends: dict[int, Word] = {}
        at = 0
        for word in self._words:
            starts[at], ends[at + len(word.folded)] = word, word
            at += len(word.folded) + 1
        for kind, pattern in self._vocabulary.patterns:
            for match in pattern.finditer(self._folded):
                start, end = starts[match.start()].start, ends[match.end()].end
                written = self._text[start:end]
                if not same(written, match[0]) or written.endswith("ء"):
                    continue  # غداء is lunch, غدا is tomorrow; folded they are the same
                value = getattr(self, f"_{kind}")(match)
                if value is not None:
                    yield Found("date", value or written, start, end)

    def _month(self, match: re.Match[str]) -> str | None:
        vocabulary = self._vocabulary
        solar = match["month"] not in vocabulary.months
        month = (vocabulary.solar if solar else vocabulary.months)[match["month"]]
        year = next((int(g) for g in match.groups()[2:] if g), None)
        if year is not None and solar != (year in _SOLAR_YEARS):
            return None
        return _iso(year, month, vocabulary.ordinals[match["day"]], self._today, solar)

    def _count(self, match: re.Match[str]) -> str:
        vocabulary, groups = self._vocabulary, match.groupdict()
        if groups["dual"]:
            days = vocabulary.duals[groups["dual"]]
        else:
            n = groups["n"]
            number = int(n) if n.isdecimal() else vocabulary.numbers[n]
            days = number * vocabulary.units[groups["unit"]]
        before = groups.get("before")
        sign = vocabulary.before[before] if before else vocabulary.after[groups["after"]]
        return self._from_today(sign * days)

    def _relative(self, match: re.Match[str]) -> str:
        days = self._vocabulary.relative[match[0]]
        return "" if days is None else self._from_today(days)

    def _weekday(self, match: re.Match[str]) -> str:
        return _NAMES[self._vocabulary.weekdays[match[0]]]

    def _from_today(self, days: int) -> str:
        return (self._today + dt.timedelta(days=days)).isoformat() if self._today else ""
