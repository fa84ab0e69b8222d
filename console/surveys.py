"""The pages on which officers write surveys, open and close them, and read their results."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from actions.context import Context
from actions.reply import Reply
from actions.survey import offer_of, options_of, question_reply
from console.access import Session, check_form
from console.translated_fields import FormProblem, check_texts, lines, plain, texts
from content.answers import Library
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.spreadsheet import safe_cell
from content.translated import missing
from reporting.satisfaction import rounded
from store.database import Database
from store.keys import Keys
from store.people import Person
from store.staff import note
from store.survey_results import QuestionResult, results
from store.surveys import (
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Question,
    SurveyFixed,
    all_surveys,
    close_survey,
    need_draft,
    open_survey,
    own_words,
    questions_of,
    set_questions,
)
from store.tables import SurveyRow, random_id, today

PAGE = "/console/surveys"
KINDS = {
    "scale": "scale 1 to 5, from 😞 to 😀",
    "choices": "choices",
    "yes_no": "yes or no",
    "text": "own words",
}
#: Characters. An option is a button, which a small phone cuts when it is long.
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_OPTION = 80, 300, 40
LONGEST_PERIOD = dt.timedelta(days=366)
PURPOSE = 80
_COLUMNS = ("question", "text", "kind", "option", "label", "answers")


def survey_pages(
    database: Database,
    keys: Keys,
    library: Library,
    page: Callable[..., HTMLResponse],
    area: Callable[[str], Any],
    k: int,
) -> APIRouter:
    """The list, a page for each survey, its forms and its export.

    ``page`` and ``area`` are the console's own; ``k`` as in ``store.survey_results``.
    """
    router = APIRouter()
    Officer = Annotated[Session, area("surveys")]
    Csrf = Annotated[str, Form(max_length=64)]
    centres = library.directory.centres

    def as_read(language: str) -> Context:
        return Context(Person("", "web", language), library, keys, None)

    def option_labels(question: Question) -> list[str]:
        return options_of(as_read(DEFAULT_LANGUAGE), question)

    def survey_form(
        request: Request,
        session: Session,
        row: SurveyRow,
        days: tuple[str, str],
        problem: str | None = None,
    ) -> HTMLResponse:
        response = page(
            request, "survey_form.html", session,
            row=row, days=days, problem=problem, longest=LONGEST_TITLE,
        )  # fmt: skip
        response.status_code = 400 if problem else 200
        return response

    def fill(row: SurveyRow, form: Mapping[str, Any]) -> None:
        """Write a form's title, centre and period into a row; raises FormProblem."""
        need_draft(row)
        row.title, row.centre = texts(form, "title"), plain(form, "centre") or None
        check_texts(row.title, "Title", LONGEST_TITLE)
        if row.centre is not None and row.centre not in centres:
            raise FormProblem("Centre: choose one of the list.")
        row.opens_on, row.closes_on = (_day(plain(form, f)) for f in ("opens_on", "closes_on"))
        if not dt.timedelta(0) <= row.closes_on - row.opens_on <= LONGEST_PERIOD:
            raise FormProblem("The last day must come after the first, within one year.")

    def mend(
        request: Request, session: Session, form: Mapping[str, Any], problem: str, **known: str
    ) -> HTMLResponse:
        """The form again with what was sent and what is wrong with it."""
        centre = plain(form, "centre") or None
        row = SurveyRow(title=texts(form, "title"), centre=centre, **known)
        days = plain(form, "opens_on"), plain(form, "closes_on")
        return survey_form(request, session, row, days, problem)

    @router.get("/surveys")
    async def surveys(request: Request, session: Officer) -> HTMLResponse:
        async with database.transaction() as db:
            rows = await all_surveys(db)
            await note(db, session.name, "list surveys", "list")
        return page(request, "surveys.html", session, rows=rows, today=today())

    @router.get("/surveys/new")
    async def new(request: Request, session: Officer) -> HTMLResponse:
        end = today() + dt.timedelta(days=14)
        days = today().isoformat(), end.isoformat()
        return survey_form(request, session, SurveyRow(title={}), days)

    @router.post("/surveys/new")
    async def make(request: Request, session: Officer) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        row = SurveyRow(id=random_id(), questions=[], state="draft", written_by=session.name)
        try:
            fill(row, form)
        except FormProblem as error:
            return mend(request, session, form, str(error))
        async with database.transaction() as db:
            db.add(row)
            await note(db, session.name, "write survey", row.id)
        return RedirectResponse(f"{PAGE}/{row.id}", 303)

    async def show(
        request: Request,
        session: Session,
        survey_id: str,
        language: str = DEFAULT_LANGUAGE,
        problem: str | None = None,
    ) -> HTMLResponse:
        async with database.transaction() as db:
            row = await _survey(db, survey_id)
            found = await results(db, row, k, rounded)
            words: dict[int, list[Any]] = {number: [] for number in range(len(found))}
            for answer in await own_words(db, survey_id):
                if found[answer.question].answered is not None:
                    words[answer.question].append(answer)
            await note(db, session.name, "read survey", survey_id)
        questions = questions_of(row)
        ctx = as_read(language if language in LANGUAGES else DEFAULT_LANGUAGE)
        replies = [offer_of(ctx, row)]
        replies += [question_reply(ctx, row, number) for number in range(len(questions))]
        response = page(
            request,
            "survey.html",
            session,
            row=row,
            questions=questions,
            results=found,
            words=words,
            k=k,
            kinds=KINDS,
            most=MOST_QUESTIONS,
            missing=missing(row.title, *_all_texts(questions)),
            option_labels=option_labels,
            preview=ctx.person.language,
            shown=[_as_shown(reply) for reply in replies],
            problem=problem,
        )
        response.status_code = 409 if problem else 200
        return response

    @router.get("/surveys/{survey_id}")
    async def survey(
        request: Request, survey_id: str, session: Officer, language: str = DEFAULT_LANGUAGE
    ) -> HTMLResponse:
        return await show(request, session, survey_id, language)

    @router.get("/surveys/{survey_id}/edit")
    async def edit(request: Request, survey_id: str, session: Officer) -> HTMLResponse:
        async with database.transaction() as db:
            row = await _draft(db, survey_id)
        days = row.opens_on.isoformat(), row.closes_on.isoformat()
        return survey_form(request, session, row, days)

    @router.post("/surveys/{survey_id}/edit")
    async def save(request: Request, survey_id: str, session: Officer) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        try:
            async with database.transaction() as db:
                fill(await _draft(db, survey_id), form)
                await note(db, session.name, "write survey", survey_id)
        except FormProblem as error:  # nothing of it is kept
            return mend(request, session, form, str(error), id=survey_id)
        return RedirectResponse(f"{PAGE}/{survey_id}", 303)

    @router.post("/surveys/{survey_id}/state")
    async def set_state(
        request: Request,
        survey_id: str,
        session: Officer,
        csrf: Csrf,
        do: Annotated[Literal["open", "close"], Form()],
    ) -> Response:
        check_form(session, csrf)
        try:
            async with database.transaction() as db:
                row = await _survey(db, survey_id, change=True)
                (open_survey if do == "open" else close_survey)(row)
                await note(db, session.name, f"{do} survey", survey_id)
        except SurveyFixed as error:
            return await show(request, session, survey_id, problem=str(error))
        return RedirectResponse(f"{PAGE}/{survey_id}", 303)

    def question_form(
        request: Request,
        session: Session,
        row: SurveyRow,
        number: int | None,
        sent: Question,
        problem: str | None = None,
    ) -> HTMLResponse:
        response = page(
            request,
            "survey_question.html",
            session,
            row=row,
            number=number,
            sent=sent,
            kinds=KINDS,
            longest=LONGEST_QUESTION,
            problem=problem,
        )
        response.status_code = 400 if problem else 200
        return response

    @router.get("/surveys/{survey_id}/questions/{which}")
    async def question(
        request: Request, survey_id: str, which: str, session: Officer
    ) -> HTMLResponse:
        async with database.transaction() as db:
            row = await _draft(db, survey_id)
        number = _number(row, which)
        sent = Question("scale", {}) if number is None else questions_of(row)[number]
        return question_form(request, session, row, number, sent)

    @router.post("/surveys/{survey_id}/questions/{which}")
    async def save_question(
        request: Request, survey_id: str, which: str, session: Officer
    ) -> Response:
        form = await request.form()
        check_form(session, plain(form, "csrf"))
        sent = Question(plain(form, "kind"), texts(form, "text"), lines(form, "options"))
        async with database.transaction() as db:
            row = await _draft(db, survey_id)
            number = _number(row, which)
            try:
                questions = _with(questions_of(row), number, sent, plain(form, "do"))
                set_questions(row, questions)
            except (FormProblem, SurveyFixed) as error:
                return question_form(request, session, row, number, sent, str(error))
            await note(db, session.name, "write survey", survey_id)
        return RedirectResponse(f"{PAGE}/{survey_id}", 303)

    @router.post("/surveys/{survey_id}/export")
    async def export(
        survey_id: str,
        session: Officer,
        csrf: Csrf,
        purpose: Annotated[str, Form(min_length=1, max_length=PURPOSE)],
    ) -> Response:
        check_form(session, csrf)
        async with database.transaction() as db:
            found = await results(db, await _survey(db, survey_id), k, rounded)
            thing = f"{survey_id}; purpose: {plain({'p': purpose}, 'p')}"
            await note(db, session.name, "export survey", thing[:128])
        headers = {"Content-Disposition": 'attachment; filename="rahnuma-survey.csv"'}
        text = as_csv(found, option_labels, k)
        return Response(text.encode("utf-8-sig"), media_type="text/csv", headers=headers)

    return router


def as_csv(found: list[QuestionResult], labels: Callable[[Question], list[str]], k: int) -> str:
    """Counts as CSV: a row for each question, and below it one for each option that is shown.

    No answer in own words leaves this way.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for number, result in enumerate(found, start=1):
        about = (number, result.question.text[DEFAULT_LANGUAGE], result.question.kind)
        options = result.options or []
        rows = [("all", "all answers", result.answered)]
        rows += [
            (i, label, n)
            for i, (label, n) in enumerate(
                zip(labels(result.question), options, strict=False), start=1
            )
        ]
        for option, label, n in rows:
            count = f"fewer than {k}" if n is None else n
            writer.writerow(safe_cell(value) for value in (*about, option, label, count))
    return out.getvalue()


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise FormProblem("First and last day: write them as 2026-03-31.") from error


def _as_shown(reply: Reply) -> tuple[Markup, list[str]]:
    """A reply's light HTML, which is made of escaped text, and the labels of its buttons."""
    return Markup(reply.html), [choice.label for choice in reply.choices]


def _all_texts(questions: list[Question]) -> list[Any]:
    choices = [question.options for question in questions if question.kind == "choices"]
    return [question.text for question in questions] + choices


def _with(questions: list[Question], number: int | None, sent: Question, do: str) -> list[Question]:
    """The questions with one added, replaced or removed. Raises FormProblem."""
    if do == "remove" and number is not None:
        return questions[:number] + questions[number + 1 :]
    check_question(sent)
    kept = sent if sent.kind == "choices" else Question(sent.kind, sent.text)
    at = len(questions) if number is None else number
    return [*questions[:at], kept, *questions[at + 1 :]]


def check_question(question: Question) -> None:
    """Raises FormProblem, with words that say what to mend, if people couldn't answer it."""
    if question.kind not in KINDS:
        raise FormProblem("Kind of answer: choose one of the list.")
    check_texts(question.text, "Question", LONGEST_QUESTION)
    if question.kind != "choices":
        return
    wanted = len(question.options.get(DEFAULT_LANGUAGE, ()))
    if not FEWEST_OPTIONS <= wanted <= MOST_OPTIONS:
        raise FormProblem(f"Options: {FEWEST_OPTIONS} to {MOST_OPTIONS}, one a line, in English.")
    for code, options in question.options.items():
        own = LANGUAGES[code].own_name
        if len(options) != wanted:
            raise FormProblem(f"Options, {own}: {wanted} lines, as in English, or none.")
        if len(set(options)) != wanted:
            raise FormProblem(f"Options, {own}: two are the same.")
        if max(map(len, options)) > LONGEST_OPTION:
            raise FormProblem(f"Options, {own}: at most {LONGEST_OPTION} characters each.")


def _number(row: SurveyRow, which: str) -> int | None:
    """The question that an address names, None for a new one; HTTPException 404 if none is."""
    if which == "new":
        return None
    if which in map(str, range(len(row.questions))):
        return int(which)
    raise HTTPException(404, "no such question")


async def _survey(db: AsyncSession, survey_id: str, *, change: bool = False) -> SurveyRow:
    """The survey, held until the end of the transaction if it is to change; or 404."""
    row = await db.get(SurveyRow, survey_id, with_for_update=change)
    if row is None:
        raise HTTPException(404, "no such survey")
    return row


async def _draft(db: AsyncSession, survey_id: str) -> SurveyRow:
    """A survey that may still be changed; HTTPException 404 or 409."""
    row = await _survey(db, survey_id, change=True)
    try:
        need_draft(row)
    except SurveyFixed as error:
        raise HTTPException(409, str(error)) from error
    return row
