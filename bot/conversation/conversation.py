"""One turn of the conversation: what came in, and the replies to it.

The order of the steps is the product's promise: danger first, then the form that is open, then
the question, then an honest "I did not understand".
"""

from actions import (
    answer,
    emergency,
    feedback,
    handoff,
    local,
    menu,
    near,
    place,
    report,
    rumours,
    survey,
    talk,
    unclear,
    welcome,
)
from actions.context import Context, StorageDown
from actions.menu import home
from actions.reply import Choice, Reply, grave
from bot.conversation import buttons, in_talk, language, offers
from bot.conversation.commands import command_in
from bot.conversation.decision import Decision, likely
from bot.conversation.incoming import Incoming
from bot.conversation.nlu_client import Parse
from bot.conversation.requests import decide_message
from content.intents import intents
from content.languages import LANGUAGES, named_in
from content.sentences import _
from store.cases.opening import open_case_of

#: Dangers that break into a form that is being filled in: somebody may die while we ask questions.
URGENT = frozenset({"medical_emergency", "mine_found", "rescue", "suicide_risk", "violence"})
#: Words up to which a "stop" inside a form is taken as the wish to stop.
SHORT = 4
_FORMS = {"feedback": feedback, "report": report, "handoff": handoff, "survey": survey}


async def respond(ctx: Context, incoming: Incoming, parse: Parse | None) -> list[Reply]:
    """The replies to one message. ``parse`` is None for buttons, or when the model is down.

    Raises nothing for bad input; StorageDown is met here with an honest sentence and the numbers.
    """
    await _find_case(ctx)
    free = ctx.person.greeted and not ctx.person.flow and ctx.case is None
    no_form = not ctx.person.flow
    in_talk = talk.has_counsellor(ctx)
    replies = await _replies(ctx, incoming, parse)
    if in_talk and talk.has_counsellor(ctx):
        _sign(replies)
    if incoming.kind == "text" and no_form and not ctx.person.flow:
        _recall(ctx, incoming.text.strip(), replies)
    unclear.be_quiet_after(ctx, replies)
    survey.spare_after(ctx, replies)
    if free and _is_at_rest(incoming, replies):
        replies = replies + await survey.offer(ctx)
    return replies


async def _find_case(ctx: Context) -> None:
    if ctx.person.flow.get("step") == "waiting":
        # how older versions noted that a case was open
        ctx.person.flow = {}
    if ctx.session is not None:
        ctx.case = await open_case_of(ctx.session, ctx.person.pseudonym)


def _sign(replies: list[Reply]) -> None:
    """In a talk with a counsellor, what the program says is told apart at first sight."""
    for reply in replies:
        if reply.route not in ("handoff", "emergency"):
            reply.html = f"🤖 {reply.html}"


def _recall(ctx: Context, text: str, replies: list[Reply]) -> None:
    """Keep a text in memory for a counsellor, but nothing of a danger, a report or a form."""
    routes = {reply.route for reply in replies}
    sensitive = routes & {"emergency", "report", "feedback"}
    if text and command_in(text) is None and ctx.case is None and not sensitive:
        ctx.recall = text


def _is_at_rest(incoming: Incoming, replies: list[Reply]) -> bool:
    """Whether the person has their answer, or is back at the menu: a survey interrupts nothing."""
    pressed = command_in(incoming.text) if incoming.kind == "text" else incoming.choice
    answered = any(reply.route == "answer" and reply.content for reply in replies)
    return answered or pressed in ("start", "menu")


async def _replies(ctx: Context, incoming: Incoming, parse: Parse | None) -> list[Reply]:
    language.from_channel(ctx.person, incoming)
    expected = ctx.person.yes, ctx.person.no
    ctx.person.yes = ctx.person.no = None
    try:
        command = command_in(incoming.text) if incoming.kind == "text" else None
        if incoming.kind == "choice" or command:
            return await choose(ctx, command or incoming.choice)
        if incoming.kind == "edited":
            return await in_talk.edited(ctx, incoming.text, parse)
        if incoming.kind == "file":
            return await in_talk.file(ctx, incoming, parse)
        if incoming.kind != "text":
            ctx.person.yes, ctx.person.no = expected
            return _not_text(ctx, incoming)
        return await _text(ctx, incoming.text.strip(), parse, expected)
    except StorageDown:
        return [in_talk.not_done(ctx)]


def _not_text(ctx: Context, incoming: Incoming) -> list[Reply]:
    if incoming.latitude is not None and incoming.longitude is not None:
        here = incoming.latitude, incoming.longitude
        return [place.location(ctx, *here), *near.around(ctx, *here)]
    return [welcome.cannot_take(ctx, incoming.kind)]


async def choose(ctx: Context, value: str) -> list[Reply]:
    """A pressed button, by its value; one that is no longer known leads to the menu."""
    head, _sep, rest = value.partition(":")
    person = ctx.person
    if head in ("start", "menu", "cancel", "stop") and person.flow.get("step") is not None:
        # leaving a form by any door drops its draft: it must not be sent by a later message
        person.flow = {}
        if head in ("cancel", "stop"):
            return [welcome.stopped(ctx)]
    if head == "stop" and ctx.case is not None:
        return [await talk.leave(ctx)]
    if head == "start":
        return [welcome.welcome(ctx)]
    if head in ("menu", "cancel", "stop"):
        return [menu.main_menu(ctx)]
    if head == "ask" and rest in intents():
        return await _act(ctx, rest, "")
    handler = buttons.HANDLERS.get(head)
    if handler is not None:
        return await handler(ctx, rest)
    return [menu.main_menu(ctx)]


async def _text(
    ctx: Context, text: str, parse: Parse | None, expected: tuple[str | None, str | None]
) -> list[Reply]:
    if not text:
        return [menu.main_menu(ctx)]
    if talk.has_counsellor(ctx) and not ctx.person.flow:
        replies = await in_talk.to_counsellor(ctx, text, parse)
        if replies is not None:
            return replies
        expected = None, None
    before = language.from_writing(ctx.person, parse, text)
    other = language.is_other(ctx.person, parse, text)
    outcome = decide_message(parse, text)
    decision = outcome.decision
    ctx.understood = likely(parse)
    ctx.named = parse.entities if parse else ()
    first_contact = not ctx.person.greeted
    nothing_open = not ctx.person.flow
    in_form = bool(ctx.person.flow)
    if in_form:
        replies = await _in_form(ctx, text, parse, decision, expected)
    else:
        replies = await _free(ctx, text, parse, decision, expected, outcome.also)
    if decision.kind == "danger":
        return [*replies, welcome.languages(ctx)] if other else replies
    if first_contact and not ctx.person.greeted and not in_form:
        replies.append(welcome.welcome(ctx))  # it has the languages
    elif other:
        replies.append(welcome.languages(ctx))
    elif before and ctx.person.language_chosen:
        replies[-1].choices.append(Choice(LANGUAGES[before].own_name, f"lang:{before}"))
    not_understood = decision.kind in ("fallback", "ask_back") and not decision.suspected
    if not_understood and parse and nothing_open and not first_contact:
        await unclear.keep(ctx, replies[-1], text, language=parse.language, guess=parse.top[0])
    return replies


async def _in_form(
    ctx: Context,
    text: str,
    parse: Parse | None,
    decision: Decision,
    expected: tuple[str | None, str | None],
) -> list[Reply]:
    """Text while a form is open: mostly the form's, but not a cry for help or the wish to stop."""
    if decision.kind == "danger" and decision.intent in URGENT:
        await talk.mark_danger(ctx)
        return [emergency.emergency(ctx, decision.intent), _go_on(ctx)]
    # a name may look like any word
    short = len(text.split()) <= SHORT and ctx.person.flow.get("step") != "name"
    top = parse.top[0] if parse and short else None
    if top == "cancel":
        return await choose(ctx, "cancel")
    if top == "affirm" and expected[0]:
        return await choose(ctx, expected[0])
    if top == "deny" and expected[1]:
        return await choose(ctx, expected[1])
    form = _FORMS.get(ctx.person.flow.get("form", ""))
    if form is None:
        ctx.person.flow = {}
        return await _free(ctx, text, parse, decision, expected)
    replies = await form.write(ctx, text)
    if replies is None:
        # it answers no question of the form, so it is one of their own
        replies = await _free(ctx, text, parse, decision, expected)
        return replies if grave(replies) else [*replies, *await form.ask_again(ctx)]
    if decision.suspected or decision.kind == "danger":
        emergency.suspect(ctx, replies, decision.suspected or decision.intent)
    return replies


def _go_on(ctx: Context) -> Reply:
    """After an emergency broke into a form: what was written is kept, and one may go on or stop."""
    return ctx.reply(
        ctx.say("What you wrote before is kept. Write on when you are safe, or cancel."),
        ctx.choice(_("✖️ Cancel"), "cancel"),
        home(ctx),
    )


async def _free(
    ctx: Context,
    text: str,
    parse: Parse | None,
    decision: Decision,
    expected: tuple[str | None, str | None],
    also: tuple[str, ...] = (),
) -> list[Reply]:
    """Text while no form is open; while the person waits for a counsellor it is added for them.

    ``also`` are requests beside the one that is answered.
    """
    noted = await talk.noted(ctx) if await talk.write(ctx, text) else None
    if decision.kind == "danger":
        ctx.person.misunderstood = 0
        await talk.mark_danger(ctx)
        page = emergency.emergency(ctx, decision.intent)
        # what may have been asked instead comes after the ways to help
        page.choices[-1:-1] = offers.offered(ctx, decision.candidates)
        return [page] + ([noted] if noted else [])
    if feedback.holds_code(text) and decision.intent in (None, "feedback_status", "out_of_scope"):
        return await feedback.status(ctx, text)
    if decision.kind == "act":
        ctx.person.misunderstood = 0
        if noted and intents()[decision.intent].route != "answer":
            return [noted]
        replies = await _act(ctx, decision.intent, text, expected)
        if replies[0].route == "answer":
            known = {choice.value for choice in replies[0].choices}
            others = offers.offered(ctx, decision.candidates)
            replies[0].choices[:0] = [choice for choice in others if choice.value not in known]
        offers.also_asked(ctx, replies[0], also)
        replies = ([noted] if noted else []) + replies
    elif noted:
        replies = [noted]
    elif decision.kind == "ask_back":
        replies = [await offers.ask_back(ctx, decision.candidates)]
    else:
        replies = [await offers.fallback(ctx, text, model_down=parse is None)]
    return emergency.suspect(ctx, replies, decision.suspected) if decision.suspected else replies


async def _act(
    ctx: Context, intent: str, text: str, expected: tuple[str | None, str | None] = (None, None)
) -> list[Reply]:
    """Do what an intent asks for; ``text`` is what was written, empty if a button was pressed."""
    route = intents()[intent].route
    if intents()[intent].danger:
        return [emergency.emergency(ctx, intent)]
    if route == "answer":
        reply = answer.answer(ctx, intent)
        if intent == "rumour_check":
            reply = rumours.put_before(ctx, reply, text)
        return local.adapted(ctx, reply, intent)
    if route == "feedback":
        return feedback.start_with(ctx, intent.removeprefix("feedback_"), text)
    if route == "handoff":
        return await handoff.start(ctx)
    return await _chat(ctx, intent, text, expected)


async def _chat(
    ctx: Context, intent: str, text: str, expected: tuple[str | None, str | None]
) -> list[Reply]:
    """Intents of the conversation itself."""
    yes, no = expected
    if intent == "affirm" and yes:
        return await choose(ctx, yes)
    if intent == "deny" and no:
        return await choose(ctx, no)
    if intent in ("greet", "help_menu") and not ctx.person.greeted:
        return [welcome.welcome(ctx)]
    if intent == "help_menu":
        return [menu.main_menu(ctx)]
    if intent == "feedback_status":
        return await feedback.status(ctx, text)
    if intent == "change_language":
        return await buttons.language(ctx, named_in(text) or "")
    if intent == "change_centre":
        return place.from_text(ctx, text)
    if intent == "cancel":
        return [welcome.stopped(ctx)]
    return [welcome.small_talk(ctx, intent)]
