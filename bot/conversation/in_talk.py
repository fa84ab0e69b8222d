"""What comes in while a case is open: for the counsellor, and of danger also for the program."""

from actions import emergency, talk, welcome
from actions.context import Context
from actions.menu import home
from actions.reply import Reply
from bot.conversation.incoming import Incoming
from bot.conversation.nlu_client import Parse
from bot.conversation.requests import decide_message


def not_done(ctx: Context) -> Reply:
    """Nothing was kept or done: said honestly, with the numbers that answer."""
    return ctx.reply(
        ctx.say("I can't save anything at the moment. Please try again in some minutes.")
        + "\n\n"
        + ctx.say("If it is urgent, don't wait:")
        + "\n"
        + emergency.numbers(ctx),
        home(ctx),
    )


async def edited(ctx: Context, text: str, parse: Parse | None) -> list[Reply]:
    """An edited message was answered already; a danger in it gets an answer again.

    While a case is open the counsellor sees the new words too.
    """
    decision = decide_message(parse, text).decision
    await talk.write_edit(ctx, text)
    if decision.kind != "danger":
        return []
    await talk.mark_danger(ctx)
    return [emergency.emergency(ctx, decision.intent)]


async def file(ctx: Context, incoming: Incoming, parse: Parse | None) -> list[Reply]:
    """A file for the counsellor, or why it was not taken; its caption is read for danger."""
    text = incoming.text.strip()
    if ctx.session is None:
        return [not_done(ctx)]
    if incoming.attachment is not None:
        replies = await talk.attach(ctx, incoming.attachment, text)
    if ctx.case is None:
        replies = [welcome.cannot_take(ctx, "photo")]
    elif incoming.attachment is None:
        replies = [talk.refused(ctx, incoming.refused or "lost")]
        if text:
            await talk.write(ctx, text)
    if text and (found := await _danger_in_talk(ctx, text, parse)):
        return [*found, *replies]
    if talk.has_counsellor(ctx) and (away := await talk.away(ctx)):
        replies.append(away)
    return replies


async def _danger_in_talk(ctx: Context, text: str, parse: Parse | None) -> list[Reply]:
    """What a danger in words to a counsellor needs beside the counsellor."""
    decision = decide_message(parse, text).decision
    if decision.kind == "danger":
        await talk.mark_danger(ctx)
        return [emergency.emergency(ctx, decision.intent)]
    return [emergency.question(ctx, decision.suspected)] if decision.suspected else []


async def to_counsellor(ctx: Context, text: str, parse: Parse | None) -> list[Reply] | None:
    """What is written in a talk goes to the counsellor; the program speaks only of danger, or to
    say that nobody reads it now. None: the talk was closed in this moment."""
    await talk.write(ctx, text)
    if not talk.has_counsellor(ctx):
        # it went back to the queue, or was closed, in this moment
        return None if ctx.case is None else [await talk.noted(ctx)]
    replies = await _danger_in_talk(ctx, text, parse)
    away = await talk.away(ctx)
    return [*replies, away] if away else replies
