"""The admin's page of accounts, and the page of the audit log."""

import re
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.console import (
    add_account,
    change_account,
    check_width,
    csrf,
    give_password,
    shown_secret,
    sign_in,
    signed_in,
)


def do(client: httpx.Client, name: str, deed: str) -> httpx.Response:
    page = client.get(f"/console/staff/{quote(name)}").text
    form = {"csrf": csrf(page), "deed": deed}
    return client.post(f"/console/staff/{quote(name)}/do", data=form)


def place(client: httpx.Client, name: str, role: str, centre: str = "") -> httpx.Response:
    page = client.get(f"/console/staff/{quote(name)}").text
    form = {"csrf": csrf(page), "role": role, "centre": centre}
    return client.post(f"/console/staff/{quote(name)}/place", data=form)


def add(client: httpx.Client, **form: str) -> httpx.Response:
    page = client.get("/console/staff").text
    return client.post("/console/staff", data={"csrf": csrf(page), **form})


def line(client: httpx.Client, name: str) -> str:
    """An account's line on the list, as text."""
    page = client.get("/console/staff").text
    row = next(r for r in page.split("<tr>") if f"<bdi>{name}</bdi>" in r)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(service):
    with signed_in(service, "admin") as client:
        page = add(client, name=" Žana K. ", role="aap", centre="lipa").text
        password = shown_secret(page)
        assert password not in client.get(f"/console/staff/{quote('Žana K.')}").text
        assert "not set waits for a new password never" in line(client, "Žana K.")
        log = client.get("/console/audit", params={"action": "add account"}).text
        assert "Žana K.: aap, lipa" in log and password not in log
    with httpx.Client(base_url=service.url, follow_redirects=True) as client:
        assert give_password(client, "Žana K.", password).url.path == "/console/password"


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "aap", "role": "aap"}, "exists already"),
        ({"name": "a/b", "role": "aap"}, "name: "),
        ({"name": "new one", "role": "boss"}, "must be one of"),
        ({"name": "new one", "role": "aap", "centre": "nowhere"}, "choose one of the list"),
    ],
)
def test_an_account_that_can_t_be_made_is_refused_in_words(service, form, says):
    with signed_in(service, "admin") as client:
        answer = add(client, **form)
        assert answer.status_code == 400 and says in answer.text
        assert "<bdi>new one</bdi>" not in client.get("/console/staff").text


def test_another_role_and_centre_sign_the_account_out_and_open_other_pages(service):
    add_account(service, "moved", "counsellor")
    with signed_in(service, "moved") as client, signed_in(service, "admin") as admin:
        assert client.get("/console/cases").status_code == 200
        assert place(admin, "moved", "aap", "lipa").status_code == 200
        assert client.get("/console/cases").url.path == "/console/sign-in"
        assert "aap Lipa" in line(admin, "moved")
        log = admin.get("/console/audit", params={"action": "change account"}).text
        assert "moved: counsellor → aap, lipa" in log
        for role, centre in (("boss", ""), ("aap", "nowhere")):
            assert place(admin, "moved", role, centre).status_code == 400
    with signed_in(service, "moved") as client:
        assert client.get("/console/cases").status_code == 403
        assert client.get("/console/feedback").status_code == 200


def test_switching_off_and_on_unlocking_and_signing_out(service):
    add_account(service, "leaves", "counsellor")
    with signed_in(service, "leaves") as client, signed_in(service, "admin") as admin:
        do(admin, "leaves", "switch off account")
        assert "switched off" in line(admin, "leaves")
        assert client.get("/console/cases").url.path == "/console/sign-in"
        assert give_password(client, "leaves").status_code == 401
        do(admin, "leaves", "switch on account")
        for _ in range(5):
            give_password(client, "leaves", "wrong")
        assert "locked until" in line(admin, "leaves")
        do(admin, "leaves", "unlock account")
        with signed_in(service, "leaves") as again:
            do(admin, "leaves", "sign out everywhere")
            assert again.get("/console/cases").url.path == "/console/sign-in"
        log = admin.get("/console/audit", params={"staff": "admin"}).text
        for deed in ("switch off", "switch on", "unlock"):
            assert re.search(rf"{deed} account</td>\s*<td[^>]*><code>leaves<", log), deed


def test_a_lost_phone_and_a_forgotten_password(service):
    add_account(service, "lost", "counsellor")
    with signed_in(service, "lost") as client, signed_in(service, "admin") as admin:
        do(admin, "lost", "reset second factor")
        assert client.get("/console/cases").url.path == "/console/sign-in"
        assert give_password(client, "lost").url.path == "/console/second-factor"
        password = shown_secret(do(admin, "lost", "reset password").text)
        assert client.get("/console/cases").url.path == "/console/sign-in"
        assert give_password(client, "lost").status_code == 401
        assert give_password(client, "lost", password).url.path == "/console/password"


def test_the_last_active_admin_stays_and_own_password_and_factor_are_changed_elsewhere(service):
    add_account(service, "other admin", "admin")
    with signed_in(service, "admin") as admin:
        do(admin, "other admin", "switch off account")
        for answer in (do(admin, "admin", "switch off account"), place(admin, "admin", "editor")):
            assert answer.status_code == 400 and "last active admin" in answer.text
        for deed in ("reset password", "reset second factor"):
            assert do(admin, "admin", deed).status_code == 409
        do(admin, "other admin", "switch on account")
        assert do(admin, "admin", "switch off account").url.path == "/console/sign-in"
    change_account(service, "admin", active=1)


def test_unknown_accounts_and_deeds_are_4xx(service):
    with signed_in(service, "admin") as admin:
        for name in ("nobody", "%00"):
            assert admin.get(f"/console/staff/{name}").status_code == 404
        token = csrf(admin.get("/console/staff").text)
        for form, status in (
            ({"csrf": token, "deed": "delete"}, 422),
            ({"csrf": token, "deed": "unlock account"}, 404),
            ({"csrf": "forged", "deed": "unlock account"}, 403),
        ):
            assert admin.post("/console/staff/nobody/do", data=form).status_code == status


def test_the_audit_log_is_filtered_and_paged(service):
    add_account(service, "busy", "editor")
    with signed_in(service, "busy") as client:
        for _ in range(101):
            client.get("/console/unclear")
    with signed_in(service, "admin") as admin:
        page = admin.get("/console/audit", params={"staff": "busy", "action": "read unclear"}).text
        assert page.count("<tr><td") == 100
        older = page.split('href="/console/audit?')[1].split('"')[0].replace("&amp;", "&")
        assert admin.get(f"/console/audit?{older}").text.count("<tr><td") == 1
        assert "No lines." in admin.get("/console/audit", params={"day": "2020-01-01"}).text
        for wrong in (
            {"day": "yesterday"},
            {"before": "x"},
            {"before": str(2**40)},
            {"staff": "\0"},
        ):
            assert admin.get("/console/audit", params=wrong).status_code in (400, 422), wrong


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_an_admin_adds_an_account_and_switches_it_off_in_a_browser(service, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, service, "admin")
    page.get_by_role("link", name="Staff").first.click()
    page.get_by_label("Name").fill(f"hana {width}")
    page.get_by_label("Role").select_option("counsellor")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("code.secret")).to_be_visible()
    check_width(page)
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("button", name="Switch on")).to_be_visible()
    expect(page.locator("code.secret")).to_have_count(0)
    page.get_by_role("link", name="All accounts").click()
    expect(page.get_by_role("row").filter(has_text=f"hana {width}")).to_contain_text("switched off")
    check_width(page)
    context.close()
