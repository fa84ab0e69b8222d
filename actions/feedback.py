"""Anonymous feedback: type, area, text, a look at it, send; and its answer by code.

The steps are kept in the person's ``flow`` until the item is sent or cancelled; the stored item
has no link to the person. Types follow the IFRC feedback kit's frame.
"""

import html
import secrets

from actions import changes
from actions.context import Context
from actions.menu import BACK, home
from actions.redaction import redact
from actions.reply import Choice, Reply
from content.coding import frame, suggest
from content.sentences import _
from nlu.entities import codes
from nlu.normalise import western_digits
from store.feedback import add_feedback, feedback_by_code
from store.inbox import wrote_back
from store.tables import FeedbackRow

TYPES = {
    "complaint": _("😟 Complaint"),
    "suggestion": _("💡 Suggestion"),
    "praise": _("🙏 Praise"),
    "question": _("❓ Question"),
    "rumour": _("👂 Something I heard"),
}
AREAS = {
    "food": _("Food"),
    "shelter": _("Sleeping place"),
    "hygiene": _("Showers, toilets, laundry"),
    "items": _("Clothes and other items"),
    "health": _("Health"),
    "staff": _("Staff behaviour"),
    "safety": _("Safety"),
    "information": _("Information"),
    "asylum": _("Asylum"),
    "return": _("Voluntary return"),
    "children": _("Children and school"),
    "other": _("Something else"),
}
STATUSES = {
    "new": _("It was received. Nobody has read it yet."),
    "acknowledged": _("It was read."),
    "in_progress": _("Somebody is working on it."),
    "answered": _("There is an answer:"),
    "closed": _("It is closed."),
}
MAX_TEXT = 3000
CODE_DIGITS = 9


def start(ctx: Context) -> list[Reply]:
    """Ask what kind of feedback it is."""
    ctx.person.flow = {"form": "feedback", "step": "type"}
    return [
        ctx.reply(
            ctx.say(
                "Your feedback is anonymous: we don't keep who you are. What would you like to say?"
            ),
            *(ctx.choice(label, f"fb:type:{key}") for key, label in TYPES.items()),
            ctx.choice(_("🔑 I have a code"), "fb:code"),
            changes.button(ctx),
            home(ctx),
            route="feedback",
        )
    ]


def start_with(ctx: Context, kind: str, text: str = "") -> list[Reply]:
    """Start with the kind known and, where the person already said it, the text."""
    ctx.person.flow = {"form": "feedback", "step": "area", "type": kind}
    if text:
        ctx.person.flow["text"] = redact(text[:MAX_TEXT])
        _note_understood(ctx)
    first = {
        "complaint": _("I am sorry about that. We can pass it on, without your name."),
        "praise": _("That is good to hear. We can pass it on, without your name."),
    }.get(kind, _("Good. We can pass it on, without your name."))
    return [_ask_area(ctx, ctx.say(first))]


def _note_understood(ctx: Context) -> None:
    """Keep what the model saw in the text until it is sent: it suggests a code."""
    flow = ctx.person.flow
    flow["understood"] = list(dict.fromkeys([*flow.get("understood", ()), *ctx.understood]))


def _ask_area(ctx: Context, first: str = "") -> Reply:
    lines = [line for line in (first, ctx.say("What is it about?")) if line]
    return ctx.reply("\n".join(lines), *_areas(ctx), route="feedback")


def _areas(ctx: Context) -> list[Choice]:
    areas = [ctx.choice(label, f"fb:area:{key}") for key, label in AREAS.items()]
    return [*areas, _cancel(ctx)]


def _cancel(ctx: Context) -> Choice:
    return ctx.choice(_("✖️ Cancel"), "cancel")


def _ask_text(ctx: Context) -> Reply:
    return ctx.reply(
        ctx.say("Now write it in your own words. Please leave out names and numbers of people."),
        ctx.choice(BACK, "fb:back"),
        _cancel(ctx),
        route="feedback",
    )


def _preview(ctx: Context) -> Reply:
    flow, person = ctx.person.flow, ctx.person
    lines = [
        ctx.say("This is what we will send:"),
        f"<b>{ctx.label(TYPES[flow['type']])} · {ctx.label(AREAS[flow['area']])}</b>",
    ]
    choices = [ctx.choice(_("✅ Send"), "fb:send"), ctx.choice(_("✍️ Write it again"), "fb:again")]
    centre = ctx.library.directory.centres.get(person.centre or "")
    if centre and not flow.get("no_centre"):
        lines.append(ctx.say("Centre: {centre}", centre=centre.called(person.language)))
        choices.append(ctx.choice(_("Leave out the centre"), "fb:nocentre"))
    lines.append(f"\n{html.escape(flow['text'], quote=False)}")
    person.yes, person.no = "fb:send", "cancel"
    return ctx.reply("\n".join(lines), *choices, _cancel(ctx), route="feedback")


def _next(ctx: Context) -> Reply:
    """The question that is still open, in the form's order."""
    flow = ctx.person.flow
    for step, ask in (("type", lambda c: start(c)[0]), ("area", _ask_area), ("text", _ask_text)):
        if not flow.get(step):
            flow["step"] = step
            return ask(ctx)
    flow["step"] = "preview"
    return _preview(ctx)


async def choose(ctx: Context, value: str) -> list[Reply]:
    """A button of this form: the part of its value after ``fb:``."""
    person = ctx.person
    step, _sep, option = value.partition(":")
    if step == "missing":
        return start_with(ctx, "suggestion")
    if step == "code":
        person.flow = {"form": "feedback", "step": "code"}
        return [_ask_code(ctx)]
    if step == "more":
        return [await _ask_more(ctx, option)]
    if person.flow.get("form") != "feedback":
        return start_with(ctx, option) if step == "type" and option in TYPES else start(ctx)
    known = {"type": TYPES, "area": AREAS}.get(step)
    if known is not None and option in known:
        person.flow[step] = option
    elif step == "back":
        person.flow.pop("area", None)
    elif step == "again":
        person.flow.pop("text", None)
        person.flow.pop("understood", None)
    elif step == "nocentre":
        person.flow["no_centre"] = True
    elif step == "send" and person.flow.get("step") == "preview":
        return [await _send(ctx)]
    return [_next(ctx)]


async def write(ctx: Context, text: str) -> list[Reply]:
    """Free text while this form is open."""
    flow = ctx.person.flow
    if flow.get("step") == "code":
        return [await _by_code(ctx, text)]
    if flow.get("step") == "more":
        return [await _add_more(ctx, text)]
    cleaned = redact(text[:MAX_TEXT])
    # More text before sending is added: people send one thought in several messages.
    together = "\n".join(part for part in (flow.get("text"), cleaned) if part)
    flow["text"] = together[:MAX_TEXT]
    _note_understood(ctx)
    if "type" not in flow:
        flow["type"] = "complaint"
    return [_next(ctx)]


async def _send(ctx: Context) -> Reply:
    person, flow = ctx.person, ctx.person.flow
    code = new_code()
    coded = suggest(flow["type"], flow["area"], flow["text"], flow.get("understood", ()))
    await add_feedback(
        ctx.storage,
        language=person.language,
        channel=person.channel,
        centre=None if flow.get("no_centre") else person.centre,
        type=flow["type"],
        category=flow["area"],
        text=flow["text"],
        code_hash=ctx.keys.code_hash(code),
        code=coded.id if coded else None,
        frame_version=frame().version,
        # a wrong suggestion costs the protection desk a look; a missed one could cost more
        sensitive=bool(coded and coded.sensitive),
    )
    person.flow, person.yes, person.no = {}, None, None
    shown = f"{code[:3]}-{code[3:6]}-{code[6:]}"
    return ctx.reply(
        ctx.say("Thank you. It is sent, without your name.")
        + "\n\n"
        + ctx.say("Your code: {code}", code=shown).replace(shown, f"<code>{shown}</code>")
        + "\n"
        + ctx.say("Keep it. With this code you can read the answer here, also on another phone."),
        home(ctx),
        route="feedback",
    )


def _ask_code(ctx: Context) -> Reply:
    return ctx.reply(
        ctx.say("Write your code: nine digits, as 123-456-789."), home(ctx), route="feedback"
    )


async def status(ctx: Context, text: str) -> list[Reply]:
    """The person asks about earlier feedback; the message may hold the code already."""
    ctx.person.flow = {"form": "feedback", "step": "code"}
    return [await _by_code(ctx, text)] if len(_code(text)) == CODE_DIGITS else [_ask_code(ctx)]


def new_code() -> str:
    """Nine random digits. The first is no zero: "00…" and "06…" are read as telephone numbers."""
    return str(10 ** (CODE_DIGITS - 1) + secrets.randbelow(9 * 10 ** (CODE_DIGITS - 1)))


def holds_code(text: str) -> bool:
    """Whether a message holds nine digits written as a code is, in any digits."""
    return bool(codes(text))


def _code(text: str) -> str:
    """The code in a text that may hold other numbers too; else all its digits."""
    found = codes(text)
    if found:
        return found[0].value
    return "".join(c for c in western_digits(text) if c.isascii() and c.isdigit())


async def _find(ctx: Context, code: str) -> FeedbackRow | Reply:
    """The item of a code, or what to say where there is none or guessing went too far."""
    if ctx.guesses.too_many:
        ctx.person.flow = {}
        return ctx.reply(
            ctx.say("Too many codes were wrong. Please try again in some minutes."),
            home(ctx),
            route="feedback",
        )
    found = await feedback_by_code(ctx.storage, ctx.keys.code_hash(code))
    if found is None:
        ctx.guesses.missed()
        return ctx.reply(
            ctx.say("We can't find this code. Please check it and write it again."),
            ctx.choice(_("💬 New feedback"), "fb"),
            home(ctx),
            route="feedback",
        )
    return found


async def _by_code(ctx: Context, text: str) -> Reply:
    code = _code(text)
    found = await _find(ctx, code)
    if isinstance(found, Reply):
        return found
    ctx.person.flow = {}
    lines = [ctx.say(STATUSES[found.status])]
    if found.reply:
        lines.append(html.escape(found.reply, quote=False))
    choices = [home(ctx)]
    if found.more is None:
        choices.insert(0, ctx.choice(_("✍️ Write one more message"), f"fb:more:{code}"))
    return ctx.reply("\n\n".join(lines), *choices, route="feedback")


async def _ask_more(ctx: Context, code: str) -> Reply:
    """The button under a status: its value holds the code, so that nothing else must be kept."""
    found = await _find(ctx, _code(code))
    if isinstance(found, Reply):
        return found
    if found.more is not None:
        return _by_now_added(ctx)
    ctx.person.flow = {"form": "feedback", "step": "more", "code": _code(code)}
    return ctx.reply(
        ctx.say("Now write it in your own words. Please leave out names and numbers of people."),
        _cancel(ctx),
        route="feedback",
    )


async def _add_more(ctx: Context, text: str) -> Reply:
    """One message back, after which an officer looks again."""
    found = await _find(ctx, ctx.person.flow["code"])
    if isinstance(found, Reply):
        return found
    if found.more is None:
        wrote_back(found, redact(text[:MAX_TEXT]))
    ctx.person.flow = {}
    return _by_now_added(ctx)


def _by_now_added(ctx: Context) -> Reply:
    return ctx.reply(
        ctx.say("Thank you. Your message was added. You can read the answer with the same code."),
        home(ctx),
        route="feedback",
    )
