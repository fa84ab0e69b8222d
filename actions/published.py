"""Brings what editors published into the library that answers people."""

import asyncio

import structlog

from content.answers import Answers, ContentError, Library, read_answers
from content.directory import Directory, DirectoryError
from content.overlay import Published, overlaid, said_by_files
from store.content_tables import ContentVersionRow
from store.database import Database
from store.versions import now_in_file, published

log = structlog.get_logger()


def as_published(row: ContentVersionRow) -> Published:
    """A published row as what lies over the files."""
    return Published(
        row.kind, row.key, row.language, row.body, row.valid_until, reviewed_by=row.reviewed_by
    )


class PublishedContent:
    """The files as they were at the start, and over them what is published now."""

    def __init__(self, database: Database, library: Library):
        self._database, self._library = database, library
        self._answers: Answers = read_answers()
        self._facts = Directory.load().data
        self._looked_for_filed = False

    @property
    def files(self) -> tuple[Answers, dict]:
        """Answers and directory data of the files alone."""
        return self._answers, self._facts

    async def load(self) -> None:
        """Put into the library what is published now. Raises one of DATABASE_ERRORS.

        A version that can't be shown (a file has changed under it) is left out and noted: the other
        texts must not wait for it. Versions that the files say too are history from then on, else
        they would lie over what the files say later.
        """
        async with self._database.looking() as session:
            versions = [as_published(row) for row in await published(session)]
        answers, facts = await asyncio.to_thread(self._usable, versions)
        self._library.replace(answers, facts)
        if not self._looked_for_filed:  # the files are read once, at the start
            await self._file([one for one in versions if said_by_files(one, *self.files)])
            self._looked_for_filed = True

    async def _file(self, said: list[Published]) -> None:
        if not said:
            return
        async with self._database.transaction() as session:
            for row in await published(session):
                if as_published(row) in said:
                    await now_in_file(session, row)
        log.info("content.taken_into_files", versions=len(said))

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
