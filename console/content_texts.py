"""What the pages for answers have in common: which texts there are, and how each
stands."""

import datetime as dt
from dataclasses import dataclass

from fastapi import HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from actions.preview import preview
from actions.reply import Reply
from console.access import Session
from console.content_form import Body, Changes, changes
from content.answers import Answer, Answers, Library
from content.check import EXTRA_PAGES
from content.findings import Notice, findings, showable, stops
from content.intents import intents_with_text
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.overlay import Published, digest, of_answer, to_answer
from content.source_hash import source_hash
from content.status import file_changed
from store import versions
from store.content_tables import ContentVersionRow
from store.keys import Keys
from store.tables import today
from store.versions import Thing

#: How long a reviewer vouches for a text, unless they say otherwise, and at most.
USUAL, LONGEST = dt.timedelta(days=182), dt.timedelta(days=730)

#: What an account that may only write is told.
BOUND = (
    "Your account is bound to a centre. You may write texts; somebody who is not bound to one "
    "publishes them and takes them back."
)


def may_decide(session: Session) -> bool:
    """Whether an account may put texts in force. Accounts bound to a centre may only write: what
    people of all centres read, also on how to report staff, is not for one centre to decide."""
    return session.centre is None


@dataclass(frozen=True)
class Standing:
    """How one text stands: what the file says, what is in force, what is being worked on."""

    thing: Thing
    in_file: Body | None
    published: ContentVersionRow | None
    work: ContentVersionRow | None
    english_before: tuple[Body, ...] = ()  # for a translation: the English texts that there were

    @property
    def in_force(self) -> Body | None:
        """The text that people read, if there is any."""
        return self.published.body if self.published else self.in_file

    @property
    def latest(self) -> Body | None:
        """The text to go on with: the draft, or else what is in force."""
        return self.work.body if self.work else self.in_force

    @property
    def edits(self) -> int:
        """The number by which two editors don't overwrite each other."""
        return self.work.edits if self.work else 0

    @property
    def base(self) -> str | None:
        """The digest of the file's text, None if there is no file: what a version is made over. By
        it one sees later that the file has changed."""
        return digest(self.in_file) if self.in_file else None

    @property
    def file_changed(self) -> bool:
        """Whether the file has changed under what was published or is being worked on."""
        rows = [row for row in (self.published, self.work) if row]
        return any(file_changed(self.base, (row.base, digest(row.body))) for row in rows)


class Texts:
    """All answers in all languages, for the pages of the console."""

    def __init__(self, library: Library, keys: Keys, in_files: Answers):
        self.library, self._keys, self._in_files = library, keys, in_files
        self.ids: tuple[str, ...] = (*intents_with_text(), *EXTRA_PAGES)

    def thing(self, language: str, intent: str) -> Thing:
        """The text of an address; HTTPException 404 if there is no such answer or language."""
        if language not in LANGUAGES or intent not in self.ids:
            raise HTTPException(404, "no such answer")
        return Thing("answer", intent, language)

    def file_digest(self, language: str, intent: str) -> str | None:
        """The digest of a file's text, None if there is no file."""
        answer = self._in_files.get((language, intent))
        return digest(of_answer(answer)) if answer else None

    async def standing(self, session: AsyncSession, thing: Thing) -> Standing:
        """How a text stands now."""
        return Standing(
            thing,
            self._in_file(thing),
            await versions.in_force(session, thing),
            await versions.working_on(session, thing),
            await self._english_before(session, thing),
        )

    def _in_file(self, thing: Thing) -> Body | None:
        answer = self._in_files.get((thing.language, thing.key))
        return of_answer(answer) if answer else None

    async def _english_before(self, session: AsyncSession, thing: Thing) -> tuple[Body, ...]:
        if thing.language == DEFAULT_LANGUAGE:
            return ()
        source = Thing("answer", thing.key, DEFAULT_LANGUAGE)
        in_file = self._in_file(source)
        earlier = [row.body for row in await versions.history(session, source)]
        return (*earlier, *([in_file] if in_file else []))

    def english(self, thing: Thing) -> Answer | None:
        """The English answer that a text is a translation of, None for the English one itself."""
        if thing.language == DEFAULT_LANGUAGE:
            return None
        return self.library.get(thing.key, DEFAULT_LANGUAGE)

    def answer(self, thing: Thing, body: Body, valid_until: dt.date | None = None) -> Answer:
        """A version's body as the answer that it would be once it is published."""
        until = valid_until or today() + USUAL
        return to_answer(Published("answer", thing.key, thing.language, body, until))

    def findings(self, thing: Thing, body: Body) -> list[Notice]:
        """All that is to be said about a text."""
        answer = self.answer(thing, body)
        return findings(answer, self.english(thing), self.library.directory, self.ids)

    def stops(self, thing: Thing, body: Body) -> list[Notice]:
        """Why a text can't be published."""
        return stops(self.answer(thing, body), self.library.directory, self.ids)

    def preview(self, thing: Thing, body: Body, valid_until: dt.date | None = None) -> Reply:
        """The text as people would get it, with what can't be shown marked."""
        answer = self.answer(thing, body, valid_until)
        return preview(self.library, self._keys, showable(answer, self.library.directory, self.ids))

    def english_changes(self, standing: Standing, made_from: str | None) -> Changes | None:
        """What changed in English since a translation was made; None if nothing did, or if that
        English text is not known any more."""
        thing, english = standing.thing, self.english(standing.thing)
        if english is None or not made_from or made_from == source_hash(english):
            return None
        source = Thing("answer", thing.key, DEFAULT_LANGUAGE)
        for was in standing.english_before:
            if source_hash(self.answer(source, was)) == made_from:
                return changes(was, of_answer(english))
        return None
