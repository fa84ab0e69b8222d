"""The satisfaction survey: offered once, answered by buttons, sent as a whole or not at all.

The answers are kept in the person's encrypted ``flow`` until they send or stop; what is then
stored leads to no person, and one answer leads to no other (``store/surveys.py``).
"""

import datetime as dt
import secrets
from typing import Any

from actions.context import Context
from actions.feedback import CODE_DIGITS
from actions.menu import PERSON, home
from actions.redaction import redact
from actions.reply import Choice, Reply, grave
from content.coding import frame, suggest
from content.sentences import _
from content.translated import language_shown, light_html
from nlu.normalise import western_digits
from store.cases.opening import open_case_of
from store.feedback import add_feedback
from store.surveys import (
    Answer,
    Question,
    add_answers,
    questions_of,
    running_survey,
    survey_to_offer,
)
from store.tables import SurveyRow, today

MAX_TEXT = 1000
#: Labels of a scale's options, the worst first, and of yes and no.
SCALE = (_("😞 Very bad"), _("🙁 Bad"), _("😐 So-so"), _("🙂 Good"), _("😀 Very good"))
YES_NO = (_("👍 Yes"), _("👎 No"))
#: After anything to do with danger nobody is asked to take a survey, until the next day is over.
_SPARED = dt.timedelta(days=1)
_AREAS_OF_HARM = ("other", "staff", "safety")
#: Digits of a survey's id in its buttons: one of another survey must not answer this one.
_MARK = 8


def spare_after(ctx: Context, replies: list[Reply]) -> None:
    """After danger, a report or a counsellor, offer no survey until tomorrow is over."""
    if grave(replies):
        ctx.person.spared_until = (today() + _SPARED).isoformat()


async def offer(ctx: Context) -> list[Reply]:
    """The offer of a survey that runs where the person is; none if there is nothing to offer.

    Each survey is offered once. Not while anything else is open, or soon after danger.
    """
    person = ctx.person
    if ctx.session is None or ctx.forget or person.flow:
        return []
    if person.spared_until and person.spared_until >= today().isoformat():
        return []
    survey = await survey_to_offer(ctx.session, person.centre, person.surveys_offered)
    if survey is None or await open_case_of(ctx.session, person.pseudonym):
        return []
    person.surveys_offered = [*person.surveys_offered, survey.id]
    person.survey_offer = survey.id
    person.yes, person.no = f"srv:yes:{survey.id}", f"srv:no:{survey.id}"
    return [offer_of(ctx, survey)]


def offer_of(ctx: Context, survey: SurveyRow) -> Reply:
    """The one line with which a survey is offered."""
    line = ctx.label(_("📋 {title}: a few short questions, without your name. Will you answer?"))
    return ctx.reply(
        line.replace("{title}", _text(ctx, survey.title)),
        ctx.choice(_("Yes, 1 minute"), f"srv:yes:{survey.id}"),
        ctx.choice(_("Not now"), f"srv:no:{survey.id}"),
        route="feedback",
    )


def _text(ctx: Context, texts: dict[str, str]) -> str:
    """A text of the survey in the person's language, else in English, as light HTML."""
    language = language_shown(ctx.person.language, texts)
    return light_html(texts[language], language, ctx.person.language)


async def choose(ctx: Context, value: str) -> list[Reply]:
    """A button of this form: the part of its value after ``srv:``."""
    step, _sep, rest = value.partition(":")
    flow = ctx.person.flow
    if step == "yes":
        return [await _begin(ctx, rest)]
    if step == "no":
        if ctx.person.survey_offer == rest:
            ctx.person.survey_offer = None
        return [ctx.reply(ctx.say("All right. We will not ask again."), home(ctx))]
    if flow.get("form") != "survey":
        return [_no_longer(ctx)]
    survey = await running_survey(ctx.storage, flow["survey"])
    if survey is None:
        return [_over(ctx)]
    if step in ("a", "s"):
        _take(flow, survey, rest)
    elif step == "again":
        flow["answers"], flow["harm"] = {}, {}
    elif step == "send" and flow["step"] == "look":
        return [await _send(ctx, survey)]
    return [_next(ctx, survey)]


async def _begin(ctx: Context, survey_id: str) -> Reply:
    person = ctx.person
    if person.survey_offer != survey_id:
        return _no_longer(ctx)
    if person.flow and person.flow.get("survey") != survey_id:
        return ctx.reply(ctx.say("Please finish or stop first what you have begun."), home(ctx))
    survey = await running_survey(ctx.storage, survey_id)
    if survey is None:
        return _over(ctx)
    if not person.flow:
        person.flow = {"form": "survey", "survey": survey_id, "answers": {}, "harm": {}}
    return _next(ctx, survey)


def _take(flow: dict[str, Any], survey: SurveyRow, rest: str) -> None:
    """Note a pressed option, ``<mark>:<question>:<option>``, or a skip without option.

    A button of an earlier question changes its answer; one that does not fit changes nothing.
    """
    mark, number, *options = rest.split(":")[:3] if ":" in rest else ("", "")
    questions = questions_of(survey)
    fits = number.isascii() and number.isdigit() and len(number) < 3
    if mark != survey.id[:_MARK] or not fits or int(number) >= len(questions):
        return
    if not options:
        flow["answers"][number] = None
        flow["harm"].pop(number, None)
    elif options[0] in map(str, range(questions[int(number)].answers)):
        flow["answers"][number] = int(options[0])


async def write(ctx: Context, text: str) -> list[Reply] | None:
    """Free text while a survey is open; None if it does not answer the question that is asked."""
    flow = ctx.person.flow
    if ctx.session is None:
        return None
    survey = await running_survey(ctx.session, flow["survey"])
    if survey is None:
        ctx.person.flow = {}
        return None
    number = _open_question(flow, survey)
    if number is None:
        return None
    question = questions_of(survey)[number]
    if question.kind == "text":
        own_words = redact(text[:MAX_TEXT]).strip()
        flow["answers"][str(number)] = own_words
        code = _harm(ctx, own_words)
        if code:
            flow["harm"][str(number)] = code
    else:
        option = _typed(options_of(ctx, question), text)
        if option is None:
            return None
        flow["answers"][str(number)] = option
    return [_next(ctx, survey)]


def _harm(ctx: Context, text: str) -> str | None:
    """The code of the harm that a text may speak of, or None.

    No area was pressed, so each in which harm is done is tried: a wrong suggestion costs the
    protection desk a look, a missed one could cost more.
    """
    codes = (suggest("complaint", area, text, ctx.understood) for area in _AREAS_OF_HARM)
    return next((code.id for code in codes if code and code.sensitive), None)


def _typed(labels: list[str], text: str) -> int | None:
    """The option that somebody wrote instead of pressing it: its number from 1, or its label."""
    said = western_digits(text).strip().casefold()
    for number, label in enumerate(labels):
        words = label.casefold()
        if said in (str(number + 1), words, words.partition(" ")[2]):
            return number
    return None


async def ask_again(ctx: Context) -> list[Reply]:
    """The question that waits, after something else was answered; nothing if none does."""
    flow = ctx.person.flow
    if flow.get("form") != "survey" or ctx.session is None:
        return []
    survey = await running_survey(ctx.session, flow["survey"])
    return [_next(ctx, survey)] if survey else []


def _open_question(flow: dict[str, Any], survey: SurveyRow) -> int | None:
    """The first question that was neither answered nor skipped."""
    numbers = range(len(survey.questions))
    return next((n for n in numbers if str(n) not in flow["answers"]), None)


def _next(ctx: Context, survey: SurveyRow) -> Reply:
    person = ctx.person
    number = _open_question(person.flow, survey)
    if number is None:
        return _look(ctx, survey)
    person.flow["step"] = "question"
    reply = question_reply(ctx, survey, number)
    if questions_of(survey)[number].kind == "yes_no":
        person.yes, person.no = (choice.value for choice in reply.choices[:2])
    return reply


def options_of(ctx: Context, question: Question) -> list[str]:
    """The labels of a question's options in the person's language, else in English."""
    if question.kind == "choices":
        written = question.options.get(ctx.person.language) or question.options["en"]
        return list(written)
    fixed = {"scale": SCALE, "yes_no": YES_NO}.get(question.kind, ())
    return [ctx.label(label) for label in fixed]


def question_reply(ctx: Context, survey: SurveyRow, number: int) -> Reply:
    """A question as people get it."""
    questions, mark = questions_of(survey), survey.id[:_MARK]
    question = questions[number]
    place = light_html(f"{number + 1}/{len(questions)}", ctx.person.language, ctx.person.language)
    lines = [f"<b>{place}</b>\n{_text(ctx, question.text)}"]
    if question.kind == "text":
        lines.append(
            ctx.say("Now write it in your own words. Please leave out names and numbers of people.")
        )
    options = options_of(ctx, question)
    return ctx.reply(
        "\n\n".join(lines),
        *(Choice(label, f"srv:a:{mark}:{number}:{n}") for n, label in enumerate(options)),
        ctx.choice(_("Skip"), f"srv:s:{mark}:{number}"),
        ctx.choice(_("✖️ Stop"), "cancel"),
        route="feedback",
    )


def _look(ctx: Context, survey: SurveyRow) -> Reply:
    """What will be sent, or that there is nothing to send."""
    person, flow = ctx.person, ctx.person.flow
    answers = flow["answers"]
    if all(answer is None for answer in answers.values()):
        person.flow = {}
        return ctx.reply(ctx.say("You skipped all questions. Nothing was sent."), home(ctx))
    flow["step"] = "look"
    person.yes, person.no = "srv:send", "cancel"
    lines = [ctx.say("This is what we will send:")]
    for number, question in enumerate(questions_of(survey)):
        lines.append(f"<b>{_text(ctx, question.text)}</b>\n{_answered(ctx, question, number)}")
    if flow["harm"]:
        lines.append(
            ctx.say("🔒 What you wrote may be about harm. Only the protection desk will read it.")
        )
    lines.append(ctx.say("🔒 Each answer is kept alone, without your name."))
    return ctx.reply(
        "\n\n".join(lines),
        ctx.choice(_("✅ Send"), "srv:send"),
        ctx.choice(_("✍️ Start again"), "srv:again"),
        ctx.choice(_("✖️ Cancel"), "cancel"),
        route="feedback",
    )


def _answered(ctx: Context, question: Question, number: int) -> str:
    answer = ctx.person.flow["answers"][str(number)]
    if answer is None:
        return "–"
    language = ctx.person.language
    if isinstance(answer, str):
        return light_html(answer, language, language)
    written = language
    if question.kind == "choices" and not question.options.get(language):
        written = "en"
    return light_html(options_of(ctx, question)[answer], written, language)


async def _send(ctx: Context, survey: SurveyRow) -> Reply:
    person, flow = ctx.person, ctx.person.flow
    answers, harm = [], flow["harm"]
    for number, answer in flow["answers"].items():
        if isinstance(answer, str):
            if number in harm:
                await _to_protection(ctx, survey, answer, harm[number])
            answers.append(Answer(int(number), text="" if number in harm else answer))
        elif answer is not None:
            answers.append(Answer(int(number), choice=answer))
    await add_answers(ctx.storage, survey, answers, person.language)
    person.flow, person.survey_offer = {}, None
    choices = [ctx.choice(PERSON, "person")] if harm else []
    return ctx.reply(
        ctx.say("Thank you. It is sent, without your name."),
        *choices,
        home(ctx),
        route="feedback",
    )


async def _to_protection(ctx: Context, survey: SurveyRow, text: str, code: str) -> None:
    """What speaks of harm goes where sensitive feedback goes, not to the officers."""
    nobody_knows = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    await add_feedback(
        ctx.storage,
        language=ctx.person.language,
        channel=ctx.person.channel,
        centre=survey.centre,
        type="complaint",
        category="other",
        text=text,
        code_hash=ctx.keys.code_hash(nobody_knows),
        code=code,
        frame_version=frame().version,
        sensitive=True,
    )


def _over(ctx: Context) -> Reply:
    ctx.person.flow, ctx.person.survey_offer = {}, None
    return ctx.reply(ctx.say("This survey is over. Nothing was sent."), home(ctx))


def _no_longer(ctx: Context) -> Reply:
    return ctx.reply(ctx.say("This button is no longer valid."), home(ctx))
