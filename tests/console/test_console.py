"""The staff's pages over HTTP: roles, forms, and what each role reads."""

import re

import httpx
import pytest

from tests.support.cases import KEYS, asks_for_a_person
from tests.support.console import MAY, PAGES, chat, signed_in


@pytest.mark.parametrize("role", MAY)
def test_each_role_opens_its_own_pages_and_gets_403_on_all_others(service, role):
    with signed_in(service, role) as client:
        for page in PAGES:
            status = client.get(f"/console/{page}").status_code
            assert status == (200 if page in MAY[role] else 403), page


def test_without_signing_in_every_page_leads_to_the_sign_in_page(service):
    with httpx.Client(base_url=service.url) as client:
        own = ("sign-in/code", "password", "second-factor", "account")
        for page in ("", *own, *PAGES, "api/cases/x", "reports/x", "staff/x"):
            answer = client.get(f"/console/{page}")
            assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
        for form in (
            "api/cases/x/take",
            "api/cases/x/messages",
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
    case = asks_for_a_person(service, "I need to talk", person=KEYS.pseudonym("web", "c1"))
    with signed_in(service, "counsellor") as client:
        token = client.get("/console/cases").text.split('data-csrf="')[1].split('"')[0]
        headers, api = {"X-CSRF": token}, f"/console/api/cases/{case}"
        words = {"key": "key-hello-1", "text": "Hello, I am Mira"}
        assert client.post(f"{api}/take", headers=headers).status_code == 200
        assert client.get(api).json()["about"]["text"] == "I need to talk"
        client.post(f"{api}/messages", headers=headers, json=words)
        session = {"X-Rahnuma-Session": "c1"}
        fetched = httpx.get(f"{service.url}/chat/messages", headers=session).json()
        joined, words_of_mira = fetched["replies"]
        assert "counsellor is here" in joined["text"]
        assert "Hello, I am Mira" in words_of_mira["text"]
        again = httpx.get(f"{service.url}/chat/messages", headers=session).json()
        assert again["replies"] == []
        client.post(f"{api}/close", headers=headers, json={"outcome": "solved"})
        late = client.post(f"{api}/messages", headers=headers, json=words | {"key": "key-late-1"})
        assert late.status_code == 409


def test_unknown_things_are_404_and_bad_input_is_4xx_without_the_input(service):
    json = {"Content-Type": "application/json"}
    with signed_in(service, "counsellor") as client:
        assert client.get("/console/api/cases/nothing").status_code == 404
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
