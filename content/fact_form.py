"""What an editor writes about a fact, read and checked before it is kept."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from content.facts import Fact
from content.languages import LANGUAGES
from content.opening import DAYS, OpeningError, read_opening
from content.overlay import DESK_HOURS, of_fact, to_fact

CONFIDENCE = ("stated", "old", "inferred")
#: Characters: a value is one line on a phone; notes and sources are for staff.
MAX_VALUE, MAX_TEXT = 200, 1000
#: Fields of an entry that hold a telephone number.
PHONES = ("phone", "mobile", "whatsapp")

_PHONE = re.compile(r"\+?[0-9](?:[0-9 ]*[0-9])?")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_WEB = re.compile(
    r"(?:https://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::[0-9]+)?(?:/[A-Za-z0-9_./?=&%#~+:@-]*)?"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u0085]")
#: Light HTML and placeholders have no place in a fact.
_MARKUP = re.compile(r"[{}<>]")


class FactProblem(ValueError):
    """What was written can't be kept; the message says in words what to mend."""


def read_fact(fact: Fact, form: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """The body of a fact's version (content/overlay.py) from a form's fields. Raises FactProblem.

    Fields that the form doesn't know stay as the fact has them.
    """
    body = of_fact(fact.data)
    if fact.path == DESK_HOURS:
        _read_desk(body, form)
    else:
        _read_value(body, fact.field, form)
    body["source"] = _line(form, "source", "Source")
    if fact.path != DESK_HOURS:
        _put(body, "source_date", _line(form, "source_date", "Date of the source"))
        body["confidence"] = form.get("confidence", "")
        if body["confidence"] not in CONFIDENCE:
            raise FactProblem("Confidence: choose one of the list.")
    _put(body, "checked", _day(form.get("checked", ""), "Day checked", today))
    body["publish"] = form.get("publish") == "yes"
    _put(body, "note", _line(form, "note", "Note for staff"))
    if body["publish"]:
        _check_published(fact, body)
    if fact.path == DESK_HOURS:
        try:
            read_opening(to_fact(body))
        except OpeningError as error:
            raise FactProblem(str(error)) from error
    return body


def _put(body: dict[str, Any], key: str, value: str) -> None:
    # the file has no empty fields
    if value:
        body[key] = value
    else:
        body.pop(key, None)


def _line(form: Mapping[str, str], name: str, label: str, longest: int = MAX_TEXT) -> str:
    text = re.sub(r"\s+", " ", form.get(name, "")).strip()
    if len(text) > longest:
        raise FactProblem(f"{label}: at most {longest} characters, now {len(text)}.")
    if _CONTROL.search(text):
        raise FactProblem(f"{label}: it has characters that can't be shown.")
    return text


def _day(text: str, label: str, today: dt.date) -> str:
    if not text.strip():
        return ""
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise FactProblem(f"{label}: write a day as 2026-11-22.") from error
    if day > today:
        raise FactProblem(f"{label}: this day is yet to come.")
    return day.isoformat()


def _read_value(body: dict[str, Any], field: str, form: Mapping[str, str]) -> None:
    value = _line(form, "value", "Value", MAX_VALUE)
    if not value:
        raise FactProblem("Value: it is empty. Take a fact back by not publishing it.")
    problem = problem_of(field, value)
    if problem:
        raise FactProblem(f"Value: {problem}")
    body["value"] = value
    words = {}
    for code, language in LANGUAGES.items():
        if word := _line(form, f"names_{code}", f"In words, {language.own_name}", MAX_VALUE):
            if _MARKUP.search(word):
                raise FactProblem(f"In words, {language.own_name}: without {{ }} < >.")
            words[code] = word
    if words:
        body["names"] = words
    else:
        body.pop("names", None)


def problem_of(field: str, value: str) -> str | None:
    """What is wrong with the value of a field, in words; None if nothing is."""
    if _MARKUP.search(value):
        return "without { } < >."
    if field in PHONES:
        digits = re.sub("[^0-9]", "", value)
        if not _PHONE.fullmatch(value) or not 3 <= len(digits) <= 15:
            return "a telephone number has 3 to 15 Western digits, blanks, and + at its beginning."
        if "  " in value:
            return "one blank between the digits is enough."
    elif field == "email" and not _EMAIL.fullmatch(value):
        return "this is no e-mail address."
    elif field == "web" and not _WEB.fullmatch(value):
        return "a web address is like help.unhcr.org/bosniaandherzegovina, or begins with https://."
    return None


def dialled(value: str) -> str | None:
    """A telephone number as a phone dials it; None if the value is none."""
    if problem_of("phone", value):
        return None
    return value.replace(" ", "")


def _read_desk(body: dict[str, Any], form: Mapping[str, str]) -> None:
    week = {}
    for day in DAYS:
        spans = [one.strip() for one in _line(form, f"day_{day}", day).split(",")]
        if spans := [one.replace("–", "-").replace(" ", "") for one in spans if one]:
            week[day] = spans
    body["week"] = week
    closed = re.split(r"[\s,]+", form.get("closed_on", "").strip())
    try:
        days = sorted({dt.date.fromisoformat(one) for one in closed if one})
    except ValueError as error:
        raise FactProblem("Days without anybody: write days as 2027-01-01.") from error
    body["closed_on"] = [one.isoformat() for one in days]


def _check_published(fact: Fact, body: dict[str, Any]) -> None:
    if not body["source"]:
        raise FactProblem("Source: nothing is published without a source.")
    if not body.get("checked"):
        raise FactProblem("Day checked: nothing is published without it.")
    if fact.path == DESK_HOURS:
        return
    if body["confidence"] != "stated":
        raise FactProblem(
            "Confidence: old facts and conclusions are not published. Check it (call the number), "
            "give the new source, and choose that the source says it."
        )
