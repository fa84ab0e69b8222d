"""The staff's pages over HTTP: roles, forms, and what each role reads."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.console import MAY, PAGES, chat, csrf, sign_in, signed_in


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_its_own_pages_and_gets_403_on_all_others(service, role):
    with signed_in(service, role) as client:
        for page in PAGES:
            status = client.get(f"/console/{page}").status_code
            assert status == (200 if page in MAY[role] else 403), page


def test_without_signing_in_every_page_leads_to_the_sign_in_page(service):
    with httpx.Client(base_url=service.url) as client:
        own = ("sign-in/code", "password", "second-factor", "account")
        for page in ("", *own, *PAGES, "cases/x", "reports/x", "staff/x"):
            answer = client.get(f"/console/{page}")
            assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
        for form in (
            "cases/x/reply",
            "cases/x/close",
            "feedback/x",
            "sensitive/x",
            "unclear/x",
            "changes/new",
            "changes/x",
            "changes/x/state",
            "surveys/new",
            "surveys/x/edit",
            "surveys/x/state",
            "surveys/x/questions/new",
            "surveys/x/export",
            "staff",
            "staff/x/place",
            "staff/x/do",
            "second-factor",
            "account/password",
            "account/second-factor",
            "account/recovery-codes",
            "account/sign-out-everywhere",
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
    chat(service, "c1", choice="person:skip")
    with signed_in(service, "counsellor") as client:
        page = client.get("/console/cases").text
        case = page.split('href="/console/cases/')[1].split('"')[0]
        page = client.get(f"/console/cases/{case}").text
        assert "I need to talk" in page
        form = {"csrf": csrf(page), "text": "Hello, I am Mira"}
        client.post(f"/console/cases/{case}/reply", data=form)
        session = {"X-Rahnuma-Session": "c1"}
        fetched = httpx.get(f"{service.url}/chat/messages", headers=session).json()
        joined, words = fetched["replies"]
        assert "counsellor is here" in joined["text"] and "Hello, I am Mira" in words["text"]
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
    chat(service, "b1", choice="person:skip")
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "counsellor")
    page.get_by_role("link", name="Cases").first.click()
    page.get_by_role("link", name="Open").last.click()
    expect(page.locator("li.person").first).to_have_css("direction", "rtl")
    expect(page.locator("textarea")).to_have_css("direction", "rtl")
    expect(page.locator("header").first).to_have_css("display", "flex")  # the style sheet is there
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
