"""The console over HTTP: signing in, forms, and people who write meanwhile."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from playwright.sync_api import Page

from store.database import Database
from store.staff import add_staff
from tests.support.running import Running

PASSWORD = "a long password"
PAGES = (
    "cases",
    "phone",
    "dashboard",
    "feedback",
    "changes",
    "surveys",
    "reports",
    "sensitive",
    "unclear",
    "audit",
)
MAY = {
    "counsellor": {"cases", "phone"},
    "supervisor": {"cases", "phone", "dashboard"},
    "aap": {"dashboard", "feedback", "changes", "surveys"},
    "protection": {"reports", "sensitive"},
    "editor": {"unclear"},
    "admin": {"unclear", "audit"},
}


def add_account(service: Running, name: str, role: str, *, centre: str | None = None) -> None:
    """Make an account with the common password; straight in the database, since the command takes
    seconds to start (it has tests of its own). Raises ValueError if the name is taken."""

    async def add() -> None:
        database = Database(f"sqlite:///{service.database}")
        try:
            async with database.transaction() as session:
                await add_staff(session, name, role, PASSWORD, centre=centre)
        finally:
            await database.close()

    # in a thread: where a browser runs, this one has an event loop already
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, add()).result()


@contextmanager
def signed_in(service: Running, name: str) -> Iterator[httpx.Client]:
    """A client with the session of an account (each role has one of its name)."""
    with httpx.Client(base_url=service.url, follow_redirects=True) as client:
        answer = client.post("/console/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 200 and answer.url.path == "/console/"
        yield client


def sign_in(page: Page, service: Running, name: str) -> None:
    """Sign in in a browser."""
    page.goto(f"{service.url}/console/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


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
