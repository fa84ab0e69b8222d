"""The pictures that follow answers (``content/pictures.yml``), and their alt texts.

A picture says nothing that no answer says, and numbers in it come from the directory when it is
drawn (content/drawing.py): where one is not published, the picture is left out.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from content.answers import CONTENT
from content.directory import Directory, UnknownPlaceholder
from content.drawing import DRAWINGS, drawing, numbers_of, size_of
from content.intents import intents
from content.languages import LANGUAGES

PICTURES = CONTENT / "pictures.yml"
#: Pictures after one answer: more would push the text out of sight.
MOST = 2
#: Answers that must not show on a phone that others look at: they never have a picture.
DELICATE = frozenset(
    {
        *("gbv", "trafficking", "sea_report", "suicide_risk", "violence", "border_violence"),
        *("child_alone", "lgbtiq_support", "staff_rules"),
    }
)


class PicturesError(Exception):
    """The list of pictures can't be used; says where and why."""


@dataclass(frozen=True)
class Picture:
    """One picture; ``alt`` says in each language what it shows, placeholders not yet filled."""

    id: str
    alt: dict[str, str]

    @property
    def media_id(self) -> str:
        """Its id on the shelf (content/media.py)."""
        return f"picture.{self.id}.png"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the PNG in pixels."""
        return size_of(self.id)


#: Pictures by the intent whose answer they follow.
Pictures = dict[str, tuple[Picture, ...]]


def read_pictures(path: Path = PICTURES) -> Pictures:
    """Read the list. Raises PicturesError, or OSError if it can't be opened."""
    try:
        return _read(path.parent / DRAWINGS.name, path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PicturesError(f"{path.name}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise PicturesError(f"{path.name}: not as described at its head: {error}") from error


def _read(drawings: Path, text: str) -> Pictures:
    data = yaml.safe_load(text)
    found = {}
    for key, row in data["pictures"].items():
        alt = row.get("alt") or {}
        missing = [code for code in LANGUAGES if not str(alt.get(code) or "").strip()]
        if missing:
            raise PicturesError(f"{key}: no alt text in {', '.join(missing)}")
        if not (drawings / f"{key}.svg").is_file():
            raise PicturesError(f"{key}: no drawing {drawings.name}/{key}.svg")
        found[key] = Picture(key, alt)
    pictures: Pictures = {}
    for intent, ids in data["answers"].items():
        if intent not in intents():
            raise PicturesError(f"answers: {intent} is no intent")
        if intent in DELICATE:
            raise PicturesError(f"answers: {intent} is delicate on a shared phone")
        unknown = [one for one in ids if one not in found]
        if unknown or len(ids) > MOST:
            why = f"no picture {unknown[0]}" if unknown else f"more than {MOST} pictures"
            raise PicturesError(f"answers: {intent}: {why}")
        pictures[intent] = tuple(found[one] for one in ids)
    return pictures


@cache
def pictures() -> Pictures:
    """The project's own list, read once."""
    return read_pictures()


def check_pictures(path: Path, directory: Directory) -> None:
    """Raise PicturesError where a picture or its alt text needs a number that is not published."""
    for picture in {one.id: one for some in read_pictures(path).values() for one in some}.values():
        if drawing(picture.id, directory) is None:
            wanted = ", ".join(numbers_of(picture.id))
            raise PicturesError(f"{picture.id}: can't be drawn with the directory ({wanted})")
        for language, text in picture.alt.items():
            try:
                directory.fill(text, language)
            except UnknownPlaceholder as error:
                raise PicturesError(f"{picture.id}: {language}: {error}") from error


def shown_with(intent: str, language: str, directory: Directory) -> list[tuple[Picture, str]]:
    """The pictures of an answer with their alt texts, without those whose numbers aren't known."""
    shown = []
    for picture in pictures().get(intent, ()):
        if drawing(picture.id, directory) is None:
            continue
        try:
            shown.append((picture, directory.fill(picture.alt[language], language)))
        except UnknownPlaceholder:
            continue  # a number of the alt text is no longer published
    return shown
