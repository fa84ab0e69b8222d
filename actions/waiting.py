"""Honest words about waiting for a counsellor: hours, who is there, how long it usually takes."""

import datetime as dt
from collections.abc import Sequence

from babel.dates import format_timedelta

from actions.context import Context
from content.languages import LANGUAGES
from content.sentences import _, sentence
from store.case_tables import CaseRow
from store.cases.opening import usual_wait
from store.feedback import count
from store.presence import somebody_for
from store.tables import now

#: Minutes to which a wait is rounded up, so that it promises nothing exact.
ROUNDED = (5, 10, 15, 20, 30, 45)
#: Longer waits in words: up to so many minutes.
_LONGER = ((75, _("about an hour")), (150, _("about two hours")), (600, _("several hours")))
_LONGEST = _("more than half a day")


def wait_in_words(language: str, wait: dt.timedelta) -> str:
    """A waiting time, rounded up to what people say."""
    minutes = wait.total_seconds() / 60
    for rounded in ROUNDED:
        if minutes <= rounded:
            time = format_timedelta(
                dt.timedelta(minutes=rounded),
                granularity="minute",
                threshold=10,
                locale=LANGUAGES[language].locale,
            )
            return sentence(language, "about {time}", time=time)
    return sentence(language, next((t for limit, t in _LONGER if minutes <= limit), _LONGEST))


async def outlook(ctx: Context, languages: Sequence[str]) -> str:
    """Lines: whether somebody is there who speaks one of the languages, when the desk is open, and
    how long it usually takes. What isn't known is said to be not known."""
    language, opening = ctx.person.language, ctx.library.directory.opening
    there = ctx.session is not None and await somebody_for(ctx.session, languages)
    if there:
        lines = [ctx.say("🟢 Somebody who speaks your language is here now.")]
        wait = await usual_wait(ctx.storage, languages[0])
        if wait is None:
            lines.append(ctx.say("We don't know yet how long you will wait."))
        else:
            lines.append(ctx.say("Usual wait: {wait}", wait=wait_in_words(language, wait)))
    elif opening is None:
        lines = [
            ctx.say(
                "⚪ Nobody who speaks your language is here now, and we don't know when somebody "
                "will be. It can take a day or more."
            )
        ]
    elif opening.is_open(now()):
        lines = [
            ctx.say(
                "⚪ Nobody who speaks your language is here at this moment, though we are open. "
                "It may take a while."
            )
        ]
    else:
        lines = [ctx.say("⚪ We are closed now.")]
        opens = opening.next_opening(now())
        if opens is not None:
            moment = opening.moment(language, opens)
            lines.append(ctx.say("We open again: {time}", time=moment))
    if opening is not None:
        lines.append(ctx.say("Hours: {hours}", hours=opening.in_words(language)))
    return "\n".join(lines)


async def count_no_hours(ctx: Context, case: CaseRow) -> None:
    """Count a case that was opened outside the hours, or with nobody there for its languages."""
    opening = ctx.library.directory.opening
    if opening is not None and not opening.is_open(now()):
        await count(ctx.storage, "case_no_hours", "closed", case.language)
    elif not await somebody_for(ctx.storage, case.languages):
        await count(ctx.storage, "case_no_hours", "nobody", case.language)
