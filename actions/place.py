"""Where a person is: their centre, only if they want to say it; and a location for rescuers."""

from actions import near
from actions.context import Context
from actions.emergency import numbers
from actions.menu import EMERGENCY, centre_menu, home, main_menu
from actions.reply import Choice, Reply


def choose(ctx: Context, key: str) -> Reply:
    """Keep the chosen centre, or none."""
    centre = ctx.library.directory.centres.get(key)
    if centre is None or not centre.choosable:
        ctx.person.centre = None
        return main_menu(ctx, ctx.say("All right, no centre is kept. What do you need?"))
    ctx.person.centre = key
    name = centre.called(ctx.person.language)
    return ctx.reply(ctx.say("Your centre: {centre}.", centre=name), home(ctx))


def from_text(ctx: Context, text: str) -> list[Reply]:
    """Take the centre from what was written, or ask which it is; of a town tell what is near."""
    place = ctx.library.directory.named_in(text)
    if place and place.choosable:
        reply = choose(ctx, place.id)
        # naming a centre may have been a question about it
        for intent in ("shelter_find", "centre_transport", "centre_rules"):
            title = ctx.library.title(intent, ctx.person.language)
            reply.choices.insert(-1, Choice(title, f"ask:{intent}"))
        return [reply]
    around = near.around_town(ctx, place.id) if place else []
    return [*around, centre_menu(ctx)]


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
