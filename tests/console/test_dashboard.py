"""The dashboard over HTTP and in a browser: who sees it, what it shows, what it never shows."""

import asyncio
import csv
import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from store.database import Database
from store.staff import add_staff
from store.tables import today
from tests.conftest import free_port
from tests.reporting.support import fill, item
from tests.support.console import PASSWORD, know_second_factor, sign_in, signed_in
from tests.support.running import Running

ROLES = ("aap", "supervisor", "protection", "admin", "counsellor", "editor")
MAY = ("aap", "supervisor")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with Running(tmp_path_factory.mktemp("dashboard"), free_port(), nowhere) as running:
        with ThreadPoolExecutor() as pool:  # in a browser's thread a loop runs already
            pool.submit(lambda: asyncio.run(fill_service(running))).result()
        yield running


async def fill_service(service: Running) -> None:
    """Accounts, 60 items of the last three weeks, one alone, and 3 sensitive ones."""
    database = Database(f"sqlite:///{service.database}")
    await database.open()
    async with database.transaction() as session:
        for role in ROLES:
            know_second_factor(await add_staff(session, role, role, PASSWORD))
    days = [today() - dt.timedelta(days=n % 20) for n in range(60)]
    await fill(
        database,
        *(
            item(
                given_on=day,
                centre=("lipa", "usivak", None)[n % 3],
                language=("fa", "ar")[n % 2],
                type="rumour" if n < 12 else "complaint",
                code="asylum_waiting" if n < 12 else "food_quality",
                category="asylum" if n < 12 else "food",
                status="answered" if n % 4 == 0 else "new",
                answered_on=day if n % 4 == 0 else None,
                text=f"secret words {n}",
            )
            for n, day in enumerate(days)
        ),
        item(given_on=today(), language="ps", centre="borici", type="praise"),
        *(item(given_on=today(), sensitive=True, code="staff_sea") for _ in range(3)),
    )
    await database.close()


def numbers(page: str, table: str) -> dict[str, str]:
    """The rows of a table of the page: label and count."""
    part = page.split(f'aria-labelledby="h-{table}"')[1].split("</section>")[0]
    return dict(re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td>', part))


@pytest.mark.parametrize("role", ROLES)
def test_officers_and_supervisors_see_the_dashboard_and_nobody_else(service, role):
    with signed_in(service, role) as client:
        answer = client.get("/console/dashboard")
        assert answer.status_code == (200 if role in MAY else 403)
        assert ("/console/dashboard" in client.get("/console/").text) == (role in MAY)


def test_numbers_are_multiples_of_five_or_fewer_than_five(service):
    with signed_in(service, "aap") as client:
        page = client.get("/console/dashboard").text
    for table in ("time", "type", "category", "centre", "language", "status", "sensitive"):
        found = numbers(page, table)
        assert found, table
        for label, number in found.items():
            assert number == "fewer than 5" or int(number) % 5 == 0, (table, label, number)
    assert numbers(page, "type")["Praise"] == numbers(page, "type")["Question"] == "fewer than 5"
    assert numbers(page, "language")["Pashto"] == "fewer than 5"
    assert numbers(page, "open") and "secret words" not in page
    assert set(numbers(page, "sensitive").values()) == {"fewer than 5"}
    assert page.count('role="img"') == page.count("<desc id=") >= 8
    assert "rounded up or down to a multiple of 5" in page


def test_filters_narrow_down_and_a_selection_of_few_shows_nothing(service):
    with signed_in(service, "aap") as client:
        page = client.get("/console/dashboard?centre=lipa&language=fa&type=complaint").text
        found = numbers(page, "centre")
        assert {label for label, number in found.items() if number != "fewer than 5"} == {"Lipa"}
        assert '<option value="lipa" selected>' in page
        page = client.get("/console/dashboard?language=ps").text
        assert "There are fewer than 5 items in this selection" in page
        assert 'aria-labelledby="h-centre"' not in page
        for wrong in ("from=2025-1", "to=2999-01", "centre=x", "language=de", "from=%D9%A3"):
            assert client.get(f"/console/dashboard?{wrong}").status_code in (400, 422), wrong


def test_each_look_is_in_the_audit_log_with_its_filters(service):
    with signed_in(service, "supervisor") as client:
        client.get("/console/dashboard?from=2025-01&to=2025-02&centre=lipa")
    with signed_in(service, "admin") as client:
        page = client.get("/console/audit").text
    assert re.search(r"supervisor</td>\s*<td[^>]*>read dashboard</td>.*2025-01 2025-02 lipa", page)


def exported(client: httpx.Client, **changed: str | list[str]) -> httpx.Response:
    page = client.get("/console/dashboard?centre=lipa").text
    form = page.split('action="/console/dashboard/export"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form))
    fields |= {"purpose": "monthly meeting", "sensitivity": "partners", "form": "csv",
               "by": "month", "apart": ["centre", "type"]}  # fmt: skip
    return client.post("/console/dashboard/export", data=fields | changed)


def test_an_export_has_the_filters_of_the_page_and_is_in_the_audit_log(service):
    with signed_in(service, "aap") as client:
        answer = exported(client)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
        name = re.search(r'filename="(.*)"', answer.headers["content-disposition"])[1]
        assert name.startswith("feedback_") and name.endswith("_partners.csv")
        rows = list(csv.DictReader(answer.text.splitlines()))
        assert rows and {row["centre"] for row in rows} == {"lipa"}
        assert all(int(row["count"]) % 5 == 0 and int(row["count"]) >= 5 for row in rows)
        assert "secret" not in answer.text and "staff_sea" not in answer.text
        assert exported(client, form="hxl").text.splitlines()[1].startswith("#date")
        assert exported(client, form="xlsx").content[:2] == b"PK"
    with signed_in(service, "admin") as client:
        page = client.get("/console/audit").text
    assert re.search(
        r"aap</td>\s*<td[^>]*>export feedback</td>.*csv; shared with partners; "
        r"\d{4}-\d{2} \d{4}-\d{2} lipa; by month, centre, type; purpose: monthly meeting",
        page,
    )


def test_an_export_without_purpose_class_or_our_form_is_refused_and_not_noted(service):
    with signed_in(service, "admin") as admin, signed_in(service, "aap") as client:
        before = admin.get("/console/audit").text.count("export feedback")
        assert exported(client, csrf="forged").status_code == 403
        assert exported(client, purpose="  ").status_code == 400
        assert exported(client, sensitivity="everybody").status_code == 400
        assert exported(client, apart=["text"]).status_code == 400
        assert exported(client, centre="nowhere").status_code == 400
        for field, wrong in (("form", "pdf"), ("purpose", "x" * 201), ("from", "2025-001")):
            assert exported(client, **{field: wrong}).status_code == 422
        assert admin.get("/console/audit").text.count("export feedback") == before
    with signed_in(service, "protection") as client:
        form = {"csrf": "x", "form": "csv", "sensitivity": "internal", "purpose": "p"}
        form |= {"from": "2025-01", "to": "2025-01"}
        assert client.post("/console/dashboard/export", data=form).status_code == 403


def test_the_monthly_report_opens_as_page_and_pdf_and_each_leaves_a_line(service):
    month = f"{today():%Y-%m}"
    with signed_in(service, "supervisor") as client:
        assert f"/console/report/{month}" in client.get("/console/dashboard").text
        page = client.get(f"/console/report/{month}")
        assert f"<h1>Feedback in {today():%B %Y}</h1>" in page.text
        assert "Month before" in page.text and "Month after" not in page.text
        pdf = client.get(f"/console/report/{month}.pdf")
        assert pdf.headers["content-type"] == "application/pdf" and pdf.content[:5] == b"%PDF-"
        for wrong in ("2025-13", "2999-01", "x", "2025-1.pdf"):
            assert client.get(f"/console/report/{wrong}").status_code == 404, wrong
    with signed_in(service, "protection") as client:
        assert client.get(f"/console/report/{month}").status_code == 403
        assert client.get(f"/console/report/{month}.pdf").status_code == 403
    with signed_in(service, "admin") as client:
        page = client.get("/console/audit").text
    for form in ("html", "pdf"):
        line = rf"supervisor</td>\s*<td[^>]*>monthly report</td>\s*<td[^>]*><code>{month} {form}<"
        assert re.search(line, page), form


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 360, "height": 720}, {"width": 1280, "height": 800}])
def test_the_dashboard_fits_phone_and_laptop_and_filters_work_without_a_script(
    service, browser, size
):
    context = browser.new_context(viewport=size, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, service, "aap")
    page.get_by_role("link", name="Dashboard").first.click()
    page.get_by_label("Centre").first.select_option("lipa")
    page.get_by_role("button", name="Show").click()
    assert "centre=lipa" in page.url
    chart = page.get_by_role("img", name="By category")
    box = chart.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
    for part in page.locator("section.chart, form.box, dl.facts").all():
        box = part.bounding_box()
        assert box["x"] + box["width"] <= size["width"]
    context.close()
