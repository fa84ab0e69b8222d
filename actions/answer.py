"""Shows a written answer, with what a person is likely to need next."""

from actions import pictures, unclear
from actions.context import Context
from actions.menu import PERSON, home
from actions.reply import Choice, Reply
from content.answers import Answer
from content.intents import Route, intents
from content.markup import isolate, to_html
from content.sentences import _, day, sentence
from store.feedback import count
from store.tables import today


def notes_on(ctx: Context, answer: Answer) -> str:
    """The lines under an answer that say of when it is and how far it can be trusted."""
    lines = [sentence(answer.language, "As of {day}", day=day(answer.language, answer.checked))]
    if answer.status == "draft":
        lines.append(
            sentence(answer.language, "Not yet checked by a specialist. Please ask staff.")
        )
    if answer.expired(today()):
        lines.append(sentence(answer.language, "This text may be out of date. Please ask staff."))
    return "\n\n<i>" + "\n".join(isolate(line, answer.language) for line in lines) + "</i>"


def may_show(ctx: Context, answer: Answer) -> bool:
    """Whether an answer is served: with CONTENT=reviewed, drafts and expired texts are not."""
    return not ctx.only_reviewed or answer.trusted(today())


def page(ctx: Context, intent: str, *choices: Choice, always: bool = False, **more) -> Reply | None:
    """The written text of an intent as a reply, in the person's language or else in English.

    ``always`` shows it whatever its status. None if there is no text that may be shown.
    """
    route: Route = intents()[intent].route if intent in intents() else "chat"
    for language in (ctx.person.language, "en"):
        answer = ctx.library.get(intent, language)
        if answer and (always or may_show(ctx, answer)):
            title = isolate(to_html(answer.title), language)
            html = f"<b>{title}</b>\n\n{ctx.library.html(intent, language)}{notes_on(ctx, answer)}"
            if language != ctx.person.language:
                html = ctx.say("This answer is not yet written in your language.") + "\n\n" + html
            content = intent if intent in intents() else None
            reply = Reply(html, language, list(choices), route=route, content=content, **more)
            pictures.add(ctx, reply, intent)
            return reply
    return None


def answer(ctx: Context, intent: str) -> Reply:
    """An answer with related topics, the question whether it was useful, and the way out."""
    written = ctx.library.get(intent, ctx.person.language) or ctx.library.get(intent, "en")
    related = [
        Choice(ctx.library.title(other, ctx.person.language), f"ask:{other}")
        for other in (written.related if written else ())
    ]
    if intent == "privacy":
        related.insert(0, ctx.choice(_("🗑 Erase now"), "delete"))
    reply = page(
        ctx,
        intent,
        *related,
        *ctx.voices.offer(ctx.library, intent, ctx.person.language),
        ctx.choice(_("👍 Useful"), f"useful:y:{intent}"),
        ctx.choice(_("👎 Not useful"), f"useful:n:{intent}"),
        ctx.choice(PERSON, "person"),
        home(ctx),
    )
    if reply is None:
        return ctx.reply(
            ctx.say("This answer is being checked. Please ask a person."),
            ctx.choice(PERSON, "person"),
            home(ctx),
        )
    exception = unclear.told(ctx) if intent == "privacy" else ""
    if exception:
        # the written text says that questions are not kept, which is not the whole truth then
        reply.html += "\n\n" + ctx.say("There is one exception:") + "\n" + exception
    return reply


async def vote(ctx: Context, useful: bool, intent: str) -> Reply:
    """Count whether an answer was useful (no person is noted), and offer more if it was not."""
    if intent not in intents():
        return ctx.reply(ctx.say("This button is no longer valid."), home(ctx))
    if ctx.session is not None:
        what = "useful" if useful else "not_useful"
        await count(ctx.session, what, intent, ctx.person.language)
    if useful:
        return ctx.reply(ctx.say("Thank you. Good to know."), home(ctx))
    return ctx.reply(
        ctx.say("Sorry. What is missing? You can tell us, or ask a person."),
        ctx.choice(_("✍️ Say what is missing"), "fb:missing"),
        ctx.choice(PERSON, "person"),
        home(ctx),
    )
