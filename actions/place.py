"""Where a person is: their centre, only if they want to say it; and a location for rescuers."""

import html

from actions.context import Context
from actions.emergency import numbers
from actions.menu import EMERGENCY, centre_menu, home, main_menu
from actions.reply import Choice, Reply
from content.markup import isolate
from content.sentences import _


def choose(ctx: Context, key: str) -> Reply:
    """Keep the chosen centre, or none."""
    centre = ctx.library.directory.centres.get(key)
    if centre is None or not centre.choosable:
        ctx.person.centre = None
        return main_menu(ctx, ctx.say("All right, no centre is kept. What do you need?"))
    ctx.person.centre = key
    name = centre.called(ctx.person.language)
    return ctx.reply(ctx.say("Your centre: {centre}.", centre=name), home(ctx))


def from_text(ctx: Context, text: str) -> Reply:
    """Take the centre from what was written, or ask which it is."""
    place = ctx.library.directory.named_in(text)
    if place and place.choosable:
        reply = choose(ctx, place.id)
        # naming a centre may have been a question about it
        for intent in ("shelter_find", "centre_transport", "centre_rules"):
            title = ctx.library.title(intent, ctx.person.language)
            reply.choices.insert(-1, Choice(title, f"ask:{intent}"))
        return reply
    return centre_menu(ctx)


def about(ctx: Context, reply: Reply, key: str) -> None:
    """Put what the directory knows of a centre before an answer in which it was asked about.

    The centre that the person chose stays; who has chosen none may say "I am there". Nothing for
    one's own centre, or for a place that people can't be sent to.
    """
    centre = ctx.library.directory.centres.get(key)
    if centre is None or not centre.choosable or key == ctx.person.centre:
        return
    language = ctx.person.language
    facts = (
        ctx.library.directory.published(f"centre.{key}.{fact}", language)
        for fact in ("place", "address", "phone", "hours")
    )
    name = html.escape(centre.called(language), quote=False)
    lines = [f"📍 <b>{isolate(name, language)}</b>"]
    lines += [isolate(html.escape(fact, quote=False), language) for fact in facts if fact]
    if centre.open == "closed":
        lines.append(ctx.say("It may be closed. Ask staff before you go."))
    elif centre.open != "confirmed":
        lines.append(ctx.say("Ask staff whether it is open before you go."))
    reply.html = "\n".join(lines) + "\n\n" + reply.html
    if ctx.person.centre is None:
        reply.choices.insert(0, ctx.choice(_("📍 I am there"), f"centre:{key}"))


def location(ctx: Context, latitude: float, longitude: float) -> Reply:
    """A shared location as numbers to read out on the phone; nothing of it is kept.

    Degrees (WGS 84) with five decimals, about one metre.
    """
    point = f"{latitude:.5f}, {longitude:.5f}"
    return ctx.reply(
        ctx.say("You are here: {point}", point=point).replace(point, f"<code>{point}</code>")
        + "\n"
        + ctx.say("In danger, call and read these numbers out. We did not keep them.")
        + f"\n\n{numbers(ctx)}\n\n"
        + ctx.say("Off the roads there may be mines: stay on hard roads and used paths."),
        ctx.choice(EMERGENCY, "sos"),
        home(ctx),
        route="emergency",
    )
