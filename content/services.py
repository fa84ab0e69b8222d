"""The services that the directory knows of a centre or an office: a small fixed list of codes."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from babel import Locale

from content.languages import LANGUAGES
from content.opening import Opening, OpeningError, read_opening
from content.sentences import _, sentence

#: Code of a service → its title, and the intents whose answers begin with it.
SERVICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "shelter": (_("A place to sleep"), ("shelter_find",)),
    "food": (_("Meals"), ("food",)),
    "items": (_("Clothes and hygiene items"), ("clothes_items",)),
    "washing": (_("Showers and laundry"), ("showers_laundry",)),
    "health": (_("Doctor and medicine"), ("medical_care",)),
    "baby": (_("Mothers and babies"), ("pregnancy_baby",)),
    "support": (_("Somebody to talk to about worries"), ("mental_health",)),
    "legal": (_("Legal help"), ("legal_aid",)),
    "sessions": (_("Information meetings"), ("info_sessions", "legal_aid")),
    "return": (_("Help to go home"), ("avrr_info", "avrr_apply")),
    "school": (_("School and children"), ("school_children",)),
    "activities": (_("Courses and activities"), ("courses_activities",)),
    "transport": (_("Transport"), ("centre_transport",)),
    "rules": (_("Rules and times of the gate"), ("centre_rules",)),
    "internet": (_("Phone and internet"), ("phone_internet",)),
}


class ServiceError(ValueError):
    """A service can't be used: the message is one line for the person who mends it."""


@dataclass(frozen=True)
class Service:
    """What one place offers: in words by language, with hours and spoken languages if known."""

    code: str
    value: str
    names: dict[str, str]
    hours: Opening | None = None
    languages: tuple[str, ...] = field(default=())

    def in_words(self, language: str) -> str:
        """What is offered, in a language, or else as it stands."""
        return self.names.get(language, self.value)


def codes_of(intent: str) -> tuple[str, ...]:
    """The services that an intent asks about."""
    return tuple(code for code, (_title, intents) in SERVICES.items() if intent in intents)


def title(code: str, language: str) -> str:
    """The title of a service in a language. Raises KeyError."""
    return sentence(language, SERVICES[code][0])


def read_service(code: str, fact: Any) -> Service:
    """A service as the directory has it, published or not. Raises ServiceError."""
    if code not in SERVICES:
        raise ServiceError(f"{code!r} is no service; use {', '.join(SERVICES)}")
    if not isinstance(fact, dict) or not str(fact.get("value") or "").strip():
        raise ServiceError("has no value")
    names = fact.get("names") or {}
    if fact.get("publish") and (lacking := [c for c in LANGUAGES if not names.get(c)]):
        raise ServiceError(f"published without words in {', '.join(lacking)}")
    return Service(
        code,
        str(fact["value"]),
        dict(names),
        _hours(fact),
        read_languages(fact.get("languages")),
    )


def _hours(fact: dict[str, Any]) -> Opening | None:
    """Weekly hours, written like those of the counsellors' desk; source and date are the fact's."""
    if (hours := fact.get("hours")) is None:
        return None
    if not isinstance(hours, dict):
        raise ServiceError("hours is not a list of fields")
    try:
        shared = {k: fact.get(k) for k in ("source", "checked", "publish")}
        return read_opening(hours | shared, "hours")
    except OpeningError as error:
        raise ServiceError(str(error)) from error


def read_languages(codes: Any) -> tuple[str, ...]:
    """Codes of spoken languages (ISO 639), in their order. Raises ServiceError."""
    if codes is None:
        return ()
    known = _names("en")
    if not isinstance(codes, list) or not all(code in known for code in codes):
        raise ServiceError(f"languages: {codes!r} is no list of language codes")
    return tuple(codes)


def language_names(codes: tuple[str, ...], language: str) -> str:
    """Spoken languages by their names in a language, with that language's comma."""
    comma = "، " if LANGUAGES[language].direction == "rtl" else ", "
    return comma.join(_names(language)[code] for code in codes)


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse(LANGUAGES[language].locale).languages)
