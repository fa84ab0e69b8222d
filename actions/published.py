"""Brings what editors published into the library that answers people."""

import asyncio

import structlog

from content.answers import Answers, ContentError, Library, read_answers
from content.directory import Directory, DirectoryError
from content.overlay import Published, overlaid
from store.database import Database
from store.versions import published

log = structlog.get_logger()


class PublishedContent:
    """The files as they were at the start, and over them what is published now."""

    def __init__(self, database: Database, library: Library):
        self._database, self._library = database, library
        self._answers: Answers = read_answers()
        self._facts = Directory.load().data

    @property
    def files(self) -> tuple[Answers, dict]:
        """Answers and directory data of the files alone."""
        return self._answers, self._facts

    async def load(self) -> None:
        """Put into the library what is published now. Raises one of DATABASE_ERRORS.

        A version that can't be shown (a file has changed under it) is left out and noted: the other
        texts must not wait for it.
        """
        async with self._database.looking() as session:
            versions = [
                Published(row.kind, row.key, row.language, row.body, row.valid_until)
                for row in await published(session)
            ]
        answers, facts = await asyncio.to_thread(self._usable, versions)
        self._library.replace(answers, facts)

    def _usable(self, versions: list[Published]) -> tuple[Answers, dict]:
        try:
            return self._tried(versions)
        except (ContentError, DirectoryError, KeyError, ValueError):
            pass  # found out below which one it is
        good: list[Published] = []
        for one in versions:
            try:
                self._tried([*good, one])
            except (ContentError, DirectoryError, KeyError, ValueError) as error:
                log.error("content.version_left_out", key=one.key, error=type(error).__name__)
            else:
                good.append(one)
        return self._tried(good)

    def _tried(self, versions: list[Published]) -> tuple[Answers, dict]:
        answers, facts = overlaid(self._answers, self._facts, versions)
        Library(answers, Directory(facts)).check()
        return answers, facts
