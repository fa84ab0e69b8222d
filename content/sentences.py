"""Fixed sentences and buttons in six languages, from the Babel catalogues under ``locale/``.

A sentence is looked up by its English text (gettext's practice): ``sentence("fa", "Main menu")``.
Catalogues are read directly from their .po files, so there is nothing to compile.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from content.languages import LANGUAGES

LOCALE = Path(__file__).parent.parent / "locale"
#: How a weekday and a day stand together, where that is not "Monday 4 May".
_WEEKDAY = {"ar": "EEEE، d MMMM"}


def _(message: str) -> str:
    """Mark a sentence for extraction where it is only translated later."""
    return message


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = LOCALE / language / "LC_MESSAGES" / "rahnuma.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}


def sentence(language: str, message: str, /, **values: object) -> str:
    """The sentence in a language with ``{name}`` fields filled; English where it is missing."""
    text = _catalogue(language).get(message, message)
    return text.format(**values) if values else text


def day(language: str, value: dt.date) -> str:
    """A date as people of the language write it, with Western digits."""
    return format_date(value, "d MMMM y", locale=LANGUAGES[language].locale)


def weekday(language: str, value: dt.date) -> str:
    """A date with its day of the week and without its year, with Western digits."""
    pattern = _WEEKDAY.get(language, "EEEE d MMMM")
    return format_date(value, pattern, locale=LANGUAGES[language].locale)


def month(language: str, value: dt.date) -> str:
    """A date's month and year as people of the language write it, with Western digits."""
    return format_date(value, "LLLL y", locale=LANGUAGES[language].locale)


def days(language: str, n: int) -> str:
    """A number of days in words of the language ("30 days"), with Western digits."""
    # the threshold keeps Babel from making weeks or months of it
    whole = dt.timedelta(days=n)
    return format_timedelta(
        whole, granularity="day", threshold=10**6, locale=LANGUAGES[language].locale
    )


def number(language: str, value: int | float) -> str:
    """A number as people of the language write it, with Western digits."""
    return format_decimal(value, locale=LANGUAGES[language].locale, numbering_system="latn")
