"""First contact, and the short replies of everyday talk."""

from actions import unclear
from actions.context import Context
from actions.menu import home, language_choices, main_menu
from actions.reply import Reply
from content.sentences import _

_SHORT = {
    "goodbye": _("Goodbye. Write again whenever you need something."),
    "thanks": _("You are welcome. I am here when you need something."),
    "affirm": _("All right. What do you need?"),
    "deny": _("All right. What do you need instead?"),
    "out_of_scope": _(
        "I can't help with that. I know about asylum, going home, mines and services "
        "in Bosnia and Herzegovina."
    ),
}


def welcome(ctx: Context) -> Reply:
    """Who runs this, that it is a program, what it can do, that help is free, and privacy."""
    ctx.person.greeted = True
    lines = (
        ctx.say(
            "👋 I am Rahnuma, a computer program, not a person. {operator} runs me.",
            operator=ctx.operator,
        ),
        ctx.say(
            "I answer questions about asylum, going home, mines and services in Bosnia and "
            "Herzegovina. I can't decide about your case. Behind “Talk to a person” is a human."
        ),
        ctx.say("All help is free. Nobody may ask you for money or favours."),
        ctx.say("🔒 We don't ask or keep your name."),
        ctx.say("🔒 Feedback is stored without a person. You can erase your chat with /delete."),
        unclear.told(ctx),
        _channel_line(ctx),
    )
    return ctx.reply("\n".join(filter(None, lines)), *language_choices(), home(ctx))


def languages(ctx: Context) -> Reply:
    """For somebody who writes in a language that is not ours: the ones that are."""
    return ctx.reply(
        ctx.say("I don't know your language well enough. I answer in these:"), *language_choices()
    )


def _channel_line(ctx: Context) -> str:
    if ctx.person.channel == "telegram":
        return ctx.say(
            "🔒 Telegram itself can see that you write here. For secret things use our web page."
        )
    return ctx.say("🔒 On a shared phone, close this page when you are done.")


def small_talk(ctx: Context, intent: str) -> Reply:
    """A short reply to greetings, thanks and the like, always with a way on."""
    if intent == "greet":
        return main_menu(
            ctx, ctx.say("Hello! What do you need? Press a button, or write your question.")
        )
    if intent == "out_of_scope":
        return main_menu(ctx, ctx.say(_SHORT[intent]))
    return ctx.reply(ctx.say(_SHORT[intent]), home(ctx))


def cannot_take(ctx: Context, kind: str) -> Reply:
    """A kind reply to what the bot can't read: pictures, voice, stickers, contacts."""
    text = {
        "photo": _("I can't see pictures or files. Please write, or press a button."),
        "voice": _("I can't hear voice messages. Please write, or press a button."),
        "contact": _("I don't keep contacts. Please write, or press a button."),
    }.get(kind, _("Please write, or press a button."))
    return ctx.reply(ctx.say(text), ctx.choice(_("🆘 Emergency"), "sos"), home(ctx))


def stopped(ctx: Context) -> Reply:
    """After cancelling: nothing was sent."""
    return ctx.reply(ctx.say("Stopped. Nothing was sent."), home(ctx))
