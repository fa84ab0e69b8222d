"""Takes out of a text what could tell who wrote it or whom it names, before it is stored.

Numbers, addresses and handles are found by their form here; names by the words with which people
state them (``actions.stated_names``). What is taken out is replaced by what it was: [number].
How much is found, and how much too much: ``tests/actions/test_redaction.py`` measures it.
"""

import datetime as dt
import re

from actions.stated_names import stated_names
from nlu.normalise import western_digits

_DIGIT_RUN = r"\d(?:[ \u00a0./()‐‑–-]{0,3}\d)"
#: Letters that may stand before the digits of a passport or card, with or without a space.
_PREFIX = r"(?:(?<![^\W\d_])(?:[A-Z]{1,4}[ -]?|[a-z]{1,3}))?"

_EMAIL = re.compile(r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"(?:https?://|(?<!\w)www\.)\S+|(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,6}/\S+", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w@])@ ?[^\W\d][\w.]+")
_IBAN = re.compile(
    r"(?<!\w)(?:[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,9}|[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30})(?!\w)"
)
_LONG_NUMBER = re.compile(rf"\(?\+?{_PREFIX}\(?{_DIGIT_RUN}{{5,}}(?:[A-Za-z]\b)?")
#: Letters and digits together, as passports and case numbers are written: 15CV38271, bor-0551/a.
_MIXED = re.compile(
    r"(?<![\w/.-])(?=[A-Za-z0-9./-]*\d{3})(?=[A-Za-z0-9./-]*[A-Za-z])"
    r"[A-Za-z0-9]+(?:[./-]?[A-Za-z0-9]+)*(?: [0-9]{3,})?(?![\w-])"
)
#: … but not a measure (150km, 1000eur) or a room (B214).
_MEASURE = re.compile(r"\d+(?:[.,]\d+)?[A-Za-z]{1,7}|[A-Za-z]\d{3}", re.IGNORECASE)
#: A number that is said to be that of a paper.
_OF_A_PAPER = re.compile(
    r"((?:case|file|dossier|attestation|passe?port|tazkira|cnic|card|kart[ae]?|carte|id|r[ée]c[ée]piss[ée]"
    r"|پرونده|دوسیه|دوسيه|قضیې|قضيې|قضیه|تذکره|تذکرې|پاسپورت|پاسپورټ|کارت|کارډ|کیس|شناختی|ملف|ملفي|جواز|بطاقة|الملف)"
    r"(?:\w{0,2})[\s:#.-]{0,3}(?:no|nr|num|number|num[ée]ro|nomre|n[°ºo]|is|est|camp|نمبر|رقم|رقمه|شماره|شمېره)?"
    r"[\s:#.°º-]{0,3})([^\W\d_]{0,3}[./-]?\d{2,}(?:[./-]\d{2,})+|\d{4,}|[^\W\d_]{1,2}[./-]\d{3,})(?!\w)",
    re.IGNORECASE,
)
#: DK 914/25, as the registers of claims number them
_CASE = re.compile(r"(?<![A-Za-z])[A-Z]{2,4}[ -]\d{2,6} ?/ ?\d{2,4}(?!\d)")
_DATE = re.compile(r"(?<!\d)(\d{1,4})( ?[./-] ?)(\d{1,2})\2(\d{1,4})(?!\d)")
_YEARS = re.compile(r"(?:19|20|13|14)\d\d ?[-–/] ?(?:19|20|13|14)\d\d")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})+|[1-9]\d*0{3}")
_CURRENCY = re.compile(
    r" ?(?:km|bam|mark|eur|€|\$|usd|dollar|rs|rupee|toman|rial|cfa|fcfa|din|lira|tl|marke"
    r"|مارک|مارك|یورو|يورو|اورو|تومان|ریال|روپ|افغان|دینار|دينار|ليرة|لیره|دالر|ډالر|دولار)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"born|birth|\bdob\b|n[ée]e? (?:le|en)|naissance|n[ée]{1,2} le|zayed|mowalid|mawlid|mawaleed"
    r"|mawalid|mtwld|motevall?ed|tavall?od|paida|pidayish|tareekh e ped|zegedal|zezedal|zigid"
    r"|مولود|مواليد|ميلاد|متولد|تولد|پیدا|پیدائش|زیږ|زيږ|زوکړ|زېږ|خلقت|ولدت|تزاد|زايد",
    re.IGNORECASE,
)
_MONTH_DATE = re.compile(r"\d{1,4}[ .,]{1,2}[^\W\d_]{3,12}\.?[ .,]{1,2}\d{2,4}(?!\d)")
_NEAR = 32  # characters between a word of birth and its date
_RECENT_YEARS = 4  # a full date further back is hardly one of an event
_MONTHS, _DAYS = 12, 31

#: What stands in the place of what was taken out.
MARKS = ("[email]", "[link]", "[handle]", "[number]", "[date]", "[name]")
_MARK = re.compile("\x00(\\d)\x00")
#: What hangs on a number that was taken out: …/BIR/5561, …-bis.
_TAIL = re.compile(
    f"(\x00{MARKS.index('[number]')}\x00)(?:[./-][A-Za-z0-9]{{1,6}})+(?![A-Za-z0-9])"
)


def redact(text: str) -> str:
    """The text with e-mails, links, @names, long numbers, dates of birth and stated names
    replaced by what they were.

    Digits of all scripts count as digits; they come back as Western digits. Redacting what is
    redacted changes nothing.
    """
    text = western_digits(text).replace("\x00", "")
    for name, pattern in (("[email]", _EMAIL), ("[link]", _LINK), ("[handle]", _HANDLE)):
        text = pattern.sub(_mark(name), text)
    text = _IBAN.sub(_mark("[number]"), text)
    text = _without_births(text)
    text = _CASE.sub(_mark("[number]"), text)
    text = _LONG_NUMBER.sub(_number, text)
    text = _OF_A_PAPER.sub(lambda m: m[1] + _mark("[number]"), text)
    text = _MIXED.sub(lambda m: m[0] if _MEASURE.fullmatch(m[0]) else _mark("[number]"), text)
    text = _TAIL.sub(r"\1", text)
    for start, end in reversed(stated_names(text)):
        text = text[:start] + _mark("[name]") + text[end:]
    return _MARK.sub(lambda match: MARKS[int(match[1])], text)


def _mark(name: str) -> str:
    """What stands for a part that was taken out, so that no later rule finds it again."""
    return f"\x00{MARKS.index(name)}\x00"


def _number(match: re.Match) -> str:
    """A mark, unless the digits are a date, years or money."""
    digits = match[0].strip("() ")
    if _DATE.fullmatch(digits) or _YEARS.fullmatch(digits):
        return match[0]
    if _AMOUNT.fullmatch(digits) and _CURRENCY.match(match.string[match.end() :]):
        return match[0]
    return _mark("[number]")


def _without_births(text: str) -> str:
    """Dates near a word of birth go, and full dates that lie years back."""

    def date(match: re.Match) -> str:
        if _is_date(match) and (_near_birth(match) or _long_ago(match)):
            return _mark("[date]")
        return match[0]

    text = _DATE.sub(date, text)
    return _MONTH_DATE.sub(lambda m: _mark("[date]") if _near_birth(m) else m[0], text)


def _near_birth(match: re.Match) -> bool:
    text, start, end = match.string, *match.span()
    return bool(_BIRTH.search(text[max(0, start - _NEAR) : start] + " " + text[end : end + _NEAR]))


def _is_date(match: re.Match) -> bool:
    first, middle, last = (int(match[n]) for n in (1, 3, 4))
    day = last if len(match[1]) == 4 else first
    return 1 <= middle <= _DAYS and 1 <= day <= _DAYS and min(middle, day) <= _MONTHS


def _long_ago(match: re.Match) -> bool:
    """Whether the year of a date, Gregorian or Solar Hijri, is more than _RECENT_YEARS back."""
    year = next((int(match[n]) for n in (1, 4) if len(match[n]) == 4), None)
    if year is None:
        return False
    now = dt.datetime.now(dt.UTC).year
    if 1300 <= year < 1500:  # Solar Hijri: 621 or 622 behind
        year += 621
    return 1900 <= year < now - _RECENT_YEARS
