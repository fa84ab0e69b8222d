"""Being told of new notices: what is kept for that, and how to stop. Only on Telegram."""

import datetime as dt

from actions import notices_today
from actions.context import Context
from actions.menu import home
from actions.notice_text import STOP, TODAY
from actions.reply import Choice, Reply
from content.sentences import _, day
from store.notices.subscriptions import DAYS, subscribe, subscription_of, unsubscribe
from store.tables import today

_ALL = _("all centres")


async def choose(ctx: Context, rest: str) -> list[Reply]:
    """A pressed button: "" asks, ``at:<centre>`` says which, ``yes`` begins, ``go`` goes on as
    before, ``off`` stops. Raises StorageDown."""
    if rest == "off":
        return [await _stop(ctx)]
    if ctx.person.channel != "telegram" or ctx.address is None:
        return await _not_here(ctx)
    if rest == "yes":
        return [await _begin(ctx, ctx.person.centre)]
    if rest == "go" and (mine := await subscription_of(ctx.storage, ctx.person.pseudonym)):
        return [await _begin(ctx, mine.centre)]
    what, _sep, key = rest.partition(":")
    if what == "at":
        centre = ctx.library.directory.centres.get(key)
        ctx.person.centre = key if centre and centre.choosable else None
    elif ctx.person.centre is None:
        return [_which_centre(ctx)]
    return [_ask(ctx)]


def _place(ctx: Context, key: str | None) -> str:
    centre = ctx.library.directory.centres.get(key or "")
    return centre.called(ctx.person.language) if centre else ctx.label(_ALL)


def _which_centre(ctx: Context) -> Reply:
    language = ctx.person.language
    centres = [
        Choice(place.called(language), f"notify:at:{key}")
        for key, place in ctx.library.directory.centres.items()
        if place.choosable
    ]
    return ctx.reply(
        ctx.say("For which centre do you want notices? Those for all centres come with them."),
        *centres,
        ctx.choice(_("Only those for all centres"), "notify:at:none"),
        ctx.choice(_("✖️ No"), "cancel"),
        navigates=True,
    )


def _ask(ctx: Context) -> Reply:
    ctx.person.yes, ctx.person.no = "notify:yes", "cancel"
    text = ctx.say(
        "🔔 I write to you here when there is something new. Centre: {place}. For that we keep "
        "your chat address, encrypted, until {day}. You can stop at any time: /stop_notices",
        place=_place(ctx, ctx.person.centre),
        day=day(ctx.person.language, today() + dt.timedelta(days=DAYS)),
    )
    return ctx.reply(
        text,
        ctx.choice(_("🔔 Yes, tell me"), "notify:yes"),
        ctx.choice(_("✖️ No"), "cancel"),
        navigates=True,
    )


async def _begin(ctx: Context, centre: str | None) -> Reply:
    person = ctx.person
    row = await subscribe(
        ctx.storage,
        ctx.keys,
        person.pseudonym,
        channel=person.channel,
        address=str(ctx.address),
        centre=centre,
        language=person.language,
    )
    text = ctx.say(
        "🔔 Done. I write to you when there is something new, until {day}. Centre: {place}. To "
        "stop: /stop_notices",
        place=_place(ctx, row.centre),
        day=day(person.language, row.until),
    )
    return ctx.reply(text, ctx.choice(TODAY, "today"), ctx.choice(STOP, "notify:off"), home(ctx))


async def _stop(ctx: Context) -> Reply:
    gone = await unsubscribe(ctx.storage, ctx.person.pseudonym)
    text = (
        ctx.say("🔕 Stopped. Your address for notices is erased.")
        if gone
        else ctx.say("You get no notices from us.")
    )
    return ctx.reply(text, ctx.choice(TODAY, "today"), home(ctx))


async def _not_here(ctx: Context) -> list[Reply]:
    """The web chat can't be written to later: it says so, and shows what is known now."""
    text = ctx.say(
        "On this page I can't write to you first; only on Telegram I can. Here is what is "
        "announced now:"
    )
    return [ctx.reply(text), *await notices_today.show(ctx)]
