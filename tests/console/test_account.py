"""A member of the staff's own account page: password, second factor, recovery codes, sessions."""

import re

import httpx
import pytest

from tests.support.console import (
    PASSWORD,
    add_account,
    code_now,
    csrf,
    fresh_code,
    give_code,
    give_password,
    hidden,
    shown_secret,
    signed_in,
)

NEW = "three blue herons"


def post(client: httpx.Client, what: str, **form: str) -> httpx.Response:
    page = client.get("/console/account").text
    return client.post(f"/console/account/{what}", data={"csrf": csrf(page), **form})


def test_a_password_is_changed_with_the_old_one_and_other_sessions_end(service):
    add_account(service, "own1", "aap")
    with signed_in(service, "own1") as client, signed_in(service, "own1") as other:
        for old, new, says in (("wrong", NEW, "old password is wrong"), (PASSWORD, "short", "12"),
                               (PASSWORD, PASSWORD, "old one")):  # fmt: skip
            answer = post(client, "password", old=old, password=new)
            assert answer.status_code == 400 and says in answer.text
        assert other.get("/console/feedback").url.path == "/console/feedback"
        answer = post(client, "password", old=PASSWORD, password=NEW)
        assert "Your password is changed." in answer.text
        assert other.get("/console/feedback").url.path == "/console/sign-in"
        assert client.get("/console/feedback").url.path == "/console/feedback"
        assert give_password(other, "own1").status_code == 401
        assert give_password(other, "own1", NEW).status_code == 200


def test_wrong_passwords_on_the_page_lock_the_account(service):
    add_account(service, "own2", "aap")
    with signed_in(service, "own2") as client:
        for _ in range(5):
            post(client, "password", old="wrong", password=NEW)
        answer = post(client, "password", old=PASSWORD, password=NEW)
        assert answer.status_code == 400 and "locked until" in answer.text


def test_a_second_factor_is_replaced_with_password_and_code_and_the_old_one_is_gone(service):
    add_account(service, "own3", "aap")
    with signed_in(service, "own3") as client, signed_in(service, "own3") as other:
        for password, code in ((PASSWORD, "000000x"), ("wrong", fresh_code(service, "own3"))):
            answer = post(client, "second-factor", password=password, code=code)
            assert answer.status_code == 400 and "Password or code is wrong" in answer.text
        code = fresh_code(service, "own3")
        page = post(client, "second-factor", password=PASSWORD, code=code).text
        secret = shown_secret(page)
        form = {"csrf": csrf(page), "sealed": hidden(page, "sealed"), "code": code_now(secret)}
        codes = client.post("/console/second-factor", data=form)
        assert codes.text.count("<code") == 10
        assert client.get("/console/account").url.path == "/console/account"
        assert other.get("/console/account").url.path == "/console/sign-in"
        page = give_password(other, "own3").text
        assert give_code(other, page, code_now(later=1)).status_code == 401, "the old secret"
        assert give_code(other, page, code_now(secret, later=1)).url.path == "/console/"


def test_new_recovery_codes_replace_the_old_ones_and_are_shown_once(service):
    add_account(service, "own4", "aap")

    def renew(client: httpx.Client) -> list[str]:
        code = fresh_code(service, "own4")
        page = post(client, "recovery-codes", password=PASSWORD, code=code).text
        return re.findall(r"<code[^>]*>([a-z0-9-]{11})</code>", page)

    with signed_in(service, "own4") as client:
        assert "0 of 10 are left" in client.get("/console/account").text
        old, new = renew(client), renew(client)
        assert len(set(old + new)) == 20
        page = client.get("/console/account").text
        assert "10 of 10 are left" in page and new[0] not in page
        used = post(client, "recovery-codes", password=PASSWORD, code=old[0])
        assert used.status_code == 400
    with httpx.Client(base_url=service.url, follow_redirects=True) as client:
        answer = give_code(client, give_password(client, "own4").text, new[0])
        assert "9 of 10 are left" in answer.text
    with signed_in(service, "admin") as client:
        log = client.get("/console/audit", params={"staff": "own4"}).text
        assert log.count("new recovery codes</td>") == 2 and "use recovery code</td>" in log


def test_signing_out_everywhere_ends_every_session(service):
    add_account(service, "own5", "counsellor")
    with signed_in(service, "own5") as client, signed_in(service, "own5") as other:
        assert post(client, "sign-out-everywhere").url.path == "/console/sign-in"
        for one in (client, other):
            assert one.get("/console/cases").url.path == "/console/sign-in"


@pytest.mark.parametrize(
    "what", ["password", "second-factor", "recovery-codes", "sign-out-everywhere"]
)
def test_a_form_of_another_page_is_refused(service, what):
    with signed_in(service, "aap") as client:
        form = {"csrf": "forged", "old": "x", "password": "x", "code": "x"}
        assert client.post(f"/console/account/{what}", data=form).status_code == 403
