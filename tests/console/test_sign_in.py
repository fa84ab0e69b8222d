"""Signing in step by step over HTTP and in a browser, and when a session is over at once."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from console.access import COOKIE
from store.staff import MAX_FAILURES
from tests.conftest import free_port
from tests.support.console import (
    PASSWORD,
    add_account,
    change_account,
    check_width,
    code_now,
    csrf,
    fresh_code,
    give_code,
    give_password,
    hidden,
    set_up_second_factor,
    shown_secret,
    signed_in,
)
from tests.support.running import Running

SIZES = [{"width": 360, "height": 720}, {"width": 1280, "height": 800}]


def client_of(service: Running) -> httpx.Client:
    return httpx.Client(base_url=service.url, follow_redirects=True)


def audit(service: Running, **wanted: str) -> str:
    with signed_in(service, "admin") as client:
        return client.get("/console/audit", params=wanted).text


def test_without_the_code_no_page_opens(service):
    with client_of(service) as client:
        assert give_password(client, "aap").url.path == "/console/sign-in/code"
        for page in ("", "feedback", "account", "password", "second-factor", "audit"):
            answer = client.get(f"/console/{page}")
            assert answer.url.path == "/console/sign-in/code", page
            assert "/console/feedback" not in answer.text, "no menu yet"
        form = {"csrf": csrf(answer.text), "password": PASSWORD, "code": code_now()}
        for address in ("account/recovery-codes", "account/sign-out-everywhere", "second-factor"):
            answer = client.post(f"/console/{address}", data=form | {"sealed": "x"})
            assert answer.url.path == "/console/sign-in/code", address


def test_a_code_works_once_a_wrong_one_never_and_both_are_refused_in_words(service):
    add_account(service, "once", "aap")
    with client_of(service) as client:
        page = give_password(client, "once").text
        wrong = give_code(client, page, "not a code")
        assert wrong.status_code == 401 and "The code is wrong" in wrong.text
        code = fresh_code(service, "once")
        assert give_code(client, page, code[:3] + " " + code[3:]).url.path == "/console/"
    with client_of(service) as client:
        again = give_code(client, give_password(client, "once").text, code)
        assert again.status_code == 401 and "works once" in again.text
        # the next step's code is allowed already
        assert give_code(client, again.text, code_now(later=1)).url.path == "/console/"


def test_wrong_codes_and_passwords_together_lock_the_account_and_it_is_in_the_log(service):
    add_account(service, "locked", "aap")
    with client_of(service) as client:
        for _ in range(2):
            assert give_password(client, "locked", "wrong").status_code == 401
        page = give_password(client, "locked").text
        for _ in range(MAX_FAILURES - 2):
            assert give_code(client, page, "000").status_code == 401
        answer = give_code(client, page, fresh_code(service, "locked"))
        assert answer.status_code == 401 and "Too many wrong tries: locked until" in answer.text
        assert "locked until" in give_password(client, "locked").text
    log = audit(service, staff="locked")
    assert log.count("wrong password</code>") == 2 and log.count("wrong code</code>") == 3
    assert "account locked" in log


def test_a_password_that_somebody_else_chose_is_changed_then_the_second_factor_is_set_up(service):
    add_account(service, "fresh", "aap", second_factor=False, must_change=True)
    with client_of(service) as client:
        page = give_password(client, "fresh")
        assert page.url.path == "/console/password"
        assert client.get("/console/second-factor").url.path == "/console/password", "in order"
        for weak, says in (("short", "at least 12"), (PASSWORD, "old one"), ("x" * 600, "at most"),
                           ("rahnuma12345", "name")):  # fmt: skip
            form = {"csrf": csrf(page.text), "password": weak}
            answer = client.post("/console/password", data=form)
            assert answer.status_code == 400 and says in answer.text
        form = {"csrf": csrf(page.text), "password": "three blue herons"}
        page = client.post("/console/password", data=form)
        assert page.url.path == "/console/second-factor"
        assert client.get("/console/feedback").url.path == "/console/second-factor"
        form = {"csrf": csrf(page.text), "sealed": hidden(page.text, "sealed"), "code": "1"}
        wrong = client.post("/console/second-factor", data=form)
        assert wrong.status_code == 400 and shown_secret(wrong.text) == shown_secret(page.text)
        secret, codes = set_up_second_factor(client)
        assert codes.status_code == 200 and codes.text.count("<code") == 10
        assert client.get("/console/feedback").url.path == "/console/feedback"
        # the page that set it up can't be sent again
        assert client.get("/console/second-factor").url.path == "/console/"
        form = {"csrf": form["csrf"], "sealed": form["sealed"], "code": code_now(secret)}
        assert client.post("/console/second-factor", data=form).status_code == 403
    with client_of(service) as client:
        page = give_password(client, "fresh", "three blue herons")
        assert page.url.path == "/console/sign-in/code"
        assert give_code(client, page.text, code_now(secret)).status_code == 401, "used already"
        recovery = codes.text.split('<code dir="ltr">')[1].split("<")[0]
        answer = give_code(client, page.text, recovery)
        assert answer.url.path == "/console/account" and "9 of 10 are left" in answer.text


def test_a_secret_sealed_for_another_session_or_made_up_is_refused(service):
    for name in ("seal1", "seal2"):
        add_account(service, name, "aap", second_factor=False)
    with client_of(service) as one, client_of(service) as two:
        mine, other = (give_password(c, n).text for c, n in ((one, "seal1"), (two, "seal2")))
        for sealed, status in ((hidden(other, "sealed"), 403), ("made up", 400), ("ž", 400)):
            form = {"csrf": csrf(mine), "sealed": sealed, "code": code_now(shown_secret(other))}
            assert one.post("/console/second-factor", data=form).status_code == status


@pytest.mark.parametrize(
    "change",
    [{"epoch": 1}, {"active": 0}],
    ids=lambda change: next(iter(change)),
)
def test_a_session_is_over_at_once_when_the_account_changes(service, change):
    name = f"over {next(iter(change))}"
    add_account(service, name, "counsellor")
    with signed_in(service, name) as client:
        assert client.get("/console/cases").status_code == 200
        change_account(service, name, **change)
        assert client.get("/console/cases").url.path == "/console/sign-in"


def test_a_copied_cookie_of_before_the_code_is_no_session(service):
    with client_of(service) as client:
        page = give_password(client, "aap").text
        before = client.cookies[COOKIE]
        give_code(client, page, fresh_code(service, "aap"))
        assert client.get("/console/feedback").status_code == 200
    with httpx.Client(base_url=service.url, cookies={COOKIE: before}) as client:
        answer = client.get("/console/feedback")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in/code")


def test_a_second_factor_made_with_another_key_is_refused_in_words(service):
    add_account(service, "rekeyed", "aap")
    change_account(service, "rekeyed", totp=b"made with another key")
    with client_of(service) as client:
        answer = give_code(client, give_password(client, "rekeyed").text, "123456")
        assert answer.status_code == 401 and "secret key was changed" in answer.text


@pytest.fixture(scope="module")
def optional(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service whose operator does not ask for second factors."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("optional")
    with Running(folder, free_port(), nowhere, REQUIRE_TOTP="false") as running:
        yield running


def test_where_it_is_optional_an_account_may_have_one_and_then_needs_it(optional):
    add_account(optional, "omar", "aap", second_factor=False)
    with client_of(optional) as client:
        assert give_password(client, "omar").url.path == "/console/"
        page = client.get("/console/account").text
        assert "It is not set." in page
        form = {"csrf": csrf(page), "password": "wrong"}
        assert client.post("/console/account/second-factor", data=form).status_code == 400
        form["password"] = PASSWORD
        page = client.post("/console/account/second-factor", data=form).text
        secret = shown_secret(page)
        form = {"csrf": csrf(page), "sealed": hidden(page, "sealed"), "code": code_now(secret)}
        assert client.post("/console/second-factor", data=form).text.count("<code") == 10
    with client_of(optional) as client:
        page = give_password(client, "omar")
        assert page.url.path == "/console/sign-in/code"
        code = code_now(secret, later=1)
        assert give_code(client, page.text, code).url.path == "/console/"


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_the_first_and_the_second_sign_in_in_a_browser(service, browser, size):
    name = f"first {size['width']}"
    add_account(service, name, "counsellor", second_factor=False, must_change=True)
    context = browser.new_context(viewport=size)
    page = context.new_page()

    def give(password: str) -> None:
        page.goto(f"{service.url}/console/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")

    give(PASSWORD)
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()
    check_width(page)
    page.get_by_label("New password").fill("three blue herons")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    picture = page.get_by_role("img", name="QR code").bounding_box()
    assert picture and picture["width"] >= 180, "big enough for a camera"
    check_width(page)
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code_now(secret))
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".recovery code")).to_have_count(10)
    check_width(page)
    recovery = page.locator(".recovery code").nth(0).inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Console")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    give("three blue herons")
    expect(page.get_by_label("Code of your authenticator app")).to_be_focused()
    check_width(page)
    page.get_by_text("No phone at hand?").click()
    page.get_by_label("Recovery code").fill(recovery)
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("9 of 10 are left")).to_be_visible()
    check_width(page)
    context.close()
