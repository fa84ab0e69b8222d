"""Who of the staff may see what: signed sessions, roles, and a guard against forged forms."""

import hmac
import secrets
import time
from dataclasses import asdict, dataclass, replace

from fastapi import HTTPException, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from store.tables import StaffRow

COOKIE = "rahnuma_console"
#: Seconds without a page after which a session ends, and its longest life.
IDLE, LONGEST = 30 * 60, 12 * 3600

#: Areas of the console and the roles that may open each. What is not named here is closed.
AREAS: dict[str, frozenset[str]] = {
    "cases": frozenset({"counsellor", "supervisor"}),
    "supervision": frozenset({"supervisor"}),
    "phone": frozenset({"counsellor", "supervisor"}),
    "dashboard": frozenset({"aap", "supervisor"}),
    "feedback": frozenset({"aap"}),
    "changes": frozenset({"aap"}),
    "surveys": frozenset({"aap"}),
    # who hears what is on in a centre tells people of it
    "notices": frozenset({"counsellor", "supervisor", "aap", "editor"}),
    # a message on many phones can't be taken back: fewer may send one
    "broadcasts": frozenset({"supervisor", "aap", "editor"}),
    "reports": frozenset({"protection"}),
    "sensitive": frozenset({"protection"}),
    "rumours": frozenset({"editor"}),
    "content": frozenset({"editor", "admin"}),
    "unclear": frozenset({"editor", "admin"}),
    "recordings": frozenset({"editor", "admin"}),
    "posters": frozenset({"editor", "supervisor", "aap", "admin"}),
    # accounts bound to a centre write here, too, since who works there knows its numbers best; what
    # people of all centres read is put in force by others (console/content_texts.py)
    "directory": frozenset({"editor", "admin"}),
    "staff": frozenset({"admin"}),
    "audit": frozenset({"admin"}),
}

#: Steps until a sign-in is complete, in their order, and the page of each. Until then no other page
#: opens.
STEPS = {
    "code": "/console/sign-in/code",
    "password": "/console/password",
    "second factor": "/console/second-factor",
}


class SignInNeeded(Exception):
    """No valid session: the browser is sent to the sign-in page."""


@dataclass(frozen=True)
class Ticket:
    """What a session cookie says. Everything else is looked up with each request.

    ``second``: the second factor was shown too; ``started``: seconds since 1970.
    """

    name: str
    epoch: int
    started: int
    csrf: str
    second: bool = False


@dataclass(frozen=True)
class Session:
    """A member of the staff who signed in, as the account is now; ``centre``: where it works, if it
    is bound to one; ``step``: what is missing until the sign-in is complete, one of STEPS."""

    ticket: Ticket
    role: str
    centre: str | None = None
    step: str | None = None

    @property
    def name(self) -> str:
        """The account's name."""
        return self.ticket.name

    @property
    def csrf(self) -> str:
        """What the forms of its pages must carry."""
        return self.ticket.csrf

    def may(self, area: str) -> bool:
        """Whether the role may open an area."""
        return self.step is None and self.role in AREAS.get(area, frozenset())

    def of_epoch(self, epoch: int) -> "Session":
        """The same session after a change of the own account, which ended all others."""
        return replace(self, ticket=replace(self.ticket, epoch=epoch))


class Sessions:
    """Writes and reads session cookies, signed with the installation's session key."""

    def __init__(self, key: str):
        self._signer = URLSafeTimedSerializer(key, salt="console session")

    @staticmethod
    def new(row: StaffRow, *, second: bool) -> Ticket:
        """A fresh ticket after a password, or after the ``second`` factor."""
        return Ticket(row.name, row.epoch, int(time.time()), secrets.token_urlsafe(16), second)

    def give(self, request: Request, response: Response, ticket: Ticket) -> None:
        """Set the cookie; it is made anew with each page, so that an idle session ends."""
        response.set_cookie(
            COOKIE,
            self._signer.dumps(asdict(ticket)),
            path="/console",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def read(self, request: Request) -> Ticket:
        """The ticket of a request; raises SignInNeeded if there is none or it is over."""
        try:
            ticket = Ticket(**self._signer.loads(request.cookies.get(COOKIE, ""), max_age=IDLE))
        except (BadSignature, TypeError) as error:
            raise SignInNeeded from error
        if time.time() - ticket.started > LONGEST:
            raise SignInNeeded
        return ticket


def forget(response: Response) -> None:
    """Take the session's cookie away."""
    response.delete_cookie(COOKIE, path="/console")


def require(session: Session, area: str) -> None:
    """Raises HTTPException 403 if the role may not open the area."""
    if not session.may(area):
        raise HTTPException(403, "your role has no access to this page")


def check_form(session: Session, token: str) -> None:
    """Raises HTTPException 403 if a form was not sent from our own page."""
    if not hmac.compare_digest(session.csrf.encode(), token.encode()):
        raise HTTPException(403, "the form is out of date; go back and reload the page")
