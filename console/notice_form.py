"""The form of a notice: from what was sent to a row, and what is wrong with it in words."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from console.access import Session
from console.translated_fields import FormProblem, check_texts, plain, texts
from store.local_time import from_local, local
from store.notice_tables import NoticeRow
from store.notices.times import LONGEST_SERIES, over
from store.tables import now

#: Characters of each text: people read it on a phone, several in one message.
LONGEST_TITLE, LONGEST_BODY, LONGEST_PLACE = 80, 600, 100
#: A notice says something of the coming weeks: longer ones are answers (content/).
LONGEST_TIME = dt.timedelta(days=366)
#: The plain fields, as they stand in the form.
FIELDS = ("centre", "day", "from", "end_day", "to", "until")


def sent_texts(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The texts of a form, whatever they hold; titles and places in one line."""
    found = {name: texts(form, name) for name in ("title", "body", "place")}
    for name in ("title", "place"):
        found[name] = {code: " ".join(text.split()) for code, text in found[name].items()}
    return found


def shown(row: NoticeRow) -> dict[str, str]:
    """The plain fields of a row as the form shows them: local days and clock times."""
    starts, ends = local(row.starts) if row.starts else None, local(row.ends)
    return {
        "centre": row.centre or "",
        "day": f"{starts:%Y-%m-%d}" if starts else "",
        "from": f"{starts:%H:%M}" if starts else "",
        "end_day": f"{ends:%Y-%m-%d}",
        "to": f"{ends:%H:%M}",
        "until": f"{row.until:%Y-%m-%d}" if row.until else "",
    }


def may_write(session: Session, row: NoticeRow) -> bool:
    """Whether a notice is the account's own matter: accounts of a centre write for it alone."""
    return session.centre is None or row.centre == session.centre


def fill(
    row: NoticeRow, form: Mapping[str, Any], session: Session, centres: Collection[str]
) -> None:
    """Write a form's fields into a row; raises FormProblem, and then nothing may be kept."""
    values = {name: plain(form, name) for name in FIELDS}
    found = sent_texts(form)
    check_texts(found["title"], "Title", LONGEST_TITLE)
    check_texts(found["body"], "Text", LONGEST_BODY)
    if found["place"]:
        check_texts(found["place"], "Place", LONGEST_PLACE)
    centre = session.centre or values["centre"] or None
    if centre is not None and centre not in centres:
        raise FormProblem("Centre: choose one of the list.")
    if row.state == "published" and centre != row.centre:
        raise FormProblem("Centre: withdraw this notice and write another one for it.")
    starts, ends = _times(values)
    until = _until(values["until"], starts)
    last = over(starts, ends, until)
    if last <= now():
        raise FormProblem("End: it is over already.")
    if last > now() + LONGEST_TIME + dt.timedelta(days=1):
        raise FormProblem("End: at most a year from now.")
    row.centre, row.starts, row.ends, row.until, row.over = centre, starts, ends, until, last
    row.title, row.body, row.place = found["title"], found["body"], found["place"]
    row.as_of = now()


def _times(values: Mapping[str, str]) -> tuple[dt.datetime | None, dt.datetime]:
    starts = None
    if values["day"] or values["from"]:
        if not values["day"] or not values["from"]:
            raise FormProblem("Begins: give the day and the time, or neither.")
        starts = _moment("Begins", values["day"], values["from"])
    end_day = values["end_day"] or values["day"]
    if not end_day or not values["to"]:
        raise FormProblem("Ends: give the day and the time; after it nobody sees the notice.")
    ends = _moment("Ends", end_day, values["to"])
    if starts is not None and ends <= starts:
        raise FormProblem("Ends: must be later than it begins.")
    return starts, ends


def _moment(what: str, day: str, clock: str) -> dt.datetime:
    """A local day and clock time in UTC."""
    try:
        at = dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(clock))
    except ValueError as error:
        raise FormProblem(f"{what}: write the day as 2026-03-24 and the time as 14:00.") from error
    if at.tzinfo is not None or not 2000 <= at.year < 2200:
        raise FormProblem(f"{what}: write the day as 2026-03-24 and the time as 14:00.")
    return from_local(at.replace(second=0, microsecond=0))


def _until(text: str, starts: dt.datetime | None) -> dt.date | None:
    if not text:
        return None
    try:
        until = dt.date.fromisoformat(text)
    except ValueError as error:
        raise FormProblem("Every week until: write the day as 2026-03-24.") from error
    if starts is None:
        raise FormProblem("Every week: say when it begins.")
    first = local(starts).date()
    if not first <= until <= first + LONGEST_SERIES:
        raise FormProblem("Every week until: between the first day and a year after it.")
    return until
