"""Pictures after an answer, and the low-data setting that leaves them out.

Nothing here changes an answer's text: it is whole without the pictures.
"""

import structlog

from actions.context import Context
from actions.menu import PERSON, home, low_data_choice, main_menu
from actions.reply import Choice, Media, Reply
from content.intents import danger_intents, intents
from content.markup import isolate, to_html
from content.pictures import shown_with
from content.sentences import _

log = structlog.get_logger()
SHOW = _("🖼 Show picture")


def _media(ctx: Context, intent: str, language: str) -> list[Media]:
    shown = shown_with(intent, language, ctx.library.directory)
    return [Media(picture.media_id, "picture", alt, picture.size) for picture, alt in shown]


def add(ctx: Context, reply: Reply, intent: str) -> None:
    """Let the pictures of an answer follow its text; with low data a button offers them."""
    try:
        media = _media(ctx, intent, reply.language)
    except Exception:  # noqa: BLE001 - in danger the text must come, whatever is wrong with a picture
        log.exception("pictures.failed", intent=intent)
        return
    if not media:
        return
    if not ctx.person.low_data:
        reply.media = media
        return
    # in danger the way to a person stays first
    at = 1 if reply.danger else 0
    reply.choices.insert(at, ctx.choice(SHOW, f"pic:{intent}"))


async def show(ctx: Context, intent: str) -> list[Reply]:
    """The pictures of an answer that a person asked for, with the way back to its text."""
    media = _media(ctx, intent, ctx.person.language) if intent in intents() else []
    if not media:
        return [main_menu(ctx, ctx.say("There is no picture now."))]
    title = ctx.library.title(intent, ctx.person.language)
    reply = ctx.reply(
        f"🖼 <b>{isolate(to_html(title), ctx.person.language)}</b>",
        Choice(title, f"ask:{intent}"),
        home(ctx),
        media=media,
    )
    if intent in danger_intents():
        reply.route, reply.danger = "emergency", "sure"
        reply.choices.insert(0, ctx.choice(PERSON, "person:danger"))
    return [reply]


async def set_low_data(ctx: Context, wish: str) -> list[Reply]:
    """Leave pictures out (``on``) or send them again (``off``); without a wish, the other way."""
    ctx.person.low_data = wish == "on" if wish in ("on", "off") else not ctx.person.low_data
    text = (
        ctx.say("📉 Low data is on: no pictures. Where there is one, a button shows it.")
        if ctx.person.low_data
        else ctx.say("🖼 Pictures are on again.")
    )
    return [ctx.reply(text, low_data_choice(ctx), home(ctx))]
