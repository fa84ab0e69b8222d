"""Rumours that editors have checked: shown when somebody asks whether something is true."""

import textwrap

from actions import entries
from actions.context import Context
from actions.menu import PERSON, home
from actions.reply import Choice, Reply
from content.rumours import Rumour
from content.sentences import _, day
from content.translated import light_html
from store.rumour_tables import RumourRow
from store.tables import today

#: Rumours in one message.
PAGE = 3
#: Characters of a button's label: what a phone shows in a line or two.
LABEL = 40

_BUTTON = _("🗞 What we know about rumours")
_HEARD = _("👂 Something I heard")


def as_content(row: RumourRow) -> Rumour:
    """A row of the database as people are shown it."""
    return Rumour(
        row.id, row.heard, row.known, row.as_of, row.valid_until, row.centre, tuple(row.sources)
    )


def put_before(ctx: Context, reply: Reply, text: str) -> Reply:
    """To the answer about rumours: the one that was asked about before it, if it is known, and the
    way to all of them, if there are any."""
    rumours = ctx.library.rumours
    if rumours.current(today()):
        reply.choices.insert(0, ctx.choice(_BUTTON, "rum"))
    asked = rumours.find(text, ctx.person.language, today()) if text else None
    if asked:
        reply.html = f"{entry(ctx, asked)}\n\n{reply.html}"
    return reply


def found(ctx: Context, text: str) -> list[Choice]:
    """A button for the rumour that a message is about, if one is known."""
    rumour = ctx.library.rumours.find(text, ctx.person.language, today())
    if rumour is None:
        return []
    heard = textwrap.shorten(rumour.heard_in(ctx.person.language), LABEL, placeholder="…")
    return [Choice(f"🗞 {heard}", f"rum:{rumour.id}")]


async def show(ctx: Context, which: str = "") -> list[Reply]:
    """One rumour by its id, or a page of them by its number from 0, as a button has it."""
    one = ctx.library.rumours.get(which, today())
    if one:
        more = ctx.choice(_BUTTON, "rum")
        return [ctx.reply(entry(ctx, one), more, *_ways_on(ctx), route="answer")]
    current = ctx.library.rumours.current(today(), ctx.person.centre)
    if not current:
        text = ctx.say(
            "Nothing is written here at the moment. If you heard something, tell us, or ask a "
            "person."
        )
        return [ctx.reply(text, *_ways_on(ctx), route="answer")]
    number = entries.page_number(which)
    shown = current[number * PAGE : (number + 1) * PAGE]
    if not shown:
        return await show(ctx)
    further = len(current) > (number + 1) * PAGE
    choices = [ctx.choice(_("More"), f"rum:{number + 1}")] if further else []
    title = f"<b>{ctx.label(_BUTTON)}</b>"
    html = "\n\n".join((title, *(entry(ctx, rumour) for rumour in shown)))
    return [ctx.reply(html, *choices, *_ways_on(ctx), route="answer")]


def _ways_on(ctx: Context) -> list[Choice]:
    heard = ctx.choice(_HEARD, "fb:type:rumour")
    return [heard, ctx.choice(PERSON, "person"), home(ctx)]


def entry(ctx: Context, rumour: Rumour) -> str:
    """One rumour as light HTML in the person's language; its texts in English where it is not."""
    language = ctx.person.language
    head = ctx.label(_("As of {day}")).format(day=day(language, rumour.as_of))
    parts = (
        (_("👂 People say: {text}"), rumour.heard),
        (_("🔎 What we know: {text}"), rumour.known),
    )
    lines = entries.entry(ctx, head, rumour.centre, parts)
    if rumour.sources:
        sources = light_html("; ".join(rumour.sources), "en", language)
        lines.append(ctx.label(_("Where we know it from: {text}")).replace("{text}", sources))
    until = ctx.say(
        "This holds until {day}. After that, ask again.", day=day(language, rumour.valid_until)
    )
    lines.append(f"<i>{until}</i>")
    return "\n".join(lines)
