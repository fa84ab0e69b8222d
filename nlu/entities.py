"""What in a message changes an answer: places, days and dates, phone numbers, feedback codes.

Standard library only. Positions are those of the text as given; digits of all scripts are read
alike.
"""

from __future__ import annotations

import datetime as dt
import re

from nlu.dates import dates
from nlu.normalise import western_digits
from nlu.places import Found, Gazetteer

#: Nine digits, as the service writes the codes of feedback: 123-456-789, together or with spaces.
_CODE = re.compile(r"(?<![\d+])\d{3}[-\s]?\d{3}[-\s]?\d{3}(?!\d)")
_NUMBER = re.compile(r"(?<![\w+])(?:[+＋] ?)?\(?\d(?:[ \u00a0./()‐‑–-]{0,3}\d)*(?!\w)")
_SHORTEST, _LONGEST = 7, 15  # digits of a telephone number; E.164 allows at most 15
_TRUNK = re.compile(r"\( ?0 ?\)")  # +387 (0)33 …: the zero is only for calls inside the country
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")  # 10.000.000
_YEARS = re.compile(r"\d{4} ?[-–/] ?\d{4}")


def entities(
    text: str,
    gazetteer: Gazetteer,
    today: dt.date | None = None,
    language: str | None = None,
) -> list[Found]:
    """All of them, in the order of the text. A number that may be two things is given as both."""
    days = dates(text, today, language)
    found = [*gazetteer.find(text), *days, *codes(text), *_phones(text, days)]
    return sorted(found, key=lambda one: (one.start, one.end, one.kind))


def codes(text: str) -> list[Found]:
    """Numbers that are written as a feedback code is; the value is the nine digits."""
    western = western_digits(text)
    abroad = [m.span() for m in _NUMBER.finditer(western) if _country_code(m[0])]
    return [
        Found("feedback_code", _digits(match[0]), *match.span())
        for match in _CODE.finditer(western)
        if not any(start < match.end() and match.start() < end for start, end in abroad)
    ]


def phones(text: str) -> list[Found]:
    """Telephone numbers: E.164 where a country code is written, otherwise their digits.

    Nine digits that are written as a feedback code is are none, unless they begin with a zero.
    """
    return _phones(text, dates(text))


def _phones(text: str, days: list[Found]) -> list[Found]:
    western = western_digits(text)
    taken = [(d.start, d.end) for d in days]
    taken += [(c.start, c.end) for c in codes(text) if not c.value.startswith("0")]
    found = []
    for match in _NUMBER.finditer(western):
        start, end = match.span()
        if any(start < e and s < end for s, e in taken):
            continue
        value = _phone(match[0])
        if value:
            found.append(Found("phone", value, start, end))
    return found


def _phone(written: str) -> str | None:
    if _AMOUNT.fullmatch(written) or _YEARS.fullmatch(written):
        return None
    if _country_code(written):
        digits = _digits(_TRUNK.sub("", written)).removeprefix("00")
        return f"+{digits}" if _SHORTEST <= len(digits) <= _LONGEST else None
    digits = _digits(written)
    return digits if _SHORTEST <= len(digits) <= _LONGEST else None


def _country_code(written: str) -> bool:
    return written[0] in "+＋" or re.match(r"\(?00[1-9]", written) is not None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())
