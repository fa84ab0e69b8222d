"""Fields that staff fill in for each language: how they come out of a form, and are previewed."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from actions.context import Context
from content.answers import Library
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.translated import Texts
from store.keys import Keys
from store.people import Person


class FormProblem(Exception):
    """What was sent can't be kept; the message says in words what to mend."""


def plain(form: Mapping[str, Any], name: str) -> str:
    """A field's text without what no database takes, "" if it is absent or a file."""
    value = form.get(name, "")
    if not isinstance(value, str):
        return ""
    whole = value.encode("utf-8", "replace").decode().replace("\x00", "")
    return whole.replace("\r\n", "\n").strip()


def texts(form: Mapping[str, Any], name: str) -> dict[str, str]:
    """The texts of the fields ``<name>_<language>``; those left empty are absent."""
    found = {code: plain(form, f"{name}_{code}") for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def lines(form: Mapping[str, Any], name: str) -> dict[str, list[str]]:
    """The lines of the fields ``<name>_<language>``; fields without any are absent."""
    split = {
        code: [line.strip() for line in text.split("\n") if line.strip()]
        for code, text in texts(form, name).items()
    }
    return {code: found for code, found in split.items() if found}


def check_texts(found: Texts, what: str, longest: int) -> None:
    """Raises FormProblem if the English text is missing or any is too long."""
    if not found.get(DEFAULT_LANGUAGE):
        raise FormProblem(f"{what}: the English text is missing.")
    for code, text in found.items():
        if len(text) > longest:
            own = LANGUAGES[code].own_name
            raise FormProblem(f"{what}, {own}: at most {longest} characters, now {len(text)}.")


def in_each_language(
    library: Library, keys: Keys, render: Callable[[Context], str]
) -> dict[str, Markup]:
    """What people get, by language; ``render`` makes light HTML from escaped text."""
    return {
        code: Markup(render(Context(Person("", "web", code), library, keys, None)))
        for code in LANGUAGES
    }
