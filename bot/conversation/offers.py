"""What is offered where it is not clear what a person wants: titles to choose from, a search."""

from actions import emergency, menu, rumours
from actions.context import Context
from actions.menu import MENU, PERSON, home
from actions.reply import Choice, Reply
from content.sentences import _
from store.feedback import count

#: Failures in a row after which a person is offered first.
OFFER_PERSON_AFTER = 2
#: What a search offers.
FOUND = 3
#: Pages that are no answer to an intent, and the button that opens each.
_PAGES = {"staff_rules": "rules"}
#: Buttons that lead to intents without a written answer.
_TITLES = {
    "feedback_complaint": _("😟 Make a complaint"),
    "feedback_suggestion": _("💡 Suggest something"),
    "feedback_praise": _("🙏 Praise somebody"),
    "feedback_status": _("🔑 I have a code"),
    "human_counsellor": PERSON,
    "help_menu": MENU,
    "change_language": _("🌐 Change language"),
    "change_centre": _("📍 My centre"),
}


def _title(ctx: Context, intent: str) -> str | None:
    if intent in _TITLES:
        return ctx.label(_TITLES[intent])
    if ctx.library.get(intent, "en"):
        return ctx.library.title(intent, ctx.person.language)
    return None


def offered(ctx: Context, candidates: tuple[str, ...]) -> list[Choice]:
    """Buttons for intents that have a title; talk such as greetings has none."""
    titled = [(intent, _title(ctx, intent)) for intent in candidates]
    return [Choice(title, f"ask:{intent}") for intent, title in titled if title]


def also_asked(ctx: Context, reply: Reply, also: tuple[str, ...]) -> None:
    """Buttons for what else was asked come first, with a line that says so."""
    asked = offered(ctx, also)
    if asked:
        values = {choice.value for choice in asked}
        reply.choices = asked + [c for c in reply.choices if c.value not in values]
        reply.html += "\n\n" + ctx.say("You asked for more than one thing. Press for the rest.")


async def ask_back(ctx: Context, candidates: tuple[str, ...]) -> Reply:
    """ "Did you mean" with up to three titles; a plain yes means the first."""
    choices = offered(ctx, candidates)
    if not choices:
        return await fallback(ctx, "", model_down=False)
    if len(choices) == 1:
        ctx.person.yes = choices[0].value
    ctx.person.no = "menu"
    return ctx.reply(
        ctx.say("Did you mean one of these?"),
        *choices,
        ctx.choice(PERSON, "person"),
        home(ctx),
    )


def found(ctx: Context, text: str) -> list[Choice]:
    """Buttons for what the search finds, at most three: a rumour that is asked about first."""
    language = ctx.person.language
    answers = [
        Choice(ctx.library.title(id, language), _PAGES.get(id, f"ask:{id}"))
        for id in ctx.library.finder.of(language).find(text, FOUND)
    ]
    return [*rumours.found(ctx, text), *answers][:FOUND]


async def fallback(ctx: Context, text: str, *, model_down: bool) -> Reply:
    """Not understood: what the search finds, the menu, and a person."""
    ctx.person.misunderstood += 1
    if ctx.session is not None:
        what = "model_down" if model_down else "not_understood"
        await count(ctx.session, what, "", ctx.person.language)
    choices = found(ctx, text) if text else []
    person = ctx.choice(PERSON, "person")
    if ctx.person.misunderstood >= OFFER_PERSON_AFTER:
        choices.insert(0, person)
    else:
        choices.append(person)
    line = (
        _("I can't read free text at the moment. The buttons work. In danger, call the numbers.")
        if model_down
        else _("I did not understand. Please say it in other words, or press a button.")
    )
    text = ctx.say(line) + (f"\n{emergency.numbers(ctx)}" if model_down else "")
    return ctx.reply(text, *choices, ctx.choice(menu.EMERGENCY, "sos"), home(ctx))
