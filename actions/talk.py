"""A person's talk with a counsellor, from the queue until after its end.

While a counsellor has the case, the program is silent: what is written goes to them.
"""

import datetime as dt
import html
import json

from actions.context import Context, StorageDown
from actions.emergency import numbers
from actions.files import Attachment
from actions.menu import home
from actions.notices import FACES, notice
from actions.reply import Choice, Reply
from actions.waiting import outlook
from content.markup import isolate
from content.script import written_in
from content.sentences import _, number
from store.case_tables import CaseMessageRow, CaseRow
from store.cases.files import add_file, size_of_files
from store.cases.messages import add_event, add_message, lock_case
from store.cases.moving import ADDRESS_DAYS, CaseMoved, close, rate, reopen
from store.cases.opening import last_closed_of, place_in_queue
from store.people import keep_address
from store.presence import is_there
from store.tables import now

#: Characters of one message; a channel takes no longer ones.
MAX_TEXT = 4096
#: Bytes of all files of a case.
MOST_BYTES = 40 * 1024 * 1024
#: That the counsellor is not there is told once in so long.
TELL_AWAY = dt.timedelta(minutes=30)


def has_counsellor(ctx: Context) -> bool:
    """Whether a counsellor has the person's case: then the program is silent."""
    return ctx.case is not None and ctx.case.status == "taken"


async def _locked(ctx: Context) -> CaseRow | None:
    """The person's open case, held until the end of the transaction; None if it is closed."""
    if ctx.case is None:
        return None
    case = await lock_case(ctx.storage, ctx.case.id)
    ctx.case = case if case is not None and case.status != "closed" else None
    return ctx.case


async def write(ctx: Context, text: str) -> bool:
    """Add what a person writes to their open case; False if none is open (any more)."""
    case = await _locked(ctx)
    if case is None:
        return False
    await add_message(ctx.storage, ctx.keys, case, text[:MAX_TEXT], from_person=True)
    await _keep_address(ctx)
    return True


async def _keep_address(ctx: Context) -> None:
    """They can be reached where they write from, also if they could not for a while."""
    if ctx.address:
        await keep_address(ctx.storage, ctx.keys, ctx.person, ctx.address, ADDRESS_DAYS)


async def write_edit(ctx: Context, text: str) -> bool:
    """Add the new words of a message that the person changed; False if no case is open."""
    return await write(ctx, f"(edited) {text}")


async def mark_danger(ctx: Context) -> None:
    """The person wrote of danger: their open case comes before others, and the staff sees why."""
    case = await _locked(ctx)
    if case is None:
        return
    case.danger = True
    await add_event(ctx.storage, ctx.keys, case, "danger")


async def attach(ctx: Context, attachment: Attachment, caption: str) -> list[Reply] | None:
    """Add a photo, voice note or document to the open case; None if none is open."""
    case = await _locked(ctx)
    if case is None:
        return None
    size = await size_of_files(ctx.storage, case.id)
    if size + len(attachment.data) > MOST_BYTES:
        if caption:
            await write(ctx, caption)
        return [ctx.reply(ctx.say("No more files fit into this talk. Please write."), home(ctx))]
    message = await add_message(
        ctx.storage,
        ctx.keys,
        case,
        caption[:MAX_TEXT],
        from_person=True,
        kind=attachment.kind,
    )
    await add_file(ctx.storage, ctx.keys, case, message, attachment.media_type, attachment.data)
    await _keep_address(ctx)
    return [] if has_counsellor(ctx) else [await noted(ctx)]


def refused(ctx: Context, why: str) -> Reply:
    """Why a file was not taken: ``size``, ``type``, or ``lost`` on its way."""
    text = {
        "size": _("This file is too big. At most 8 MB can be sent."),
        "type": _("I can pass on photos, voice messages and PDF files, but not this."),
    }.get(why, _("The file did not arrive. Please send it again."))
    return ctx.reply(ctx.say(text), home(ctx), route="handoff")


def _leave_choice(ctx: Context) -> Choice:
    if has_counsellor(ctx):
        return ctx.choice(_("End the talk"), "person:leave")
    return ctx.choice(_("Leave the queue"), "person:leave")


async def _place(ctx: Context) -> str:
    place = await place_in_queue(ctx.storage, ctx.case)
    return number(ctx.person.language, place)


async def noted(ctx: Context) -> Reply:
    """While they wait: what they wrote is kept for the counsellor, and how many are before them."""
    return ctx.reply(
        ctx.say("The counsellor will see this.")
        + "\n"
        + ctx.say("Your place in the queue: {place}", place=await _place(ctx)),
        _leave_choice(ctx),
        home(ctx),
        route="handoff",
    )


async def queued(ctx: Context, case: CaseRow) -> Reply:
    """They are in the queue: their place, how long it may take, what happens next, the numbers."""
    parts = (
        ctx.say("You are in the queue, at place {place}.", place=await _place(ctx)),
        await outlook(ctx, case.languages),
        ctx.say(
            "We write to you here when it is your turn. "
            "What you write now is added for the counsellor."
        )
        + ("" if ctx.person.channel == "telegram" else "\n" + _keep_page(ctx)),
        ctx.say("If it is urgent, don't wait:") + "\n" + numbers(ctx),
    )
    return ctx.reply(
        "\n\n".join(parts),
        ctx.choice(_("🔢 My place"), "person:place"),
        _leave_choice(ctx),
        home(ctx),
        route="handoff",
    )


def _keep_page(ctx: Context) -> str:
    return ctx.say("Keep this page open: in another window the talk can't be found again.")


async def already(ctx: Context, danger: bool) -> Reply:
    """For somebody with an open case who asks for a person again."""
    if danger:
        await mark_danger(ctx)
    if has_counsellor(ctx):
        lines = [ctx.say("You are already in a talk with a counsellor. Just write here.")]
        choices = []
    else:
        lines = [
            ctx.say(
                "You are already in the queue. You may write more here: the counsellor will see it."
            ),
            ctx.say("Your place in the queue: {place}", place=await _place(ctx)),
        ]
        choices = [ctx.choice(_("🔢 My place"), "person:place")]
    text = "\n".join(lines)
    if danger:
        text = f"{numbers(ctx)}\n\n{text}"
    return ctx.reply(text, *choices, _leave_choice(ctx), home(ctx), route="handoff")


async def away(ctx: Context) -> Reply | None:
    """That the counsellor isn't there right now, at most once in half an hour; None if they are."""
    case = ctx.case
    if case is None or case.assigned_to is None or await is_there(ctx.storage, case.assigned_to):
        return None
    told = ctx.person.told_away
    if told and now() - dt.datetime.fromisoformat(told) < TELL_AWAY:
        return None
    ctx.person.told_away = now().isoformat()
    return ctx.reply(
        ctx.say(
            "🤖 The counsellor is not here right now. Your message is kept, and they will see it."
        )
        + "\n\n"
        + ctx.say("If it is urgent, don't wait:")
        + "\n"
        + numbers(ctx),
        route="handoff",
    )


async def choose_in_talk(ctx: Context, head: str, rest: str) -> list[Reply] | None:
    """A button of a talk that is open or over; None if it is none of these."""
    if head == "leave":
        return [await leave(ctx)]
    if head == "rate":
        return [await _rate(ctx, rest)]
    if head == "place" and ctx.case is not None:
        if has_counsellor(ctx):
            return [await already(ctx, False)]
        return [await queued(ctx, ctx.case)]
    return None


async def leave(ctx: Context) -> Reply:
    """The person ends the talk, or leaves the queue; for 72 hours they can come back."""
    case = await _locked(ctx)
    if case is None:
        if ctx.session is None:
            raise StorageDown
        return ctx.reply(ctx.say("There is no open talk. You can ask at any time."), home(ctx))
    had_counsellor = case.status == "taken"
    await close(ctx.storage, ctx.keys, case.id, None, "left")
    ctx.case, ctx.person.flow = None, {}
    line = (
        ctx.say("You ended the talk. 🤖 I, the program, answer again.")
        if had_counsellor
        else ctx.say("You left the queue. You can ask again at any time.")
    )
    more = ctx.say("You can continue it within three days.")
    return ctx.reply(
        f"{line}\n{more}",
        ctx.choice(_("↩️ Continue the talk"), "person:reopen"),
        home(ctx),
        route="handoff",
    )


async def begin_again(ctx: Context) -> list[Reply] | None:
    """Continue the talk that was closed last; None if that is longer than 72 hours ago."""
    if ctx.case is not None:
        return [await already(ctx, False)]
    last = await last_closed_of(ctx.storage, ctx.person.pseudonym)
    if last is None:
        return None
    try:
        case = await reopen(ctx.storage, ctx.keys, last.id, None)
    except CaseMoved:
        return None
    ctx.case, ctx.person.flow = case, {}
    await _keep_address(ctx)
    return [await queued(ctx, case)]


async def _rate(ctx: Context, rest: str) -> Reply:
    case_id, _sep, stars = rest.partition(":")
    valid = stars in [str(n) for n in range(1, len(FACES) + 1)]
    if not valid or not await rate(ctx.storage, case_id, ctx.person.pseudonym, int(stars)):
        return ctx.reply(ctx.say("This button is no longer valid."), home(ctx))
    return ctx.reply(
        ctx.say("Thank you. Your rating: {face}", face=FACES[int(stars) - 1])
        + "\n"
        + ctx.say("You can change it by pressing another one above."),
        home(ctx),
    )


def to_person(ctx: Context, row: CaseMessageRow, topic: str | None = None) -> Reply:
    """What waits for a person: a counsellor's words, or a notice. Raises CannotDecrypt.

    ``topic`` is the case's: where it is about safety, the first words, which a locked phone may
    show, don't say that a counsellor writes.
    """
    text = ctx.keys.cases.open(row.body)
    reply = notice(ctx, json.loads(text)) if row.kind == "notice" else from_counsellor(ctx, text)
    if topic == "protection":
        reply.html = "\n\n".join((ctx.say("💬 New message"), reply.html))
    return reply


def from_counsellor(ctx: Context, text: str) -> Reply:
    """What a counsellor wrote, marked as a human's words; numbers in it read in their own order."""
    mark = ctx.say("🧑 A counsellor writes:")
    language = written_in(text, [ctx.person.language]) or ctx.person.language
    words = isolate(html.escape(text, quote=False), language)
    return ctx.reply(f"<b>{mark}</b>\n{words}", route="handoff")
