"""The officers' pages for surveys, from writing one to its results."""

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from content.languages import LANGUAGES
from tests.conftest import free_port
from tests.support.console import add_account, chat, csrf, sign_in, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import Running

K = 3
PERIOD = {"opens_on": "2020-01-01", "closes_on": "2020-12-31"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(
            tmp_path_factory.mktemp("surveys"), free_port(), nlu.url, SMALLEST_GROUP=str(K)
        ) as running,
    ):
        for role in ("aap", "admin", "editor"):
            add_account(running, role, role)
        yield running


@pytest.fixture
def officer(service) -> Iterator[httpx.Client]:
    with signed_in(service, "aap") as client:
        yield client


def write(client: httpx.Client, **more: str) -> httpx.Response:
    """Send the form of a new survey, with the period that the page proposes."""
    page = client.get("/console/surveys/new").text
    days = re.findall(r'name="(opens_on|closes_on)" type="date" required value="([\d-]+)"', page)
    form = {"csrf": csrf(page), "title_en": "The food <b>", **dict(days)} | more
    return client.post("/console/surveys/new", data=form)


def add(client: httpx.Client, survey: httpx.Response, which="new", **form: str) -> httpx.Response:
    """Send the form of a question."""
    form = {
        "csrf": csrf(survey.text),
        "kind": "scale",
        "text_en": "How is it?",
        "do": "save",
    } | form
    return client.post(f"{survey.url.path}/questions/{which}", data=form)


def set_state(client: httpx.Client, survey: httpx.Response, do: str) -> httpx.Response:
    form = {"csrf": csrf(survey.text), "do": do}
    return client.post(f"{survey.url.path}/state", data=form)


def open_one(client: httpx.Client, **more: str) -> httpx.Response:
    """A survey with a question of each kind, open; only for a centre, if it is given."""
    survey = write(client, **more)
    add(client, survey)
    add(
        client,
        survey,
        kind="choices",
        text_en="Where?",
        options_en="Here\r\n=There",
        text_ur="کہاں؟",
    )
    add(client, survey, kind="yes_no", text_en="Enough?")
    add(client, survey, kind="text", text_en="What else?", text_fa="دیگر چه؟")
    return set_state(client, survey, "open")


def take(service: Running, who: str, survey: httpx.Response, *answers, centre: str) -> list[dict]:
    """Somebody in a centre takes a survey; the last replies before sending."""
    mark = survey.url.path.split("/")[-1]
    chat(service, who, choice="start")
    chat(service, who, choice="lang:fa")
    chat(service, who, choice=f"centre:{centre}")
    chat(service, who, choice="menu")
    replies = chat(service, who, choice=f"srv:yes:{mark}")
    for number, answer in enumerate(answers):
        if isinstance(answer, str):
            replies = chat(service, who, text=answer)
        else:
            replies = chat(service, who, choice=f"srv:a:{mark[:8]}:{number}:{answer}")
    return replies


def test_from_writing_to_results_and_the_file(service, officer):
    survey = open_one(officer, centre="lipa")
    assert survey.status_code == 200 and "Open ·" in survey.text
    for n in range(4):
        [look] = take(service, f"s{n}", survey, 4, 1, 0, f"نظر {n} +38761123456", centre="lipa")
        assert look["direction"] == "rtl"
        page = officer.get(survey.url.path).text
        if n < K:  # nobody's answer is seen before there are enough
            assert "<table>" not in page.split("As people get it")[0] and "نظر" not in page
            assert f"Fewer than {K} answers" in page
        chat(service, f"s{n}", choice="srv:send")
    page = officer.get(survey.url.path).text
    results = page.split("<h2>Results</h2>")[1].split("As people get it")[0]
    assert results.count(f"fewer than {K}") == 4 + 1 + 1
    assert len(re.findall(r'<blockquote dir="rtl" lang="fa">نظر \d \[number\]<', results)) == 4
    assert "123456" not in page
    form = {"csrf": csrf(page), "purpose": "monthly meeting"}
    answer = officer.post(f"{survey.url.path}/export", data=form)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [r["option"] for r in rows] == [
        *("all", "1", "2", "3", "4", "5", "all", "1", "2", "all", "1", "2", "all")
    ]
    counts = [r["answers"] for r in rows]
    assert {counts[0], counts[5], counts[8], counts[10]} <= {"3", "6"}
    assert counts.count(f"fewer than {K}") == 6 and rows[8]["label"] == "'=There"
    assert "نظر" not in answer.text
    set_state(officer, survey, "close")
    with signed_in(service, "admin") as client:
        log = client.get("/console/audit").text
    ident = survey.url.path.split("/")[-1]
    for action in ("write survey", "open survey", "read survey", "close survey"):
        assert re.search(rf"{action}</td>[^/]*{ident}", log), action
    assert f"{ident}; purpose: monthly meeting" in log


def test_once_open_nothing_can_be_changed_and_once_closed_nobody_can_answer(service, officer):
    survey = open_one(officer, centre="usivak")
    take(service, "late", survey, 0, 0, 0, "words", centre="usivak")
    assert add(officer, survey, text_en="Another?").status_code == 409
    assert add(officer, survey, which="0", do="remove").status_code == 409
    path = survey.url.path
    assert officer.get(f"{path}/edit").status_code == 409
    form = {"csrf": csrf(survey.text), "title_en": "New", **PERIOD}
    assert officer.post(f"{path}/edit", data=form).status_code == 409
    assert "it can&#39;t be changed any more" in set_state(officer, survey, "open").text
    assert "Closed ·" in set_state(officer, survey, "close").text
    assert set_state(officer, survey, "close").status_code == 409
    [over] = chat(service, "late", choice="srv:send")
    assert [c["value"] for c in over["choices"]] == ["menu"]


def test_questions_are_added_changed_and_removed_up_to_seven(officer):
    survey = write(officer)
    assert set_state(officer, survey, "open").status_code == 409
    for n in range(7):
        page = add(officer, survey, text_en=f"Question number {n}?")
    assert "all 7 questions" in page.text
    assert "at most 7 questions" in add(officer, survey, text_en="An eighth?").text
    add(officer, survey, which="0", do="remove")
    page = add(officer, survey, which="0", kind="yes_no", text_en="Changed?").text
    listed = re.findall(r'questions/\d">([^<]+)</a> \(([^)]+)\)', page)
    assert listed[0] == ("Changed?", "yes or no")
    assert [text for text, _kind in listed[1:]] == [f"Question number {n}?" for n in range(2, 7)]
    assert officer.get(f"{survey.url.path}/questions/6").status_code == 404
    assert add(officer, survey, which="x").status_code == 404


def test_missing_languages_are_named_and_each_preview_shows_what_people_get(officer):
    survey = write(officer, title_fa="غذا", title_ar="الطعام")
    page = add(officer, survey, text_fa="چطور است؟")
    missing = re.search(r'class="lacking".*?</p>', page.text, re.S)[0]
    assert re.findall(r'<bdi lang="(\w+)">', missing) == ["ar", "ps", "ur", "fr"]
    for code, language in LANGUAGES.items():
        text = officer.get(f"{survey.url.path}?language={code}").text
        shown = text.split(f'<div class="previews" dir="{language.direction}" lang="{code}">')[1]
        assert ("چطور است؟" in shown) == (code == "fa")
        assert ("How is it?" in shown) == (code != "fa")
        assert ("The food &lt;b&gt;" in shown) == (code not in ("fa", "ar"))
    assert officer.get(f"{survey.url.path}?language=xx").status_code == 200


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title_en": " "}, "Title: the English text is missing"),
        ({"title_fa": "ا" * 81}, "at most 80 characters"),
        ({"opens_on": "tomorrow"}, "write them as 2026-03-31"),
        ({"opens_on": "2020-02-01", "closes_on": "2020-01-01"}, "must come after the first"),
        ({"opens_on": "2020-01-01", "closes_on": "2022-01-01"}, "within one year"),
        ({"centre": "nowhere"}, "choose one of the list"),
    ],
)
def test_a_survey_that_cannot_be_kept_comes_back_to_be_mended(officer, form, words):
    answer = write(officer, **({"title_ps": "خواړه"} | form))
    assert answer.status_code == 400 and words in answer.text and "خواړه" in answer.text
    survey = write(officer)
    sent = {"csrf": csrf(survey.text), "title_en": "Other", "title_ps": "خواړه", **PERIOD} | form
    answer = officer.post(f"{survey.url.path}/edit", data=sent)
    assert answer.status_code == 400 and words in answer.text and "خواړه" in answer.text
    assert "The food" in officer.get(survey.url.path).text
    sent = {"csrf": csrf(survey.text), "title_en": "Mended", **PERIOD}
    mended = officer.post(f"{survey.url.path}/edit", data=sent)
    assert "Mended" in mended.text and "31 Dec 2020" in mended.text
    add(officer, mended)
    assert "last day of this survey is over" in set_state(officer, mended, "open").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text_en": ""}, "Question: the English text is missing"),
        ({"text_fr": "x" * 301}, "at most 300 characters"),
        ({"kind": "essay"}, "choose one of the list"),
        ({"kind": "choices"}, "2 to 6, one a line"),
        ({"kind": "choices", "options_en": "one\n\n "}, "2 to 6, one a line"),
        ({"kind": "choices", "options_en": "\n".join("abcdefg")}, "2 to 6, one a line"),
        ({"kind": "choices", "options_en": "a\na"}, "two are the same"),
        ({"kind": "choices", "options_en": "a\nb", "options_ar": "ا"}, "2 lines, as in English"),
        ({"kind": "choices", "options_en": "a\n" + "b" * 41}, "at most 40 characters"),
    ],
)
def test_a_question_that_cannot_be_kept_comes_back_to_be_mended(officer, form, words):
    survey = write(officer)
    answer = add(officer, survey, **({"text_ps": "څنګه دی؟"} | form))
    assert answer.status_code == 400 and words in answer.text and "څنګه دی؟" in answer.text
    assert "questions/0" not in officer.get(survey.url.path).text


def test_other_roles_forged_forms_and_unknown_surveys_are_refused(service, officer):
    paths = ("surveys", "surveys/new", "surveys/x", "surveys/x/edit", "surveys/x/questions/new")
    forms = ("new", "x/edit", "x/questions/new", "x/state", "x/export")
    everything = {"csrf": "x", "do": "open", "purpose": "p"}
    with signed_in(service, "editor") as client:
        for path in paths:
            assert client.get(f"/console/{path}").status_code == 403
        for form in forms:
            assert client.post(f"/console/surveys/{form}", data=everything).status_code == 403
    survey = open_one(officer, centre="usivak")
    for form in forms:
        answer = officer.post(f"/console/surveys/{form}", data=everything)
        assert answer.status_code == 403, form
    real = everything | {"csrf": csrf(survey.text)}
    for path in paths[2:]:
        assert officer.get(f"/console/{path}").status_code == 404
    for form in forms[1:]:
        assert officer.post(f"/console/surveys/{form}", data=real).status_code == 404
    assert officer.post(f"{survey.url.path}/export", data=real | {"purpose": ""}).status_code == 422


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 360, "height": 720}, {"width": 1280, "height": 800}])
def test_a_survey_is_written_opened_and_read_on_phone_and_laptop(service, browser, size):
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "aap")
    page.get_by_role("link", name="Surveys").first.click()
    page.get_by_role("link", name="Write a survey").click()
    page.locator("[name=title_en]").fill(f"Sleeping places {size['width']}")
    page.locator("[name=title_ar]").fill("أماكن النوم")
    page.get_by_label("Centre").select_option("lipa")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Kind of answer").select_option("choices")
    page.locator("[name=text_en]").fill("Where do you sleep?")
    page.locator("[name=text_ar]").fill("أين تنامون؟")
    page.locator("[name=options_en]").fill("Room\nTent")
    page.locator("[name=options_ar]").fill("غرفة\nخيمة")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="العربية").click()
    expect(page.locator(".previews")).to_have_css("direction", "rtl")
    expect(page.locator(".previews")).to_contain_text("خيمة")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Open the survey").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    expect(page.get_by_text("Fewer than 3 answers")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Close the survey for good").click()
    page.get_by_role("link", name="All surveys").click()
    expect(page.get_by_text(f"Sleeping places {size['width']}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
