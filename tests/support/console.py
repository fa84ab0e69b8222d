"""The console over HTTP: signing in, forms, and people who write meanwhile."""

import asyncio
import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
from playwright.sync_api import Page, expect

from store.database import Database
from store.keys import Keys
from store.staff import add_staff
from store.tables import StaffRow
from store.totp import STEP, code_at
from tests.support.running import SECRET_KEY, Running

PASSWORD = "a long password"
#: The secret of the second factor of every account that is made here.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PAGES = (
    "cases",
    "supervision",
    "phone",
    "dashboard",
    "feedback",
    "changes",
    "surveys",
    "reports",
    "sensitive",
    "content",
    "directory",
    "rumours",
    "notices",
    "broadcasts",
    "recordings",
    "posters",
    "unclear",
    "staff",
    "audit",
)
_NOTICES = {"notices", "broadcasts"}
_TEXTS = {"content", "directory", "recordings", "posters", "unclear"}
MAY = {
    "counsellor": {"cases", "phone", "notices"},
    "supervisor": {"cases", "phone", "supervision", "dashboard", "posters"} | _NOTICES,
    "aap": {"dashboard", "feedback", "changes", "surveys", "posters"} | _NOTICES,
    "protection": {"reports", "sensitive"},
    "editor": {"rumours"} | _TEXTS | _NOTICES,
    "admin": {"staff", "audit"} | _TEXTS,
}


def add_account(
    service: Running,
    name: str,
    role: str,
    *,
    centre: str | None = None,
    second_factor: bool = True,
    must_change: bool = False,
) -> None:
    """Make an account with the common password and second factor; straight in the database, since
    the command takes seconds to start (it has tests of its own). Raises ValueError if the name is
    taken."""

    async def add() -> None:
        database = Database(f"sqlite:///{service.database}")
        try:
            async with database.transaction() as session:
                row = await add_staff(
                    session, name, role, PASSWORD, centre=centre, must_change=must_change
                )
                if second_factor:
                    know_second_factor(row)
        finally:
            await database.close()

    # in a thread: where a browser runs, this one has an event loop already
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, add()).result()


def know_second_factor(row: StaffRow) -> None:
    """Give an account the second factor whose secret the tests know."""
    row.totp = Keys(SECRET_KEY).second_factor.seal(TOTP_SECRET)


def code_now(secret: str = TOTP_SECRET, later: int = 0) -> str:
    """What an authenticator app shows now, or some steps ``later``."""
    return code_at(secret, int(time.time()) // STEP + later)


def change_account(service: Running, name: str, **columns: object) -> None:
    """Change columns of an account behind the service's back."""
    what = ", ".join(f"{column} = ?" for column in columns)
    with closing(sqlite3.connect(service.database)) as database, database:
        database.execute(f"UPDATE staff SET {what} WHERE name = ?", (*columns.values(), name))


def fresh_code(service: Running, name: str) -> str:
    """A code that an account can use now. A code works once, and tests sign in more often than
    twice a minute: instead of waiting, the account forgets which it used last."""
    change_account(service, name, totp_step=None)
    return code_now()


@contextmanager
def signed_in(service: Running, name: str) -> Iterator[httpx.Client]:
    """A client with the session of an account (each role has one of its name)."""
    with httpx.Client(base_url=service.url, follow_redirects=True) as client:
        answer = give_password(client, name)
        assert answer.status_code == 200 and answer.url.path == "/console/sign-in/code"
        answer = give_code(client, answer.text, fresh_code(service, name))
        assert answer.status_code == 200 and answer.url.path == "/console/"
        yield client


def give_password(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    """The first step of a sign-in."""
    return client.post("/console/sign-in", data={"name": name, "password": password})


def give_code(client: httpx.Client, page: str, code: str) -> httpx.Response:
    """The second step of a sign-in, from the ``page`` that asks for the code."""
    return client.post("/console/sign-in/code", data={"csrf": csrf(page), "code": code})


def set_up_second_factor(client: httpx.Client) -> tuple[str, httpx.Response]:
    """Set up a second factor after the first password; its secret, and the page that follows."""
    page = client.get("/console/second-factor").text
    secret = shown_secret(page)
    form = {"csrf": csrf(page), "sealed": hidden(page, "sealed"), "code": code_now(secret)}
    return secret, client.post("/console/second-factor", data=form)


def shown_secret(page: str) -> str:
    """The secret, or the one-time password, that a page shows."""
    return re.search(r'class="secret"[^>]*>([^<]+)<', page)[1].replace(" ", "")


def sign_in(page: Page, service: Running, name: str) -> None:
    """Sign in in a browser."""
    page.goto(f"{service.url}/console/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code of your authenticator app").fill(fresh_code(service, name))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Console").wait_for()


def check_width(page: Page) -> None:
    """A page with its style sheet is not wider than the window."""
    expect(page.locator("header").first).to_have_css("display", "flex")  # the style sheet is there
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def csrf(page: str) -> str:
    """The token that a page's forms carry."""
    return hidden(page, "csrf")


def hidden(page: str, name: str) -> str:
    """The value of the first hidden field of a name."""
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def chat(service: Running, session: str, **message) -> list[dict]:
    """Send a message or a choice on the web chat; the replies."""
    answer = httpx.post(f"{service.url}/chat/messages", json={"session": session, **message})
    assert answer.status_code == 200, answer.text
    return answer.json()["replies"]


def give_feedback(
    service: Running,
    session: str,
    text: str,
    *,
    language: str = "en",
    type: str = "complaint",
    area: str = "food",
    centre: str | None = None,
) -> str:
    """Give feedback on the web chat; its code."""
    chat(service, session, choice=f"lang:{language}")
    if centre:
        chat(service, session, choice=f"centre:{centre}")
    chat(service, session, choice="fb")
    chat(service, session, choice=f"fb:type:{type}")
    chat(service, session, choice=f"fb:area:{area}")
    chat(service, session, text=text)
    [done] = chat(service, session, choice="fb:send")
    return re.search(r"<code>([\d-]+)</code>", done["html"])[1]
