"""The staff's pages over HTTP: roles, forms, and what each role reads."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import free_port
from tests.support.nlu_server import NluServer
from tests.support.running import Running

PASSWORD = "a long password"
PAGES = ("cases", "dashboard", "feedback", "reports", "sensitive", "unclear", "audit")
MAY = {
    "counsellor": {"cases"},
    "supervisor": {"cases", "dashboard"},
    "aap": {"dashboard", "feedback"},
    "protection": {"reports", "sensitive"},
    "editor": {"unclear"},
    "admin": {"unclear", "audit"},
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("console"), free_port(), nlu.url) as running,
    ):
        for role in MAY:
            made = running.command(
                "users", "add", role, "--role", role, "--password-stdin", stdin=f"{PASSWORD}\n"
            )
            assert made.returncode == 0, made.stderr
        yield running


@contextmanager
def signed_in(service: Running, role: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, follow_redirects=True) as client:
        answer = client.post("/console/sign-in", data={"name": role, "password": PASSWORD})
        assert answer.status_code == 200 and answer.url.path == "/console/"
        yield client


def csrf(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"')[0]


def chat(service: Running, session: str, **message) -> list[dict]:
    answer = httpx.post(f"{service.url}/chat/messages", json={"session": session, **message})
    assert answer.status_code == 200, answer.text
    return answer.json()["replies"]


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_its_own_pages_and_gets_403_on_all_others(service, role):
    with signed_in(service, role) as client:
        for page in PAGES:
            status = client.get(f"/console/{page}").status_code
            assert status == (200 if page in MAY[role] else 403), page


def test_without_signing_in_every_page_leads_to_the_sign_in_page(service):
    with httpx.Client(base_url=service.url) as client:
        for page in ("", "password", *PAGES, "cases/x", "reports/x"):
            answer = client.get(f"/console/{page}")
            assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
        for form in (
            "cases/x/reply",
            "cases/x/close",
            "feedback/x",
            "sensitive/x",
            "unclear/x",
            "sign-out",
        ):
            assert client.post(f"/console/{form}").status_code in (303, 422)


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(service):
    with httpx.Client(base_url=service.url) as client:
        for name in ("aap", "nobody"):
            answer = client.post("/console/sign-in", data={"name": name, "password": "wrong"})
            assert answer.status_code == 401 and "Name or password is wrong." in answer.text


def test_a_forged_cookie_or_form_is_refused(service):
    with httpx.Client(base_url=service.url, cookies={"rahnuma_console": "forged"}) as client:
        assert client.get("/console/cases").status_code == 303
    with signed_in(service, "counsellor") as client:
        answer = client.post("/console/sign-out", data={"csrf": "forged"})
        assert answer.status_code == 403


def test_feedback_reaches_the_officer_and_the_answer_comes_back_by_code(service):
    chat(service, "f1", choice="lang:fa")
    chat(service, "f1", choice="fb")
    chat(service, "f1", choice="fb:type:complaint")
    chat(service, "f1", choice="fb:area:food")
    chat(service, "f1", text="غذا سرد است <b>")
    [done] = chat(service, "f1", choice="fb:send")
    code = re.search(r"<code>([\d-]+)</code>", done["html"])[1]
    with signed_in(service, "aap") as client:
        page = client.get("/console/feedback").text
        assert 'dir="rtl" lang="fa">غذا سرد است &lt;b&gt;</blockquote>' in page
        item = page.split('action="/console/feedback/')[1].split('"')[0]
        client.post(
            f"/console/feedback/{item}",
            data={"csrf": csrf(page), "status": "answered", "reply": "از فردا گرم است."},
        )
    chat(service, "f2", choice="lang:fa")
    chat(service, "f2", choice="fb:code")
    [answer] = chat(service, "f2", text=code)
    assert "از فردا گرم است." in answer["text"]


def test_sensitive_feedback_is_seen_by_the_protection_desk_alone_until_it_is_coded_otherwise(
    service,
):
    words = "the guard wants money for a blanket"
    chat(service, "s1", choice="lang:en")
    chat(service, "s1", choice="fb:type:complaint")
    chat(service, "s1", choice="fb:area:staff")
    chat(service, "s1", text=words)
    chat(service, "s1", choice="fb:send")
    with signed_in(service, "aap") as officer, signed_in(service, "protection") as desk:
        page = desk.get("/console/sensitive").text
        assert words in page and "(suggested: confirm or correct it)" in page
        item = page.split('action="/console/sensitive/')[1].split('"')[0]
        general = officer.get("/console/feedback").text
        assert words not in general
        form = {"csrf": csrf(general), "status": "closed"}
        assert officer.post(f"/console/feedback/{item}", data=form).status_code == 404
        assert officer.post(f"/console/sensitive/{item}", data=form).status_code == 403
        form = {"csrf": csrf(page), "status": "acknowledged", "code": "items_bedding"}
        assert words not in desk.post(f"/console/sensitive/{item}", data=form).text
        page = officer.get("/console/feedback").text
        assert words in page and "(by <bdi>protection</bdi>)" in page
        form = {"csrf": csrf(page), "status": "acknowledged", "code": "staff_corruption"}
        assert words not in officer.post(f"/console/feedback/{item}", data=form).text
        page = desk.get("/console/sensitive").text
        assert words in page and '<option value="new" selected>' in page  # unread by the desk
        page = officer.get("/console/feedback").text
        wrong = {"csrf": csrf(page), "status": "acknowledged", "code": "no_such_code"}
        assert officer.post(f"/console/feedback/{item}", data=wrong).status_code == 400


def test_a_report_is_read_by_protection_only_and_the_look_is_in_the_audit_log(service):
    chat(service, "r1", choice="rep:gbv")
    chat(service, "r1", text="words for the protection desk")
    chat(service, "r1", choice="rep:nocontact")
    chat(service, "r1", choice="rep:send")
    with signed_in(service, "protection") as client:
        page = client.get("/console/reports").text
        report = page.split('href="/console/reports/')[1].split('"')[0]
        assert "words for the protection desk" in client.get(f"/console/reports/{report}").text
    with signed_in(service, "aap") as client:
        assert client.get(f"/console/reports/{report}").status_code == 403
        assert "words for the protection desk" not in client.get("/console/feedback").text
    with signed_in(service, "admin") as client:
        assert re.search(rf"protection</td>\s*<td[^>]*>read report</td>.*{report}", client.get(
            "/console/audit").text)  # fmt: skip


def test_a_counsellor_answers_in_the_web_chat_and_closes_the_case(service):
    chat(service, "c1", choice="person")
    chat(service, "c1", choice="person:yes")
    chat(service, "c1", text="I need to talk")
    with signed_in(service, "counsellor") as client:
        page = client.get("/console/cases").text
        case = page.split('href="/console/cases/')[1].split('"')[0]
        page = client.get(f"/console/cases/{case}").text
        assert "I need to talk" in page
        form = {"csrf": csrf(page), "text": "Hello, I am Mira"}
        client.post(f"/console/cases/{case}/reply", data=form)
        session = {"X-Rahnuma-Session": "c1"}
        fetched = httpx.get(f"{service.url}/chat/messages", headers=session).json()
        assert "Hello, I am Mira" in fetched["replies"][0]["text"]
        again = httpx.get(f"{service.url}/chat/messages", headers=session).json()
        assert again["replies"] == []
        client.post(f"/console/cases/{case}/close", data=form)
        assert client.post(f"/console/cases/{case}/reply", data=form).status_code == 409


def test_unknown_things_are_404_and_bad_input_is_4xx_without_the_input(service):
    json = {"Content-Type": "application/json"}
    with signed_in(service, "counsellor") as client:
        assert client.get("/console/cases/nothing").status_code == 404
    for body in ({}, {"session": "x"}, {"session": "", "text": "a"}, {"session": "x", "text": "s",
                 "choice": "c"}, {"session": "x", "text": "secret" * 1000}):  # fmt: skip
        answer = httpx.post(f"{service.url}/chat/messages", json=body)
        assert answer.status_code == 422 and "secret" not in answer.text
    lone = b'{"session": "\\ud800", "text": "a\\ud800\\u0000"}'
    assert httpx.post(f"{service.url}/chat/messages", content=lone, headers=json).status_code < 500
    assert httpx.post(f"{service.url}/chat/messages", content=b"\xff").status_code in (400, 422)


def test_health_readiness_and_metrics_answer(service):
    assert httpx.get(f"{service.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{service.url}/readyz").json() == {
        "database": "ok",
        "nlu": "ok",
        "telegram": "off",
    }
    assert "rahnuma_messages_total" in httpx.get(f"{service.url}/metrics").text


def test_pages_forbid_foreign_scripts_framing_and_caching(service):
    for path in ("/", "/console/sign-in"):
        headers = httpx.get(f"{service.url}{path}").headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 360, "height": 720}, {"width": 1280, "height": 800}])
def test_pages_fit_phone_and_laptop_and_show_each_language_in_its_direction(service, browser, size):
    chat(service, "b1", choice="lang:ps")
    chat(service, "b1", choice="person")
    chat(service, "b1", choice="person:yes")
    chat(service, "b1", text="زه مرسته غواړم")
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.goto(f"{service.url}/console/cases")
    page.get_by_label("Name").fill("counsellor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Cases").first.click()
    page.get_by_role("link", name="Open").last.click()
    expect(page.locator("li.person").first).to_have_css("direction", "rtl")
    expect(page.locator("textarea")).to_have_css("direction", "rtl")
    expect(page.locator("header").first).to_have_css("display", "flex")  # the style sheet is there
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 360, "height": 720}, {"width": 1280, "height": 800}])
def test_feedback_is_coded_and_answered_on_phone_and_laptop(service, browser, size):
    who = f"b2-{size['width']}"
    chat(service, who, choice="lang:ur")
    chat(service, who, choice="fb:type:suggestion")
    chat(service, who, choice="fb:area:food")
    chat(service, who, text=f"کھانا گرم ہونا چاہیے، کمرہ {size['width']}")
    chat(service, who, choice="fb:send")
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.goto(f"{service.url}/console/feedback")
    page.get_by_label("Name").fill("aap")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{service.url}/console/feedback")
    item = page.locator("article", has_text=f"کمرہ {size['width']}")
    expect(item.locator("blockquote")).to_have_css("direction", "rtl")
    item.locator("select[name=code]").select_option("food_quality")
    item.locator("select[name=status]").select_option("answered")
    item.locator("textarea").fill("شکریہ، ہم نے باورچی خانے کو بتا دیا ہے۔")
    item.get_by_role("button", name="Save").click()
    saved = page.locator("article", has_text=f"کمرہ {size['width']}")
    expect(saved.locator("select[name=code]")).to_have_value("food_quality")
    expect(saved).to_contain_text("by aap")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
