"""Supervision over HTTP and in a browser: the page, targets, counsellors and shifts, the export."""

import csv
import html
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from store.database import Database
from store.shifts import Shift
from tests.conftest import free_port
from tests.console.test_accessibility import SIZES, check
from tests.support.console import MAY, add_account, csrf, hidden, sign_in, signed_in
from tests.support.handoff import (
    SECRET_WORDS,
    add_counsellor,
    answer_case,
    in_database,
    open_case,
)
from tests.support.running import Running

DAYS = [Shift(day, 480, 960) for day in range(5)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two counsellors there and one away; cases of every kind."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    with Running(tmp_path_factory.mktemp("supervision"), free_port(), nowhere) as running:
        for role in MAY:
            add_account(running, role, role)
        in_database(running, _fill)
        yield running


async def _fill(database: Database) -> None:
    await add_counsellor(database, "ana b", "ps", "fa", shifts=[*DAYS, Shift(6, 1320, 1800)])
    await add_counsellor(database, "bo", "ar", shifts=DAYS)
    await add_counsellor(database, "cy", "ur", "en", shifts=[], here=False)
    await open_case(database, "w1", 12)
    await open_case(database, "w2", 3, language="ar")
    await open_case(database, "d1", 5, danger=True, language="fr")
    for n in range(6):
        case_id = await open_case(database, f"c{n}", 300 + n)
        await answer_case(database, case_id, "bo", after=n + 2, hours=n + 1, stars=5 - n % 2)


def text_of(page: str) -> str:
    """What a person reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def person_form(client: httpx.Client, name: str, **changed: str | list[str]) -> httpx.Response:
    """Send the form of a counsellor with some fields changed."""
    address = "/console/supervision/person"
    page = client.get(address, params={"name": name}).text
    fields: dict[str, str | list[str]] = {
        "csrf": csrf(page),
        "version": hidden(page, "version"),
        "shown_as": "",
        "capacity": "20",
    }
    return client.post(address, params={"name": name}, data=fields | changed)


def test_the_page_tells_who_waits_which_targets_are_missed_and_who_is_there(service):
    with signed_in(service, "supervisor") as client:
        assert "/console/supervision" in client.get("/console/").text
        page = client.get("/console/supervision").text
        part = client.get("/console/supervision/now").text
    read = text_of(page)
    assert "Waiting 3 longest 12 min" in read and "In danger 1 1 not taken yet" in read
    assert "Over target 2 of 3 open cases" in read and "Counsellors there 2 of 4" in read
    assert "1 in danger without an answer for longer than 2 minutes" in read
    assert "1 in danger while nobody is there who speaks the language" in read
    assert "1 in the queue for longer than 10 minutes" in read
    assert re.search(r'href="/console/cases#[0-9a-f]{32}"', page)
    assert "ana b" in part
    assert SECRET_WORDS not in page
    assert text_of(part).split("State of")[0] in read


def test_times_are_told_by_week_and_language_and_counts_by_month(service):
    with signed_in(service, "supervisor") as client:
        page = client.get("/console/supervision").text
        read, farsi = text_of(page), text_of(client.get("/console/supervision?language=fa").text)
        assert client.get("/console/supervision?language=xx").status_code == 400
    assert "Pashto 6 4 min 6 min" in read  # minutes 2 to 7: the half, and nine of ten
    assert re.search(r"Pashto 6 3 h 30 min 5 h 30 min", read)
    assert re.search(r"\w{3} \d{4} 9 – – – – 6 –", read)  # opened; six replies within a day
    assert re.search(r"\w{3} \d{4} 6 4\.5 – –", read)  # ratings
    assert page.count('role="img"') >= 2 and "Cases opened by weekday and hour" in page
    assert "None yet." in farsi


def test_a_page_that_refreshes_itself_does_not_keep_a_session_alive(service):
    with signed_in(service, "supervisor") as client:
        assert "set-cookie" in client.get("/console/supervision").headers
        assert "set-cookie" not in client.get("/console/supervision/now").headers


def targets(client: httpx.Client, **changed: str) -> httpx.Response:
    page = client.get("/console/supervision/targets").text
    fields = dict(re.findall(r'name="(\w+)" type="number"[^>]*value="(\d+)"', page))
    fields |= {"csrf": csrf(page), "version": hidden(page, "version")}
    return client.post("/console/supervision/targets", data=fields | changed)


def test_targets_are_set_checked_and_not_overwritten_unseen(service):
    with signed_in(service, "supervisor") as client:
        stale = hidden(client.get("/console/supervision/targets").text, "version")
        assert targets(client, waiting="20").status_code == 200
        assert "for longer than 10 minutes" not in client.get("/console/supervision/now").text
        for wrong in ("0", "1441", "ten", "", "1.5", "²"):
            answer = targets(client, waiting=wrong)
            assert answer.status_code == 400 and "A case is taken within" in answer.text, wrong
        answer = targets(client, waiting="5", version=stale)
        assert answer.status_code == 409 and 'value="20"' in answer.text
        assert targets(client, waiting="5", csrf="forged").status_code == 403
        assert targets(client, waiting="10").status_code == 200
    with signed_in(service, "admin") as client:
        log = text_of(client.get("/console/audit").text)
    assert "set targets waiting 10 to 20" in log and "set targets waiting 20 to 10" in log


def test_a_counsellors_languages_desks_and_shifts_are_changed_and_noted(service):
    with signed_in(service, "supervisor") as client:
        sent = {
            "shown_as": "Mina", "languages": ["ur", "fr"], "desks": ["asylum", "health"],
            "serves": ["lipa"], "capacity": "7", "from_0_0": "08:00", "to_0_0": "12:00",
            "from_0_1": "22:00", "to_0_1": "06:00", "from_5_0": "00:00", "to_5_0": "00:00",
        }  # fmt: skip
        answer = person_form(client, "cy", **sent)
        assert answer.url.path == "/console/supervision/people"
        assert re.search(
            r"cy Mina Urdu, French Asylum and legal aid, Health \S+ \S+ \S+ Lipa 7 36",
            text_of(answer.text),
        )
        page = client.get("/console/supervision/person?name=cy").text
        for field in ("from_0_1", "to_0_1", "from_5_0"):
            assert re.search(rf'name="{field}" value="\d\d:\d\d"', page), field
        assert "Tuesday 00–06 : 1" in text_of(answer.text).replace("00–06:", "00–06 :")
    with signed_in(service, "admin") as client:
        log = text_of(client.get("/console/audit").text)
    assert "change counsellor cy: shown_as, languages, desks, serves, capacity, shifts" in log


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"from_1_0": "08:00"}, "Tuesday: write both times"),
        ({"from_1_0": "25:00", "to_1_0": "26:00"}, "Tuesday: write both times"),
        ({"from_2_0": "08:00", "to_2_0": "08:00"}, "can't end when it begins"),
        (
            {"from_2_0": "08:00", "to_2_0": "12:00", "from_2_1": "11:00", "to_2_1": "13:00"},
            "Wednesday 08:00–12:00 and Wednesday 11:00–13:00 are at the same time",
        ),
        ({"capacity": "0"}, "Chats at the same time"),
        ({"capacity": "many"}, "Chats at the same time"),
        ({"shown_as": "a\nb"}, "Name that people see"),
        ({"shown_as": "x" * 65}, "Name that people see"),
        ({"shown_as": "a\u202eb"}, "Name that people see"),
    ],
)
def test_what_can_not_be_is_told_in_words_and_nothing_is_saved(service, wrong, said):
    with signed_in(service, "supervisor") as client:
        before = client.get("/console/supervision/person?name=bo").text
        answer = person_form(client, "bo", **wrong)
        assert answer.status_code == 400 and said in html.unescape(answer.text)
        for field, value in wrong.items():
            assert html.escape(value) in answer.text, field
        after = client.get("/console/supervision/person?name=bo").text
        assert hidden(after, "version") == hidden(before, "version")


def test_a_form_that_is_forged_or_out_of_date_changes_nothing(service):
    with signed_in(service, "supervisor") as client:
        assert person_form(client, "bo", csrf="forged").status_code == 403
        assert person_form(client, "bo", languages=["xx"]).status_code == 400
        assert person_form(client, "bo", serves=["nowhere"]).status_code == 400
        assert person_form(client, "bo", desks=["asylum", "x"]).status_code == 400
        answer = person_form(client, "bo", version="of yesterday", capacity="3")
        assert answer.status_code == 409 and "Somebody else changed this" in answer.text
        assert 'name="capacity"' in answer.text and 'value="3"' not in answer.text
        for name in ("nobody", "supervisor", "", "a%00b"):
            assert client.get(f"/console/supervision/person?name={name}").status_code == 404, name


def test_the_people_page_has_holes_of_each_language_and_names_are_escaped(service):
    with signed_in(service, "supervisor") as client:
        page = client.get("/console/supervision/people").text
    read = text_of(page)
    assert "Arabic 1 speaks it; nobody in 128 of 168 hours" in read
    assert "ana b" in page and "name=ana%20b" in page
    assert "Monday 00–06: 1 , 06–08: nobody , 08–16: 1 , 16–24: nobody" in read


def test_the_export_has_counts_without_topics_and_is_noted(service):
    with signed_in(service, "supervisor") as client:
        token = csrf(client.get("/console/supervision").text)
        address = "/console/supervision/export"
        answer = client.post(address, data={"csrf": token, "purpose": "yearly plan"})
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(answer.text.splitlines()))
        assert {"opened", "first reply within", "closed", "rated"} <= {row["what"] for row in rows}
        [opened] = [r for r in rows if r["what"] == "opened" and r["language"] == "ps"]
        assert opened["count"] == "7" and opened["key"] == ""
        assert client.post(address, data={"csrf": token, "purpose": " "}).status_code == 400
        assert client.post(address, data={"csrf": "x", "purpose": "y"}).status_code == 403
    with signed_in(service, "admin") as client:
        assert "purpose: yearly plan" in client.get("/console/audit").text


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_page_refreshes_itself_and_keeps_the_focus(service, browser, size):
    context = browser.new_context(viewport=size)
    page: Page = context.new_page()
    page.clock.install()
    sign_in(page, service, "supervisor")
    page.get_by_role("link", name="Supervision").first.click()
    waiting = page.locator("#now dd strong").first
    before = int(waiting.inner_text())
    link = page.locator("#now a[href^='/console/cases#']").first
    link.focus()
    focused = link.get_attribute("id")
    in_database(service, lambda database: open_case(database, f"new {size}"))
    page.clock.fast_forward(16_000)
    expect(waiting).to_have_text(str(before + 1))
    assert page.evaluate("document.activeElement.id") == focused
    for part in page.locator("section, table, form.box, dl.facts").all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= size["width"] + 0.5
    page.route("**/supervision/now", lambda route: route.abort())
    page.clock.fast_forward(16_000)
    expect(page.get_by_role("status")).to_have_text(
        "No connection: the numbers are not up to date."
    )
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_full_pages_have_no_serious_finding_in_both_directions(service, browser, size):
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "supervisor")
    for address in ("", "/people", "/person?name=bo", "/targets"):
        page.goto(f"{service.url}/console/supervision{address}")
        for summary in page.locator("summary").all():
            summary.click()
        check(page)
    context.close()


@pytest.mark.browser
def test_a_shift_is_planned_in_the_browser(service, browser):
    context = browser.new_context(viewport={"width": 360, "height": 720})
    page = context.new_page()
    sign_in(page, service, "supervisor")
    page.goto(f"{service.url}/console/supervision/people")
    page.get_by_role("link", name="counsellor", exact=True).click()
    page.get_by_label("French").check()
    page.get_by_label("Sunday, shift 1, from").fill("22:00")
    page.get_by_label("Sunday, shift 1, to").fill("06:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="counsellor People see")).to_contain_text("French")
    context.close()
