"""Every address of the console for every role: what is not a role's own is refused."""

import re
from itertools import chain

import httpx
import pytest
from fastapi.routing import _IncludedRouter

from console.access import AREAS
from rahnuma.app import make_app
from rahnuma.settings import Settings
from store.staff import ROLES
from tests.support.console import MAY, signed_in
from tests.support.running import SECRET_KEY

#: Addresses for everybody who is signed in, and for those who are not yet.
EVERYBODY = {
    "/console/",
    "/console/sign-out",
    "/console/account",
    "/console/account/password",
    "/console/account/second-factor",
    "/console/account/recovery-codes",
    "/console/account/sign-out-everywhere",
}
BEFORE = {
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/password",
    "/console/second-factor",
}
#: First parts of addresses whose area has another name.
NAMED = {"report": "dashboard", "api": "cases"}
STYLE = "/console/report.css"


def addresses() -> list[tuple[str, str]]:
    """Method and address of every route of the console, with an "x" for each thing."""
    app = make_app(
        Settings(_env_file=None, secret_key=SECRET_KEY, database_url="sqlite:///:memory:")
    )
    found = []
    # an included router holds its routes apart, with the whole address in each
    routers = (r.effective_route_contexts() for r in app.routes if isinstance(r, _IncludedRouter))
    for route in chain.from_iterable(routers):
        path = route.path
        if path.startswith("/console/") and path not in EVERYBODY | BEFORE | {STYLE}:
            found += [(method, re.sub(r"\{[^}]*\}", "x", path)) for method in route.methods]
    return sorted(found)


def area_of(address: str) -> str:
    first = address.split("/")[2].split(".")[0]
    return NAMED.get(first, first)


ADDRESSES = addresses()


def test_every_area_has_an_address_and_every_address_an_area():
    assert {area_of(address) for _method, address in ADDRESSES} == set(AREAS)
    assert {role for roles in AREAS.values() for role in roles} <= set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_on_every_address_that_is_not_its_own(service, role):
    with signed_in(service, role) as client:
        for method, address in ADDRESSES:
            # not read to its end: the console's events have none
            with client.stream(method, address) as answer:
                status = answer.status_code
            if area_of(address) in MAY[role]:
                assert status != 403 or method == "POST", (method, address)
            else:
                assert status == 403, (method, address, status)


def test_without_a_session_every_address_leads_to_the_sign_in_page(service):
    with httpx.Client(base_url=service.url) as client:
        for method, address in ADDRESSES:
            with client.stream(method, address) as answer:
                pass
            assert answer.status_code == 303, (method, address, answer.status_code)
            assert answer.headers["location"] == "/console/sign-in"
