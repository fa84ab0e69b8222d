"""The six languages that people are answered in, and how each is written."""

import re
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language: its code, its name in itself, its writing direction and Babel locale."""

    code: str
    own_name: str
    direction: Direction
    locale: str
    spellings: tuple[str, ...]  # how people name it, when they ask for it


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language(
            "ar",
            "العربية",
            "rtl",
            "ar",
            ("arabic", "arabe", "arabi", "3arabi", "عربي", "العربية", "عربی"),
        ),
        # One button for Iran and Afghanistan: both read the same written language here.
        Language(
            "fa",
            "فارسی / دری",
            "rtl",
            "fa",
            ("farsi", "dari", "persian", "persan", "فارسی", "دری", "فارسي", "الفارسية"),
        ),
        Language(
            "ps", "پښتو", "rtl", "ps", ("pashto", "pashtu", "pachto", "pukhto", "پښتو", "پشتو")
        ),
        Language("ur", "اردو", "rtl", "ur", ("urdu", "ourdou", "اردو", "الاردو")),
        Language(
            "fr",
            "Français",
            "ltr",
            "fr",
            (
                "french",
                "francais",
                "français",
                "فرنسي",
                "الفرنسية",
                "فرانسوی",
                "فرانسه",
                "فرنچ",
                "فرانسوي",
            ),
        ),
        Language(
            "en",
            "English",
            "ltr",
            "en",
            (
                "english",
                "anglais",
                "inglisi",
                "engilisi",
                "انجليزي",
                "الانجليزية",
                "انگلیسی",
                "انگریزی",
                "انګلیسي",
                "انګرېزي",
            ),
        ),
    )
}
DEFAULT_LANGUAGE = "en"

# What phones report (BCP 47 primary tags) for people who read one of the six.
_PHONE_TAGS = {code: code for code in LANGUAGES} | {"prs": "fa", "pus": "ps"}


def from_phone(tag: str | None) -> str | None:
    """The language for a phone's language tag such as ``fa-AF`` (BCP 47), or None if not ours."""
    if not tag:
        return None
    return _PHONE_TAGS.get(tag.replace("_", "-").split("-")[0].lower())


def direction(code: str) -> Direction:
    """Writing direction of a language code; raises KeyError for a language that is not ours."""
    return LANGUAGES[code].direction


def named_in(text: str) -> str | None:
    """The language that a message names ("English please", "به فارسی"), or None."""
    words = " " + " ".join(re.findall(r"\w+", text.lower())) + " "
    return next(
        (
            language.code
            for language in LANGUAGES.values()
            if any(f" {spelling} " in words for spelling in language.spellings)
        ),
        None,
    )
