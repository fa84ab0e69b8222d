"""Erase-me: what is kept under a person's pseudonym goes, and the person is told what went."""

from actions import unclear
from actions.context import Context
from actions.menu import home
from actions.reply import Reply
from content.sentences import _, number
from store.people import erase_person


def ask(ctx: Context) -> Reply:
    """What would be erased and what can't be, before it is done."""
    ctx.person.yes, ctx.person.no = "delete:yes", "cancel"
    lines = (
        unclear.not_found_again(ctx),
        ctx.say(
            "We will erase your language, your centre, what you were writing, and your talk with a "
            "counsellor. Feedback and reports you sent stay: they carry no person, so we can't "
            "find yours. Erase now?"
        ),
        ctx.say("Notices that you asked for stop then, too."),
    )
    return ctx.reply(
        "\n\n".join(filter(None, lines)),
        ctx.choice(_("🗑 Erase now"), "delete:yes"),
        ctx.choice(_("✖️ No"), "cancel"),
    )


async def erase(ctx: Context) -> Reply:
    """Erase and confirm with the number of things erased."""
    gone = await erase_person(ctx.storage, ctx.person.pseudonym)
    ctx.forget, ctx.case = True, None
    total = sum(gone.values())
    return ctx.reply(
        ctx.say(
            "Erased. {n} records are gone. You can now also delete this chat on your phone.",
            n=number(ctx.person.language, total),
        ),
        home(ctx),
    )
