"""Gives booklets and posters as files, made from what is published now, kept until it changes."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence

import structlog

from booklet import page, pdf, poster
from booklet.contents import Part, Places, gather
from content.answers import Library
from content.directory import Directory, DirectoryError
from content.languages import LANGUAGES
from content.media import File
from store.tables import today

log = structlog.get_logger()
#: Kinds of files: ending → media type.
KINDS = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
#: Seconds between looks whether the booklets must be made anew; also the wait after the start, so
#: that people's questions come first.
EVERY = 20.0
#: Tries to make a booklet while editors publish.
_TRIES = 5

_Key = tuple[int, dt.date, Places]


class Booklets:
    """The booklets of one process, each made when it is first asked for; nobody waits meanwhile."""

    def __init__(
        self,
        library: Library,
        parts: Sequence[Part],
        *,
        operator: str,
        places: Callable[[], Places],
        only_reviewed: bool = False,
    ):
        self._library, self._parts, self._operator = library, parts, operator
        self._find_places, self._only_reviewed = places, only_reviewed
        self._key: _Key | None = None
        self._files: dict[tuple[str, str], File] = {}
        self._kilobytes: dict[tuple[str, str], int] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def directory(self) -> Directory:
        """The directory of the content, with its centres."""
        return self._library.directory

    @property
    def places(self) -> Places:
        """Where the chat is, as far as it is known now."""
        return self._find_places()

    def kilobytes(self, language: str, kind: str) -> int | None:
        """The size of a booklet as it was last made (kilobytes of 1024 bytes), None if unknown."""
        return self._kilobytes.get((language, kind))

    async def source(self, name: str) -> File | None:
        """For the shelf: the file of ``<language>.<kind>``; None if there is none, or none can be
        made now."""
        language, _dot, kind = name.partition(".")
        if language not in LANGUAGES or kind not in KINDS:
            return None
        try:
            return await self.make(language, kind)
        except pdf.NotSet:
            log.exception("booklet.not_made", language=language, kind=kind)
            return None

    async def make(self, language: str, kind: str) -> File:
        """The booklet in a language as a ``pdf`` or ``html`` file, of what is published now.

        Raises pdf.NotSet if it can't be made.
        """
        async with self._one_at_a_time:
            for _try in range(_TRIES):
                key = self._now()
                if key != self._key:
                    self._key, self._files = key, {}
                if (language, kind) in self._files:
                    return self._files[language, kind]
                try:
                    file = await self._draw(language, kind, key)
                except (DirectoryError, KeyError) as error:
                    # unless something else was published while it was read
                    if key == self._now():
                        raise pdf.NotSet(f"{language}: {error}") from error
                    continue
                if key == self._now():
                    self._files[language, kind] = file
                    self._kilobytes[language, kind] = -(-len(file.data) // 1024)
                    return file
            raise pdf.NotSet(f"{language}: what is published changed each time")

    def _now(self) -> _Key:
        return self._library.revision, today(), self.places

    async def _draw(self, language: str, kind: str, key: _Key) -> File:
        _revision, day, places = key
        document = await asyncio.to_thread(
            gather,
            self._library,
            language,
            self._parts,
            operator=self._operator,
            places=places,
            today=day,
            only_reviewed=self._only_reviewed,
        )
        if kind == "pdf":
            data = await pdf.booklet(document)
        else:
            data = await asyncio.to_thread(page.page, document)
        return File(data, KINDS[kind], f"rahnuma-{language}.{kind}")

    def posters(self) -> list[str | None]:
        """Of what there are posters: None (no centre), then each centre that people may choose."""
        return [None, *(key for key, one in self.directory.centres.items() if one.choosable)]

    async def poster(self, centre: str | None) -> File:
        """The poster of a centre, or one without. Raises poster.NoPlace, KeyError for a centre that
        has none, pdf.NotSet, DirectoryError if a number is not published."""
        if centre not in self.posters():
            raise KeyError(centre)
        said = poster.contents(self.directory, self.places, operator=self._operator, centre=centre)
        data = await poster.draw(said, today())
        return File(
            data, KINDS["pdf"], f"rahnuma-poster-{centre}.pdf" if centre else "rahnuma-poster.pdf"
        )

    async def keep_ready(self) -> None:
        """Make all booklets soon after a change, so that nobody waits; until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            for language in LANGUAGES:
                for kind in KINDS:
                    await self.source(f"{language}.{kind}")
