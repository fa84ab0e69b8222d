"""Where a person is: their centre, only if they want to say it."""

from actions.context import Context
from actions.menu import centre_menu, home, main_menu
from actions.reply import Reply


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
        return choose(ctx, place.id)
    return centre_menu(ctx)
