"""How long a session lives, and what a request's cookie is checked against."""

import time

import pytest
from fastapi import Request, Response

from console.access import COOKIE, IDLE, LONGEST, Session, Sessions, SignInNeeded, Ticket
from console.gate import CODE_WITHIN, Gate
from store.staff import add_staff
from tests.support.console import PASSWORD, know_second_factor

KEY = "a key of the tests"


def request_with(cookie: str) -> Request:
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())]
    address = {"scheme": "http", "server": ("test", 80), "path": "/", "query_string": b""}
    return Request({"type": "http", "method": "GET", "headers": headers, **address})


def cookie_of(ticket: Ticket, key: str = KEY) -> str:
    response = Response()
    Sessions(key).give(request_with(""), response, ticket)
    return response.headers["set-cookie"].split("=", 1)[1].split(";")[0]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test moves by changing the first item."""
    at = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: at[0])
    return at


def test_a_session_ends_when_nobody_opens_a_page_for_half_an_hour(clock):
    cookie = cookie_of(Ticket("ana", 1, int(clock[0]), "c", True))
    clock[0] += IDLE
    assert Sessions(KEY).read(request_with(cookie)).name == "ana"
    clock[0] += 1
    with pytest.raises(SignInNeeded):
        Sessions(KEY).read(request_with(cookie))


def test_a_session_in_use_ends_after_its_longest_life(clock):
    ticket = Ticket("ana", 1, int(clock[0]), "c", True)
    clock[0] += LONGEST
    assert Sessions(KEY).read(request_with(cookie_of(ticket))) == ticket
    clock[0] += 1
    with pytest.raises(SignInNeeded):
        Sessions(KEY).read(request_with(cookie_of(ticket)))


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ.x.y"])
def test_what_was_not_signed_here_is_no_session(cookie):
    ticket = Ticket("ana", 1, int(time.time()), "c")
    for forged in (cookie, cookie_of(ticket, "another key"), cookie_of(ticket)[:-1]):
        with pytest.raises(SignInNeeded):
            Sessions(KEY).read(request_with(forged))


def test_nothing_opens_before_the_last_step():
    ticket = Ticket("ana", 1, 0, "c")
    assert Session(ticket, "admin").may("staff")
    assert not Session(ticket, "admin", step="code").may("staff")


@pytest.mark.parametrize(
    ("required", "second_factor", "must_change", "shown", "step"),
    [
        (True, True, False, False, "code"),
        (True, True, True, False, "code"),
        (True, True, True, True, "password"),
        (True, False, True, False, "password"),
        (True, False, False, False, "second factor"),
        (True, True, False, True, None),
        (False, False, False, False, None),
        (False, True, False, False, "code"),
    ],
)
async def test_the_next_step_of_a_sign_in(
    each_database, required, second_factor, must_change, shown, step
):
    async with each_database.transaction() as session:
        row = await add_staff(session, "ana", "aap", PASSWORD, must_change=must_change)
        if second_factor:
            know_second_factor(row)
    gate = Gate(each_database, Sessions(KEY), require_totp=required)
    found = await gate.look_up(Sessions.new(row, second=shown))
    assert (found.step, found.role, found.name) == (step, "aap", "ana")


async def test_the_code_must_follow_the_password_within_ten_minutes(database, clock):
    async with database.transaction() as session:
        row = await add_staff(session, "ana", "aap", PASSWORD)
        know_second_factor(row)
    gate = Gate(database, Sessions(KEY), require_totp=True)
    ticket = Sessions.new(row, second=False)
    clock[0] += CODE_WITHIN
    assert (await gate.look_up(ticket)).step == "code"
    clock[0] += 1
    with pytest.raises(SignInNeeded):
        await gate.look_up(ticket)
