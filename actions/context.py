"""What an action works with: the person, the answers, and the database if it can be reached."""

import html
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from actions.guessing import Guesses
from actions.reply import Choice, Reply
from actions.voices import Voices
from booklet.shelf import Booklets
from content.answers import Library
from content.intents import Route
from content.markup import isolate
from content.sentences import sentence
from nlu.places import Found
from store.case_tables import CaseRow
from store.keys import Keys
from store.people import Person


class StorageDown(Exception):
    """The database can't be used now: what had to be kept was not kept, and the person is told."""


@dataclass
class Context:
    """One message's surroundings. ``session`` is None while the database can't be reached.

    ``unclear_days`` is for how long what is not understood is kept (0: it is not kept).
    ``understood``: intents that the model sees in this message's text, likeliest first; ``named``:
    what it sees named there.
    ``case``: the person's open case; ``recent``: what they wrote in the last half hour, kept in
    memory only; ``recall``: what of this message belongs there from now on. ``booklets``: those of
    this process, if it has any.
    """

    person: Person
    library: Library
    keys: Keys
    session: AsyncSession | None
    address: str | None = None
    only_reviewed: bool = False
    operator: str = "Rahnuma"
    unclear_days: int = 0
    understood: tuple[str, ...] = ()
    named: tuple[Found, ...] = ()
    guesses: Guesses = field(default_factory=Guesses)  # the desk's own, for all messages
    voices: Voices = field(default_factory=Voices)  # likewise
    case: CaseRow | None = None
    recent: tuple[str, ...] = ()
    recall: str | None = None
    booklets: Booklets | None = None
    forget: bool = False  # set when the person was erased: nothing is written back

    @property
    def storage(self) -> AsyncSession:
        """The open transaction; raises StorageDown."""
        if self.session is None:
            raise StorageDown
        return self.session

    def say(self, message: str, /, **values: object) -> str:
        """A fixed sentence in the person's language; values are escaped for HTML."""
        safe = {k: html.escape(str(v), quote=False) for k, v in values.items()}
        return isolate(sentence(self.person.language, message, **safe), self.person.language)

    def label(self, message: str) -> str:
        """A button's label in the person's language."""
        return sentence(self.person.language, message)

    def choice(self, message: str, value: str) -> Choice:
        """A button whose label is a fixed sentence, given already marked for translation."""
        return Choice(self.label(message), value)

    def reply(self, text: str, *choices: Choice, route: Route = "chat", **more) -> Reply:
        """A reply in the person's language."""
        return Reply(text, self.person.language, list(choices), route=route, **more)
