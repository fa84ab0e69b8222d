"""Buttons by the first part of their value: what each does, where it needs nothing of the turn."""

from collections.abc import Awaitable, Callable

from actions import (
    answer,
    booklet,
    changes,
    emergency,
    erasure,
    feedback,
    handoff,
    listening,
    menu,
    near,
    notices_today,
    pictures,
    place,
    report,
    rumours,
    subscribing,
    survey,
)
from actions.context import Context
from actions.menu import PERSON, home
from actions.reply import Reply
from content.intents import danger_intents
from content.languages import LANGUAGES
from content.sentences import _

#: Does what a button asks for; the text is the rest of its value after the first colon.
Handler = Callable[[Context, str], Awaitable[list[Reply]]]


async def language(ctx: Context, code: str) -> list[Reply]:
    """Answer in another language from now on; anything else than a code shows the languages."""
    if code not in LANGUAGES:
        return [menu.language_menu(ctx)]
    ctx.person.language, ctx.person.language_chosen = code, True
    return [menu.main_menu(ctx)]


async def _topic(ctx: Context, topic: str) -> list[Reply]:
    return [menu.topic_menu(ctx, topic) or menu.main_menu(ctx)]


async def _danger(ctx: Context, intent: str) -> list[Reply]:
    return [emergency.danger_menu(ctx, intent if intent in danger_intents() else None)]


async def _useful(ctx: Context, rest: str) -> list[Reply]:
    vote, _sep, intent = rest.partition(":")
    return [await answer.vote(ctx, vote == "y", intent)]


async def _person(ctx: Context, rest: str) -> list[Reply]:
    return await (handoff.choose(ctx, rest) if rest else handoff.start(ctx))


async def _feedback(ctx: Context, rest: str) -> list[Reply]:
    return await feedback.choose(ctx, rest) if rest else feedback.start(ctx)


async def _rules(ctx: Context, _rest: str) -> list[Reply]:
    """What staff may never do, and how to report it."""
    buttons = (
        ctx.choice(_("📝 Tell it confidentially"), "rep:sea_report"),
        ctx.choice(_("😟 Make a complaint"), "fb:type:complaint"),
        ctx.choice(PERSON, "person"),
        home(ctx),
    )
    page = answer.page(ctx, "staff_rules", *buttons, always=True)
    return [page or menu.main_menu(ctx)]


async def _centre(ctx: Context, key: str) -> list[Reply]:
    return [place.choose(ctx, key) if key else menu.centre_menu(ctx)]


async def _listen(ctx: Context, intent: str) -> list[Reply]:
    return [listening.listen(ctx, intent)]


async def _delete(ctx: Context, rest: str) -> list[Reply]:
    return [await erasure.erase(ctx) if rest == "yes" else erasure.ask(ctx)]


async def _booklet(ctx: Context, kind: str) -> list[Reply]:
    return [booklet.choose(ctx, kind)]


HANDLERS: dict[str, Handler] = {
    "lang": language,
    "topic": _topic,
    "sos": _danger,
    "useful": _useful,
    "person": _person,
    "fb": _feedback,
    "chg": changes.show,
    "rum": rumours.show,
    "srv": survey.choose,
    "rep": report.choose,
    "rules": _rules,
    "centre": _centre,
    "near": near.show,
    "delete": _delete,
    "aud": _listen,
    "pic": pictures.show,
    "lowdata": pictures.set_low_data,
    "today": notices_today.show,
    "notify": subscribing.choose,
    "book": _booklet,
}
