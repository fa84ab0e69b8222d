"""Confidential reports: safety first, then what the person wants to tell, nothing demanded.

Only the protection desk can read what is sent. The draft waits encrypted in the person's ``flow``
and goes when the report is sent or cancelled.
"""

import html

from actions.context import Context
from actions.menu import EMERGENCY, PERSON, home
from actions.reply import Choice, Reply
from content.intents import intents
from content.sentences import _
from store.reports import add_report

MAX_TEXT = 6000
MAX_CONTACT = 300


def kinds() -> frozenset[str]:
    """Intents that open a report."""
    return frozenset(i.id for i in intents().values() if i.route == "report")


def start(ctx: Context, kind: str) -> list[Reply]:
    """What will and won't happen, then an invitation to write."""
    if kind not in kinds():
        kind = "sea_report"
    ctx.person.flow = {"form": "report", "step": "text", "kind": kind}
    return [
        ctx.reply(
            ctx.say("First: are you safe now? If not, press Emergency.")
            + "\n\n"
            + ctx.say(
                "You can write here what happened, as much or as little as you want. "
                "Only the protection desk will read it. You don't have to give a name. "
                "We can't promise what will follow, and this is not a call for urgent help."
            ),
            ctx.choice(EMERGENCY, "sos"),
            ctx.choice(PERSON, "person"),
            _cancel(ctx),
            route="report",
        )
    ]


def _cancel(ctx: Context) -> Choice:
    return ctx.choice(_("✖️ Cancel"), "cancel")


def _ask_contact(ctx: Context) -> Reply:
    ctx.person.flow["step"] = "contact"
    ctx.person.no = "rep:nocontact"
    return ctx.reply(
        ctx.say(
            "Thank you for telling us. May the protection desk contact you? "
            "If yes, write how and when it is safe. If no, press the button."
        ),
        ctx.choice(_("No, don't contact me"), "rep:nocontact"),
        _cancel(ctx),
        route="report",
    )


def _preview(ctx: Context) -> Reply:
    person, flow = ctx.person, ctx.person.flow
    flow["step"] = "preview"
    person.yes, person.no = "rep:send", "cancel"
    contact = flow.get("contact")
    lines = [ctx.say("This is what only the protection desk will read:"), ""]
    lines.append(html.escape(flow["text"], quote=False))
    if contact:
        lines += ["", ctx.say("Contact: {contact}", contact=contact)]
    return ctx.reply(
        "\n".join(lines),
        ctx.choice(_("✅ Send"), "rep:send"),
        ctx.choice(_("✍️ Write it again"), "rep:again"),
        _cancel(ctx),
        route="report",
    )


async def choose(ctx: Context, value: str) -> list[Reply]:
    """A button of this form: the part of its value after ``rep:``, or a kind that starts it."""
    flow = ctx.person.flow
    if value in kinds():
        return start(ctx, value)
    if flow.get("form") != "report":
        return start(ctx, "sea_report")
    if value == "nocontact" and flow.get("text"):
        flow.pop("contact", None)
        return [_preview(ctx)]
    if value == "again":
        return start(ctx, flow["kind"])
    if value == "send" and flow.get("step") == "preview":
        return [await _send(ctx)]
    return start(ctx, flow["kind"])


async def write(ctx: Context, text: str) -> list[Reply]:
    """Free text while this form is open: the report itself, then how to be reached."""
    flow = ctx.person.flow
    if flow.get("step") == "contact":
        flow["contact"] = text[:MAX_CONTACT]
        return [_preview(ctx)]
    together = "\n".join(part for part in (flow.get("text"), text) if part)
    flow["text"] = together[:MAX_TEXT]
    return [_ask_contact(ctx)] if flow.get("step") == "text" else [_preview(ctx)]


async def _send(ctx: Context) -> Reply:
    person, flow = ctx.person, ctx.person.flow
    await add_report(
        ctx.storage,
        ctx.keys,
        flow["kind"],
        person.language,
        {"text": flow["text"], "contact": flow.get("contact"), "centre": person.centre},
    )
    person.flow, person.yes, person.no = {}, None, None
    return ctx.reply(
        ctx.say(
            "It is stored, and only the protection desk can read it. "
            "What happened is not your fault. If you share this phone, you may delete this chat."
        ),
        ctx.choice(PERSON, "person"),
        home(ctx),
        route="report",
    )
