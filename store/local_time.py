"""The time on the clocks of Bosnia and Herzegovina: shifts and the hours of demand go by it."""

import datetime as dt
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Sarajevo")
DAYS, HOURS = 7, 24


def local(at: dt.datetime) -> dt.datetime:
    """The local time of a time in UTC without a zone, as the tables keep it."""
    return at.replace(tzinfo=dt.UTC).astimezone(ZONE)


def from_local(at: dt.datetime) -> dt.datetime:
    """The time in UTC, without a zone, of what the clocks show; of an hour that comes twice when
    summer time ends, the first."""
    return at.replace(tzinfo=ZONE).astimezone(dt.UTC).replace(tzinfo=None)


def hour_key(at: dt.datetime) -> str:
    """Weekday (0 is Monday) and hour, as counters name them: ``4-17`` is Friday after five."""
    return f"{at.weekday()}-{at.hour}"


def read_hour_key(key: str) -> tuple[int, int] | None:
    """Weekday and hour of a counter's key; None if it is none."""
    day, _, hour = key.partition("-")
    if not (day.isdecimal() and hour.isdecimal()):
        return None
    return (int(day), int(hour)) if int(day) < DAYS and int(hour) < HOURS else None
