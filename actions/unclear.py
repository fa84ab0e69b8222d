"""Keeps, where the operator wants it, what was not understood: redacted, without a person.

Little is kept rather than much. Nothing of somebody who does not know of it, who is or may be in
danger, who fills in a form or waits for a counsellor; and one sentence of a person in a day, so
that no story can be put together.
"""

import datetime as dt
import unicodedata

from actions.context import Context
from actions.feedback import holds_code
from actions.redaction import redact
from actions.reply import Reply, grave
from content.intents import intents
from content.languages import LANGUAGES, direction
from content.sentences import days
from nlu.normalise import clean, script_of
from store.cases.opening import open_case_of
from store.tables import today
from store.unclear import add_unclear

#: Characters: a longer message is a story, and stories tell who wrote them.
MAX_TEXT = 300
#: Letters below which a message says nothing that could be learnt.
MIN_LETTERS = 3
_QUIET = dt.timedelta(days=1)


def told(ctx: Context) -> str:
    """The line that says what is kept, and a note that the person was told; "" if nothing is."""
    if not ctx.unclear_days:
        return ""
    ctx.person.told_unclear = True
    return ctx.say(
        "🔒 If I don't understand a sentence, we may keep it for {days} without your name. "
        "A member of staff reads it, so that I learn. Please leave out names.",
        days=days(ctx.person.language, ctx.unclear_days),
    )


def not_found_again(ctx: Context) -> str:
    """The line before erasing that such sentences can't be found by person; "" if none are kept."""
    if not ctx.unclear_days:
        return ""
    return ctx.say(
        "Sentences that I did not understand and that were kept carry no person, so we can't find "
        "yours. They go by themselves after {days}.",
        days=days(ctx.person.language, ctx.unclear_days),
    )


def be_quiet_after(ctx: Context, replies: list[Reply]) -> None:
    """After anything to do with danger, reports or a counsellor: keep nothing until tomorrow ends.

    Somebody whose cry for help was heard may go on in words that are not understood.
    """
    if ctx.unclear_days and grave(replies):
        ctx.person.quiet_until = (today() + _QUIET).isoformat()


async def keep(
    ctx: Context, reply: Reply, text: str, *, language: str | None, guess: str | None
) -> None:
    """Keep a message that was not understood, if it may be kept.

    ``language`` and ``guess`` are the model's. Somebody who has not been told is told under
    ``reply``, and nothing is kept this time.
    """
    person = ctx.person
    if not ctx.unclear_days or ctx.session is None or not _fit(text):
        return
    if not person.told_unclear:
        reply.html += "\n\n" + told(ctx)
        return
    if person.quiet_until and person.quiet_until >= today().isoformat():
        return
    language, script = language or person.language, script_of(text)
    if language not in LANGUAGES or (script == "Arab" and direction(language) == "ltr"):
        return
    if await open_case_of(ctx.session, person.pseudonym):
        return
    person.quiet_until = today().isoformat()
    await add_unclear(
        ctx.session,
        ctx.keys,
        language=language,
        script=script,
        text=clean(redact(text)),
        guess=guess if guess in intents() else None,
    )


def _fit(text: str) -> bool:
    """Whether a message is short, in letters that our languages are written in, and no code."""
    if len(text) > MAX_TEXT or holds_code(text):
        return False
    letters = [c for c in text if c.isalpha()]
    ours = [c for c in letters if unicodedata.name(c, "").startswith(("ARABIC ", "LATIN "))]
    return len(ours) >= MIN_LETTERS and 2 * len(ours) > len(letters)
