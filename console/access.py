"""Who of the staff may see what: signed sessions, roles, and a guard against forged forms."""

import hmac
import secrets
import time
from dataclasses import dataclass

from fastapi import HTTPException, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer

COOKIE = "rahnuma_console"
#: Seconds without a page after which a session ends, and its longest life.
IDLE, LONGEST = 30 * 60, 12 * 3600

#: Areas of the console and the roles that may open each. What is not named here is closed.
AREAS: dict[str, frozenset[str]] = {
    "cases": frozenset({"counsellor", "supervisor"}),
    "phone": frozenset({"counsellor", "supervisor"}),
    "dashboard": frozenset({"aap", "supervisor"}),
    "feedback": frozenset({"aap"}),
    "changes": frozenset({"aap"}),
    "surveys": frozenset({"aap"}),
    "reports": frozenset({"protection"}),
    "sensitive": frozenset({"protection"}),
    "unclear": frozenset({"editor", "admin"}),
    "audit": frozenset({"admin"}),
}


class SignInNeeded(Exception):
    """No valid session: the browser is sent to the sign-in page."""


@dataclass(frozen=True)
class Session:
    """A signed-in member of the staff; ``centre``: where it works, if it is bound to one."""

    name: str
    role: str
    started: int
    csrf: str
    must_change: bool = False
    centre: str | None = None

    def may(self, area: str) -> bool:
        """Whether the role may open an area."""
        return self.role in AREAS.get(area, frozenset())


class Sessions:
    """Writes and reads session cookies, signed with the installation's session key."""

    def __init__(self, key: str):
        self._signer = URLSafeTimedSerializer(key, salt="console session")

    def new(self, name: str, role: str, must_change: bool, centre: str | None = None) -> Session:
        """A fresh session after signing in."""
        csrf = secrets.token_urlsafe(16)
        return Session(name, role, int(time.time()), csrf, must_change, centre)

    def cookie(self, session: Session) -> str:
        """The cookie's value; made anew with each page, so that an idle session ends."""
        return self._signer.dumps(session.__dict__)

    def read(self, request: Request) -> Session:
        """The session of a request; raises SignInNeeded if there is none or it is over."""
        try:
            session = Session(**self._signer.loads(request.cookies.get(COOKIE, ""), max_age=IDLE))
        except (BadSignature, TypeError) as error:
            raise SignInNeeded from error
        if time.time() - session.started > LONGEST:
            raise SignInNeeded
        return session


def require(session: Session, area: str) -> None:
    """Raises HTTPException 403 if the role may not open the area."""
    if not session.may(area):
        raise HTTPException(403, "your role has no access to this page")


def check_form(session: Session, token: str) -> None:
    """Raises HTTPException 403 if a form was not sent from our own page."""
    if not hmac.compare_digest(session.csrf.encode(), token.encode()):
        raise HTTPException(403, "the form is out of date; go back and reload the page")
