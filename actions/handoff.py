"""Asking for a person: what it means, consent, what it is about, a place in the queue."""

import html
import json

from actions.context import Context
from actions.emergency import numbers
from actions.menu import home
from actions.notices import notice
from actions.reply import Choice, Reply
from content.sentences import _, number
from store.case_tables import CaseMessageRow
from store.cases.messages import add_message, lock_case
from store.cases.moving import close
from store.cases.opening import add_case, open_case_of, place_in_queue
from store.people import keep_address

#: Days for which the address of a waiting person is kept if nobody closes the case before.
KEEP_DAYS = 30
MAX_TEXT = 2000


async def start(ctx: Context, *, danger: bool = False) -> list[Reply]:
    """Explain and ask for consent; a person who waits already is told so."""
    if ctx.session is not None and await open_case_of(ctx.session, ctx.person.pseudonym):
        return [_waiting_already(ctx, danger)]
    ctx.person.flow = {"form": "handoff", "step": "consent", "danger": danger}
    ctx.person.yes, ctx.person.no = "person:yes", "cancel"
    text = ctx.say(
        "A counsellor can write with you here. For that we keep your chat address, encrypted, "
        "until the talk is over, and the counsellor sees what you write. Do you want that?"
    )
    if danger:
        text = f"{numbers(ctx)}\n\n{text}"
    return [
        ctx.reply(
            text,
            ctx.choice(_("✅ Yes, I want that"), "person:yes"),
            ctx.choice(_("✖️ No"), "cancel"),
            home(ctx),
            route="handoff",
        )
    ]


def _waiting_already(ctx: Context, danger: bool) -> Reply:
    text = ctx.say(
        "You are already in the queue. You may write more here: the counsellor will see it."
    )
    ctx.person.flow = {"form": "handoff", "step": "waiting"}
    if danger:
        text = f"{numbers(ctx)}\n\n{text}"
    return ctx.reply(
        text, ctx.choice(_("Leave the queue"), "person:leave"), home(ctx), route="handoff"
    )


async def choose(ctx: Context, value: str) -> list[Reply]:
    """A button of this form: the part of its value after ``person:``."""
    flow = ctx.person.flow
    if value == "danger":
        return await start(ctx, danger=True)
    if value == "leave":
        return [await _leave(ctx)]
    if flow.get("form") != "handoff":
        return await start(ctx)
    if value == "yes" and flow.get("step") == "consent":
        flow["step"] = "topic"
        ctx.person.yes = ctx.person.no = None
        return [
            ctx.reply(
                ctx.say("What is it about? Write one or two sentences, or press “Skip”."),
                ctx.choice(_("Skip"), "person:skip"),
                _cancel(ctx),
                route="handoff",
            )
        ]
    if value == "skip" and flow.get("step") == "topic":
        return [await _queue(ctx, "")]
    return await start(ctx)


def _cancel(ctx: Context) -> Choice:
    return ctx.choice(_("✖️ Cancel"), "cancel")


async def write(ctx: Context, text: str) -> list[Reply]:
    """Free text while this form is open."""
    return [await _queue(ctx, text[:MAX_TEXT])]


async def add_while_waiting(ctx: Context, text: str) -> Reply | None:
    """Add what a waiting person writes to their case; None if they don't wait (any more)."""
    if ctx.session is None or ctx.person.flow.get("step") != "waiting":
        return None
    case = await open_case_of(ctx.session, ctx.person.pseudonym)
    if case is None or await lock_case(ctx.session, case.id) is None:
        ctx.person.flow = {}
        return None
    await add_message(ctx.session, ctx.keys, case, text[:MAX_TEXT], from_person=True)
    return ctx.reply(
        ctx.say("The counsellor will see this."),
        ctx.choice(_("Leave the queue"), "person:leave"),
        home(ctx),
        route="handoff",
    )


async def _queue(ctx: Context, text: str) -> Reply:
    person = ctx.person
    case = await open_case_of(ctx.storage, person.pseudonym)
    if case is None:
        case = await add_case(
            ctx.storage,
            ctx.keys,
            pseudonym=person.pseudonym,
            channel=person.channel,
            language=person.language,
            centre=person.centre,
            danger=bool(person.flow.get("danger")),
            text=text,
        )
        if ctx.address:
            await keep_address(ctx.storage, ctx.keys, person, ctx.address, KEEP_DAYS)
    place = await place_in_queue(ctx.storage, case)
    person.flow = {"form": "handoff", "step": "waiting"}
    return ctx.reply(
        ctx.say(
            "You are in the queue, at place {place}. A counsellor will write to you here. "
            "We don't know how long it takes; it can be a day or more. "
            "What you write now is added for the counsellor.",
            place=number(person.language, place),
        )
        + "\n\n"
        + ctx.say("If it is urgent, don't wait:")
        + "\n"
        + numbers(ctx),
        ctx.choice(_("Leave the queue"), "person:leave"),
        home(ctx),
        route="handoff",
    )


async def _leave(ctx: Context) -> Reply:
    case = await open_case_of(ctx.storage, ctx.person.pseudonym)
    if case:
        await close(ctx.storage, ctx.keys, case.id, None, "left")
    ctx.person.flow = {}
    return ctx.reply(ctx.say("You left the queue. You can ask again at any time."), home(ctx))


def to_person(ctx: Context, row: CaseMessageRow) -> Reply:
    """What waits for a person: a counsellor's words, or a notice. Raises CannotDecrypt."""
    text = ctx.keys.cases.open(row.body)
    return notice(ctx, json.loads(text)) if row.kind == "notice" else from_counsellor(ctx, text)


def from_counsellor(ctx: Context, text: str) -> Reply:
    """What a counsellor wrote, marked as a human's words."""
    mark = ctx.say("🧑 A counsellor writes:")
    return ctx.reply(f"<b>{mark}</b>\n{html.escape(text, quote=False)}", route="handoff")
