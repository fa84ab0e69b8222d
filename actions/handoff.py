"""Asking for a person: what it means, consent, a few questions, a place in the queue.

Each question can be skipped by one tap; in danger none is asked. The draft waits encrypted in the
person's ``flow`` until the case is opened or the form is left.
"""

import html

from actions.context import Context
from actions.emergency import numbers
from actions.menu import GROUPS, home
from actions.reply import Choice, Reply
from actions.talk import already, begin_again, choose_in_talk, queued
from actions.waiting import count_no_hours, outlook
from content.languages import LANGUAGES
from content.sentences import _
from store.cases.moving import ADDRESS_DAYS, can_reopen
from store.cases.opening import add_case, last_closed_of, open_case_of
from store.people import keep_address

#: Characters: what it is about, and what to call somebody.
MAX_TEXT, MAX_NAME = 2000, 40
#: What a case can be about, as buttons; "other" is what none of them fits.
TOPICS = {
    "asylum": GROUPS["asylum"][0],
    "avrr": GROUPS["avrr"][0],
    "services": _("🏕 Services and centres"),
    "health": GROUPS["health"][0],
    "family": GROUPS["family"][0],
    "protection": _("🛡 My safety"),
}

_SKIP = _("Skip")
_YES, _NO = _("✅ Yes, I want that"), _("✖️ No")
_CONTINUE_TALK = _("↩️ Continue the talk")


async def start(ctx: Context, *, danger: bool = False) -> list[Reply]:
    """Explain and ask for consent; whoever has an open case is told how it stands.

    After a talk that was closed in the last 72 hours it can be continued instead, but in danger
    nothing is asked first.
    """
    if ctx.case is not None:
        return [await already(ctx, danger)]
    if ctx.session is not None and not danger:
        last = await last_closed_of(ctx.session, ctx.person.pseudonym)
        if last is not None and can_reopen(last):
            return [_continue_or_new(ctx)]
    return [await _ask_consent(ctx, danger)]


def _continue_or_new(ctx: Context) -> Reply:
    ctx.person.yes = "person:reopen"
    return ctx.reply(
        ctx.say("You talked with a counsellor not long ago. Do you want to continue that talk?"),
        ctx.choice(_CONTINUE_TALK, "person:reopen"),
        ctx.choice(_("🆕 Something new"), "person:new"),
        home(ctx),
        route="handoff",
    )


async def _ask_consent(ctx: Context, danger: bool) -> Reply:
    ctx.person.flow = {"form": "handoff", "step": "consent", "danger": danger}
    ctx.person.yes, ctx.person.no = "person:yes", "cancel"
    parts = [
        ctx.say(
            "A counsellor can write with you here. For that we keep your chat address, encrypted, "
            "until 3 days after the talk, and the counsellor sees what you write. Do you want that?"
        ),
        await outlook(ctx, [ctx.person.language]),
    ]
    if danger:
        parts.insert(0, numbers(ctx))
    return ctx.reply("\n\n".join(parts), *_consent(ctx), home(ctx), route="handoff")


def _consent(ctx: Context) -> tuple[Choice, Choice]:
    return ctx.choice(_YES, "person:yes"), ctx.choice(_NO, "cancel")


async def ask_again(ctx: Context) -> list[Reply]:
    """After an answer to something else: the question whether they still want a counsellor."""
    if ctx.person.flow.get("form") != "handoff" or ctx.person.flow.get("step") != "consent":
        return []
    ctx.person.yes, ctx.person.no = "person:yes", "cancel"
    return [
        ctx.reply(
            ctx.say("Do you still want to talk to a counsellor?"), *_consent(ctx), route="handoff"
        )
    ]


async def choose(ctx: Context, value: str) -> list[Reply]:
    """A button of this form, or of the talk: the part of its value after ``person:``."""
    head, _sep, rest = value.partition(":")
    if head == "danger":
        return await start(ctx, danger=True)
    in_talk = await choose_in_talk(ctx, head, rest)
    if in_talk is not None:
        return in_talk
    if head == "reopen":
        again = await begin_again(ctx)
        return again or [await _ask_consent(ctx, False)]
    if ctx.case is not None:
        return [await already(ctx, False)]
    if head == "new":
        return [await _ask_consent(ctx, False)]
    flow = ctx.person.flow
    step = flow.get("step")
    if flow.get("form") != "handoff" or (step == "consent") != (head == "yes"):
        return await start(ctx)
    if head == "yes":
        return [await _queue(ctx) if flow.get("danger") else _ask_topic(ctx)]
    if head == "skip":
        return [await _queue(ctx)]
    if head == "topic" and (rest in TOPICS or rest == "other"):
        flow["topic"] = rest
        return [_ask_languages(ctx)]
    if head == "lang":
        return [_languages(ctx, rest)]
    if head == "noname":
        flow.pop("name", None)
        return [await _ask_to_share(ctx)]
    if head == "share" and step == "share":
        flow["share"] = rest == "y"
        return [await _queue(ctx)]
    return await start(ctx)


async def write(ctx: Context, text: str) -> list[Reply] | None:
    """Free text while this form is open; None if it answers no question of it."""
    flow = ctx.person.flow
    step = flow.get("step")
    if step == "consent":
        return None
    if step == "name":
        flow["name"] = " ".join(text.split())[:MAX_NAME]
        return [await _ask_to_share(ctx)]
    # at the other steps they go on telling what it is about
    flow["text"] = "\n".join(filter(None, (flow.get("text"), text)))[:MAX_TEXT]
    if step == "topic":
        return [_ask_languages(ctx)]
    return [_ask_languages(ctx) if step == "languages" else await _ask_to_share(ctx)]


def _cancel(ctx: Context) -> Choice:
    return ctx.choice(_("✖️ Cancel"), "cancel")


def _ask_topic(ctx: Context) -> Reply:
    ctx.person.flow["step"] = "topic"
    return ctx.reply(
        ctx.say("What is it about? Press a button, or write one or two sentences."),
        *(ctx.choice(label, f"person:topic:{topic}") for topic, label in TOPICS.items()),
        ctx.choice(_("Something else"), "person:topic:other"),
        ctx.choice(_("⏩ No questions, just the queue"), "person:skip"),
        _cancel(ctx),
        route="handoff",
    )


def _ask_languages(ctx: Context, *, again: bool = False) -> Reply:
    flow = ctx.person.flow
    flow["step"] = "languages"
    chosen = flow.setdefault("languages", [ctx.person.language])
    boxes = [
        Choice(f"{'☑️' if code in chosen else '⬜️'} {language.own_name}", f"person:lang:{code}")
        for code, language in LANGUAGES.items()
    ]
    return ctx.reply(
        ctx.say("In which languages can you talk? You can choose several."),
        *boxes,
        ctx.choice(_("✅ Continue"), "person:lang:ok"),
        _cancel(ctx),
        route="handoff",
        navigates=again,
    )


def _languages(ctx: Context, value: str) -> Reply:
    flow = ctx.person.flow
    chosen = flow.setdefault("languages", [ctx.person.language])
    if value == "ok":
        return _ask_name(ctx)
    if value in chosen and len(chosen) > 1:
        chosen.remove(value)
    elif value in LANGUAGES and value not in chosen:
        chosen.append(value)
    return _ask_languages(ctx, again=True)


def _ask_name(ctx: Context) -> Reply:
    ctx.person.flow["step"] = "name"
    return ctx.reply(
        ctx.say("What should the counsellor call you? It can be any name. You don't have to say."),
        ctx.choice(_SKIP, "person:noname"),
        _cancel(ctx),
        route="handoff",
    )


async def _ask_to_share(ctx: Context) -> Reply:
    if not ctx.recent:
        return await _queue(ctx)
    ctx.person.flow["step"] = "share"
    ctx.person.yes, ctx.person.no = "person:share:y", "person:share:n"
    lines = [ctx.say("Shall the counsellor also see what you wrote to me just now?"), ""]
    lines += [f"• {html.escape(text, quote=False)}" for text in ctx.recent]
    return ctx.reply(
        "\n".join(lines),
        ctx.choice(_("✅ Yes, show it"), "person:share:y"),
        ctx.choice(_NO, "person:share:n"),
        _cancel(ctx),
        route="handoff",
    )


async def _queue(ctx: Context) -> Reply:
    person, flow = ctx.person, ctx.person.flow
    case = await open_case_of(ctx.storage, person.pseudonym)
    if case is None:
        topic = flow.get("topic")
        case = await add_case(
            ctx.storage,
            ctx.keys,
            pseudonym=person.pseudonym,
            channel=person.channel,
            language=person.language,
            languages=flow.get("languages") or [person.language],
            centre=person.centre,
            danger=bool(flow.get("danger")),
            topic=topic if topic in TOPICS else None,
            text=flow.get("text", ""),
            name=flow.get("name"),
            shared=ctx.recent if flow.get("share") else (),
        )
        await count_no_hours(ctx, case)
        if ctx.address:
            await keep_address(ctx.storage, ctx.keys, person, ctx.address, ADDRESS_DAYS)
    person.flow, person.yes, person.no = {}, None, None
    ctx.case = case
    return await queued(ctx, case)
