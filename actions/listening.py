"""Recorded answers, for people who would rather listen than read."""

from actions.answer import answer
from actions.context import Context
from actions.emergency import emergency
from actions.menu import PERSON, home
from actions.reply import Media, Reply
from actions.voices import LISTEN
from content.intents import intents
from content.markup import isolate, to_html
from content.sentences import _


def listen(ctx: Context, intent: str) -> Reply:
    """The recording of an answer; the written answer where there is none (any more)."""
    known = intents().get(intent)
    if known is None or ctx.library.get(intent, ctx.person.language) is None:
        return ctx.reply(ctx.say("This button is no longer valid."), home(ctx))
    written = emergency(ctx, intent) if known.danger else answer(ctx, intent)
    recording = ctx.voices.of(ctx.library, intent, ctx.person.language)
    if recording is None:
        written.html = ctx.say("The recording is no longer there. Here is the text.") + (
            "\n\n" + written.html
        )
        return written
    title = ctx.library.title(intent, ctx.person.language)
    head = isolate(to_html(title), ctx.person.language)
    return ctx.reply(
        f"<b>{ctx.label(LISTEN)}: {head}</b>",
        ctx.choice(_("📄 Read it"), f"ask:{intent}"),
        ctx.choice(PERSON, "person"),
        home(ctx),
        route=written.route,
        content=intent,
        danger=written.danger,
        media=[Media(f"recording.{recording}.ogg", "voice", title)],
    )
