"""Danger: what to do now, then numbers, then a person. Works from memory alone."""

from actions.answer import page
from actions.context import Context
from actions.menu import DANGERS, EMERGENCY, home
from actions.reply import Choice, Reply
from content.intents import intents
from content.sentences import _

NOW = _("🆘 In danger now?")
_PERSON_NOW = _("🧑 Reach a person now")
_REPORT = _("📝 Tell it confidentially")


def emergency(ctx: Context, intent: str) -> Reply:
    """The page of a danger, in one message, with the way to a person and, where fit, to a report.

    Drafts are shown here even with CONTENT=reviewed: in danger an unchecked text with its mark is
    better than none.
    """
    choices = [ctx.choice(_PERSON_NOW, "person:danger")]
    if intents()[intent].route == "report":
        choices.insert(0, ctx.choice(_REPORT, f"rep:{intent}"))
    choices += ctx.voices.offer(ctx.library, intent, ctx.person.language)
    choices += [ctx.choice(_("🆘 Another danger"), "sos"), home(ctx)]
    reply = page(ctx, intent, *choices, always=True, danger="sure")
    return reply or danger_menu(ctx)


def numbers(ctx: Context) -> str:
    """The emergency numbers as lines of light HTML."""
    find = ctx.library.directory.number
    return "\n".join(
        (
            ctx.say("🚑 Ambulance: {number}", number=find("ambulance")),
            ctx.say("👮 Police: {number}", number=find("police")),
            ctx.say(
                "⛑ Civil protection (mines, floods): {number}", number=find("civil_protection")
            ),
            ctx.say("🚒 Fire: {number}", number=find("fire")),
        )
    )


def danger_menu(ctx: Context, first: str | None = None) -> Reply:
    """Numbers at once, then a button for each danger; ``first`` puts one danger on top."""
    order = sorted(DANGERS, key=lambda intent: intent != first)
    kinds = [Choice(ctx.library.title(i, ctx.person.language), f"ask:{i}") for i in order]
    return ctx.reply(
        f"<b>{ctx.label(EMERGENCY)}</b>\n\n{numbers(ctx)}\n\n" + ctx.say("What is happening?"),
        *kinds,
        ctx.choice(_PERSON_NOW, "person:danger"),
        home(ctx),
        route="emergency",
        danger="sure",
    )


def question(ctx: Context, intent: str | None) -> Reply:
    """The line of ``suspect`` as a message of its own, where nothing else is said."""
    value = f"sos:{intent}" if intent else "sos"
    line = ctx.say("If you are in danger now, press the first button.")
    return ctx.reply(f"🤖 {line}", ctx.choice(NOW, value), route="handoff", danger="suspected")


def suspect(ctx: Context, replies: list[Reply], intent: str | None) -> list[Reply]:
    """Add to the last reply one line and a button for the case that the person is in danger."""
    last = replies[-1]
    last.html += "\n\n" + ctx.say("If you are in danger now, press the first button.")
    last.choices.insert(0, ctx.choice(NOW, f"sos:{intent}" if intent else "sos"))
    for reply in replies:
        reply.danger = "suspected"
    return replies
