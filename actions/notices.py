"""What the service itself tells a person about their talk with a counsellor.

Notices wait in the case like a counsellor's words, so that a person reads both in the order in
which they happened (store/cases/messages.py, ``add_notice``).
"""

from actions.context import Context
from actions.menu import home
from actions.reply import Reply
from content.sentences import _

#: How a talk is rated, worst first; the number of stars is the place.
FACES = ("😞", "🙁", "😐", "🙂", "😀")


def notice(ctx: Context, what: dict[str, str]) -> Reply:
    """The reply for a notice; KeyError for a name that is not known."""
    return _NOTICES[what["what"]](ctx, what)


def _joined(ctx: Context, what: dict[str, str]) -> Reply:
    name = what.get("name")
    line = (
        ctx.say("🧑 {name}, a counsellor, is here now and reads what you write.", name=name)
        if name
        else ctx.say("🧑 A counsellor is here now and reads what you write.")
    )
    more = ctx.say("I, the program, stay quiet until the talk is over. To leave it: /stop")
    leave = ctx.choice(_("End the talk"), "person:leave")
    return ctx.reply(f"<b>{line}</b>\n{more}", leave, route="handoff")


def _transferred(ctx: Context, _what: dict[str, str]) -> Reply:
    return ctx.reply(
        ctx.say("Your talk goes on with another counsellor. Please wait; nothing is lost."),
        route="handoff",
    )


def _passed_on(ctx: Context, _what: dict[str, str]) -> Reply:
    return ctx.reply(
        ctx.say(
            "The counsellor had to leave. Another one will go on with you; what you wrote is kept."
        ),
        route="handoff",
    )


def _reopened(ctx: Context, _what: dict[str, str]) -> Reply:
    return ctx.reply(
        ctx.say("🧑 The counsellor has opened your talk again. What you write now reaches them."),
        route="handoff",
    )


def _closed(ctx: Context, what: dict[str, str]) -> Reply:
    line = ctx.say("The talk with the counsellor is over. 🤖 I, the program, answer again.")
    again = ctx.say(
        "If something is open, you can continue within three days. How was it? (if you like)"
    )
    case = what["case"]
    faces = [ctx.choice(face, f"person:rate:{case}:{stars}") for stars, face in enumerate(FACES, 1)]
    return ctx.reply(
        f"<b>{line}</b>\n{again}",
        *faces,
        ctx.choice(_("↩️ Continue the talk"), "person:reopen"),
        home(ctx),
        route="handoff",
    )


def _referred(ctx: Context, what: dict[str, str]) -> Reply:
    called = f"org.{what['organisation']}.called"
    return ctx.reply(
        ctx.say(
            "With your consent the counsellor told {organisation} about you.",
            organisation=ctx.library.directory.value(called, ctx.person.language),
        ),
        route="handoff",
    )


_NOTICES = {
    "joined": _joined,
    "transferred": _transferred,
    "passed_on": _passed_on,
    "reopened": _reopened,
    "closed": _closed,
    "referred": _referred,
}
