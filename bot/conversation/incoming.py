"""What came in from a person, whatever the channel."""

from dataclasses import dataclass
from typing import Literal

from actions.files import Attachment

Kind = Literal[
    "text", "choice", "edited", "photo", "voice", "sticker", "contact", "location", "file"
]


@dataclass(frozen=True)
class Incoming:
    """One message.

    ``text`` is what was written, ``choice`` the value of a pressed button; ``language`` and
    ``centre`` are hints of the channel (the phone's language, a poster's link), never more.
    Latitude and longitude are degrees (WGS 84) of a shared location. A ``file`` is an
    ``attachment`` for the open case, with ``text`` as its caption, or was ``refused``, and why.
    """

    kind: Kind
    text: str = ""
    choice: str = ""
    language: str | None = None
    centre: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    attachment: Attachment | None = None
    refused: str | None = None

    def __post_init__(self) -> None:
        # Lone surrogates (JSON can carry them) can't be encoded, and PostgreSQL takes no NUL.
        for name in ("text", "choice"):
            whole = getattr(self, name).encode("utf-8", "replace").decode().replace("\x00", "")
            object.__setattr__(self, name, whole)
