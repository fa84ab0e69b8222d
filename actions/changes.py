"""What changed because of what people said, published by AAP officers ("you said, we did")."""

from actions import entries
from actions.context import Context
from actions.menu import home
from actions.reply import Choice, Reply
from content.sentences import _, month
from store.changes import published_changes
from store.tables import ChangeRow

#: Entries in one message: what fits on a phone without much scrolling.
PAGE = 4

_BUTTON = _("📣 You said, we did")
_FEEDBACK = _("💬 Feedback")


def button(ctx: Context) -> Choice:
    """The button that leads to the newest entries."""
    return ctx.choice(_BUTTON, "chg")


async def show(ctx: Context, page: str = "") -> list[Reply]:
    """A page of entries, by its number from 0 as a button has it; nearest and newest first."""
    number = entries.page_number(page)
    if ctx.session is None:
        text = ctx.say("I can't open this at the moment. Please try again in some minutes.")
        return [ctx.reply(text, home(ctx), route="feedback")]
    rows, more = await published_changes(ctx.session, ctx.person.centre, number, PAGE)
    if not rows and number:
        return await show(ctx)
    choices = [ctx.choice(_("More"), f"chg:{number + 1}")] if more else []
    choices += [ctx.choice(_FEEDBACK, "fb"), home(ctx)]
    if not rows:
        text = ctx.say(
            "Nothing is written here yet. When something changes because of what people told us, "
            "you can read it here; also when it could not be done, and why."
        )
        return [ctx.reply(text, *choices, route="feedback")]
    title = f"<b>{ctx.label(_BUTTON)}</b>"
    written = (entry(ctx, row) for row in rows)
    return [ctx.reply("\n\n".join((title, *written)), *choices, route="feedback")]


def entry(ctx: Context, row: ChangeRow) -> str:
    """One entry as light HTML in the person's language; its texts in English where it is not."""
    outcome = _("✅ What we did: {text}") if row.done else _("✖️ Not done, because: {text}")
    parts = ((_("🗣 You said: {text}"), row.said), (outcome, row.did))
    return "\n".join(entries.entry(ctx, month(ctx.person.language, row.month), row.centre, parts))
