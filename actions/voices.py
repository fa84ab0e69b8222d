"""Which answers have a recording that may be offered now."""

import structlog

from actions.reply import Choice
from content.answers import Library
from content.media import File
from content.sentences import _, sentence
from content.sound import MEDIA_TYPE
from content.spoken import spoken_hash
from store.database import Database
from store.recordings import live_recordings, sound_of

log = structlog.get_logger()
LISTEN = _("🔊 Listen")


class Voices:
    """The approved recordings, held in memory so that an answer needs no query for them."""

    def __init__(self) -> None:
        #: By intent and language: id and hash of the words that were read.
        self._approved: dict[tuple[str, str], tuple[str, str]] = {}
        self._fresh: dict[tuple[str, str], tuple[int, str | None]] = {}

    async def load(self, database: Database) -> None:
        """Look which recordings are approved now. Raises one of DATABASE_ERRORS."""
        async with database.looking() as session:
            self._approved = {
                (row.intent, row.language): (row.id, row.made_from)
                for row in await live_recordings(session)
                if row.state == "approved"
            }
        self._fresh.clear()

    def of(self, library: Library, intent: str, language: str) -> str | None:
        """The id of an answer's recording; None if there is none that says what the text says.

        A number that was corrected in the text is still the old one in the recording: it is not
        offered any more.
        """
        key = (intent, language)
        if key not in self._approved:
            return None
        revision, found = self._fresh.get(key, (-1, None))
        if revision != library.revision:
            recording, made_from = self._approved[key]
            same = library.get(intent, language) is not None and made_from == spoken_hash(
                library, intent, language
            )
            found = recording if same else None
            self._fresh[key] = library.revision, found
        return found

    def offer(self, library: Library, intent: str, language: str) -> list[Choice]:
        """The button that leads to the recording of an answer, if there is one."""
        try:
            there = self.of(library, intent, language) is not None
        except Exception:  # noqa: BLE001 - in danger the text must come, whatever a recording does
            log.exception("voices.failed", intent=intent)
            return []
        if not there:
            return []
        return [Choice(sentence(language, LISTEN), f"aud:{intent}")]

    def source(self, database: Database):
        """Gives the sound of an approved recording to the shelf, by ``<id>.ogg``."""

        async def find(name: str) -> File | None:
            recording = name.removesuffix(".ogg")
            if recording not in {one for one, _words in self._approved.values()}:
                return None
            async with database.looking() as session:
                data = await sound_of(session, recording, "approved")
            return File(data, MEDIA_TYPE, name) if data else None

        return find
