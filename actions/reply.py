"""What a person gets back, in a form that every channel can show."""

from dataclasses import dataclass, field
from typing import Literal

from content.intents import Route
from content.languages import Direction, direction
from content.markup import to_text

Danger = Literal["sure", "suspected"]


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and the value (at most 64 bytes) that pressing it sends back."""

    label: str
    value: str

    def __post_init__(self):
        if not 0 < len(self.value.encode()) <= 64:
            raise ValueError(f"choice value must have 1 to 64 bytes: {self.value!r}")


@dataclass(frozen=True)
class Media:
    """A file beside the text, by its id on the shelf (content/media.py).

    ``alt`` says in words what it shows or holds, for who can't see or load it. ``size``: width and
    height of a picture in pixels, so that a page keeps room for it.
    """

    id: str
    kind: Literal["picture", "document", "voice"]
    alt: str
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Point:
    """A place on the map, in degrees (WGS 84), with its name and where that is."""

    latitude: float
    longitude: float
    title: str
    address: str


@dataclass
class Reply:
    """One message to a person.

    ``html`` is light HTML (see content/markup.py); ``content`` the intent whose answer it shows;
    ``navigates`` says that it may take the place of the menu whose button was pressed. ``media``
    and ``points`` follow the text, which must say all that matters without them.
    """

    html: str
    language: str
    choices: list[Choice] = field(default_factory=list)
    route: Route = "chat"
    content: str | None = None
    danger: Danger | None = None
    navigates: bool = False
    media: list[Media] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The message without markup."""
        return to_text(self.html)

    @property
    def direction(self) -> Direction:
        """Writing direction of the message."""
        return direction(self.language)


#: Routes of people who have other worries than our questions.
_GRAVE_ROUTES = frozenset({"emergency", "report", "handoff"})


def grave(replies: list[Reply]) -> bool:
    """Whether replies have to do with danger, a report or a counsellor."""
    return any(reply.danger or reply.route in _GRAVE_ROUTES for reply in replies)
