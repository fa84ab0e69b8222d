"""Answers for where somebody is: what the directory publishes of a centre goes before them."""

import structlog

from actions import near
from actions.context import Context
from actions.place_lines import offered, pins, safe
from actions.reply import Reply
from content.intents import intents
from content.sentences import _

log = structlog.get_logger()


def adapted(ctx: Context, reply: Reply, intent: str) -> list[Reply]:
    """An answer with what is known of the centre that was asked about, or else of the person's own;
    after it, what is near a town that was named. Whatever fails here, the answer is given.
    """
    try:
        return _adapted(ctx, reply, intent)
    except Exception:  # noqa: BLE001 - the answer itself does not depend on this
        log.exception("local.failed", intent=intent)
        return [reply]


def _adapted(ctx: Context, reply: Reply, intent: str) -> list[Reply]:
    centres = _named(ctx, "centre") - {ctx.person.centre}
    if intents()[intent].topic != "services" or not (centres or _named(ctx, "town")):
        _own(ctx, reply, intent)
        return [reply]
    # where several places are named it is not known which is meant, so nothing is said
    if centres:
        if len(centres) == 1:
            about(ctx, reply, centres.pop(), intent)
        return [reply]
    towns = _named(ctx, "town")
    return [reply, *near.around_town(ctx, towns.pop(), intent)] if len(towns) == 1 else [reply]


def _named(ctx: Context, kind: str) -> set[str | None]:
    return {one.value for one in ctx.named if one.kind == kind}


def _own(ctx: Context, reply: Reply, intent: str) -> None:
    """Put before an answer what one's own centre offers of it; nothing where nothing is known."""
    centre = ctx.library.directory.centres.get(ctx.person.centre or "")
    lines = offered(ctx, centre, intent) if centre else []
    if centre is None or not lines:
        return
    head = ctx.say("In {centre}:", centre=centre.called(ctx.person.language))
    if centre.open == "closed":
        lines.append(ctx.say("It may be closed. Ask staff before you go."))
    reply.html = "\n".join([f"📍 <b>{head}</b>", *lines]) + "\n\n" + reply.html


def about(ctx: Context, reply: Reply, key: str | None, intent: str) -> None:
    """Put what the directory knows of a centre before an answer in which it was asked about.

    The centre that the person chose stays; who has chosen none may say "I am there". Nothing for a
    place that people can't be sent to.
    """
    centre = ctx.library.directory.centres.get(key or "")
    if centre is None or not centre.choosable:
        return
    language, directory = ctx.person.language, ctx.library.directory
    facts = (
        directory.published(f"centre.{centre.id}.{fact}", language)
        for fact in ("place", "address", "phone", "hours")
    )
    lines = [f"📍 <b>{safe(centre.called(language), language)}</b>"]
    lines += [safe(fact, language) for fact in facts if fact]
    lines += offered(ctx, centre, intent)
    if centre.open == "closed":
        lines.append(ctx.say("It may be closed. Ask staff before you go."))
    elif centre.open != "confirmed":
        lines.append(ctx.say("Ask staff whether it is open before you go."))
    points = pins(ctx, centre, f"centre.{centre.id}.address", f"centre.{centre.id}.place")
    reply.html, reply.points = "\n".join(lines) + "\n\n" + reply.html, reply.points + points
    if ctx.person.centre is None:
        reply.choices.insert(0, ctx.choice(_("📍 I am there"), f"centre:{centre.id}"))
