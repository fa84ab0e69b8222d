"""What changed because of what people said, published by AAP officers ("you said, we did")."""

from actions.context import Context
from actions.menu import home
from actions.reply import Choice, Reply
from content.languages import DEFAULT_LANGUAGE
from content.sentences import _, month
from content.translated import language_shown, light_html
from store.changes import published_changes
from store.tables import ChangeRow

#: Entries in one message: what fits on a phone without much scrolling.
PAGE = 4
#: Pages that can be asked for: a value of a button is what anybody may send.
MOST_PAGES = 1000

_BUTTON = _("📣 You said, we did")
_FEEDBACK = _("💬 Feedback")


def button(ctx: Context) -> Choice:
    """The button that leads to the newest entries."""
    return ctx.choice(_BUTTON, "chg")


async def show(ctx: Context, page: str = "") -> list[Reply]:
    """A page of entries, by its number from 0 as a button has it; nearest and newest first."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0
    if ctx.session is None:
        text = ctx.say("I can't open this at the moment. Please try again in some minutes.")
        return [ctx.reply(text, home(ctx), route="feedback")]
    number = min(number, MOST_PAGES)
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
    entries = (entry(ctx, row) for row in rows)
    return [ctx.reply("\n\n".join((title, *entries)), *choices, route="feedback")]


def entry(ctx: Context, row: ChangeRow) -> str:
    """One entry as light HTML in the person's language; its texts in English where it is not."""
    language = ctx.person.language
    written = language_shown(language, row.said, row.did)
    centre = ctx.library.directory.centres.get(row.centre or "")
    head = month(language, row.month)
    if centre:
        head += f" · {centre.called(language)}"
    outcome = _("✅ What we did: {text}") if row.done else _("✖️ Not done, because: {text}")
    lines = [f"<b>{light_html(head, language, language)}</b>"]
    if written != language:
        in_english = ctx.say("In English; not yet translated.")
        lines.append(f"<i>{in_english}</i>")
    for sentence, texts in ((_("🗣 You said: {text}"), row.said), (outcome, row.did)):
        text = light_html(texts.get(written) or texts[DEFAULT_LANGUAGE], written, language)
        lines.append(ctx.label(sentence).replace("{text}", text))
    return "\n".join(lines)
