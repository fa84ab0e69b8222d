"""What is sent beside text: pictures, documents, recordings, found by id on one shelf.

An id has the form ``<section>.<name>``, such as ``picture.mine_signs.png``; it is also the end of
the file's address on the web, so it says nothing about a person.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

#: What an id may look like.
ID = re.compile(r"[a-z]+\.[A-Za-z0-9_.-]{1,80}")


@dataclass(frozen=True)
class File:
    """A file as it is sent. ``name`` is what people see when they keep it."""

    data: bytes
    media_type: str
    name: str

    @cached_property
    def digest(self) -> str:
        """A short hash of the content (SHA-256, 16 hex digits)."""
        return hashlib.sha256(self.data).hexdigest()[:16]


Source = Callable[[str], Awaitable[File | None]]


class Shelf:
    """Finds files by id; each section of ids has its source."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    def add(self, section: str, source: Source) -> None:
        """Let a source give the files whose ids begin with ``section`` and a full stop."""
        self._sources[section] = source

    async def open(self, media_id: str) -> File | None:
        """The file, or None if there is none of this id. Raises what its source raises."""
        section, _dot, name = media_id.partition(".")
        source = self._sources.get(section)
        return await source(name) if source and ID.fullmatch(media_id) else None
