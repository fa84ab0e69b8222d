"""The staff pages and the web chat under axe-core, at phone and laptop width, both directions."""

import datetime as dt
import sqlite3

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy.ext.asyncio import AsyncSession

from store.cases.moving import take
from store.notice_tables import NoticeRow
from store.notices.broadcasts import start
from store.notices.subscriptions import subscribe
from store.tables import now, random_id, today
from tests.support.cases import KEYS, asks_for_a_person, in_database, writes
from tests.support.console import (
    PASSWORD,
    add_account,
    chat,
    code_now,
    give_feedback,
    sign_in,
    signed_in,
)
from tests.support.directory import Desk
from tests.support.running import Running

pytestmark = pytest.mark.browser
SIZES = {"phone": {"width": 360, "height": 720}, "laptop": {"width": 1280, "height": 800}}
SERIOUS = {"serious", "critical"}
#: Pages of each role, and which link on a list leads to a page of one thing.
PAGES = {
    "supervisor": {
        "supervision": None,
        "supervision/people": "main table a",
        "supervision/targets": None,
    },
    # the live page with a conversation: its panels and forms are checked below
    "counsellor": {"cases": "#mine .case", "phone": None},
    "aap": {
        "": None,
        "feedback": "a.excerpt",
        "dashboard": "section[aria-labelledby=monthly] a",
        "changes": "main a[href^='/console/changes/']",
        "surveys": "main a[href^='/console/surveys/']",
    },
    "protection": {"reports": "main table a", "sensitive": "a.excerpt"},
    "editor": {
        "content": "main table a",
        # a fact that waits for a second person, with everything that its page can have
        "directory": "a[href$='organisations.iom.phone']",
        "directory/export": None,
        "rumours": "main a[href^='/console/rumours/']",
        "notices": "main table a",
        "notices/new": None,
        "broadcasts": "main table a",
        "recordings": "main table a",
        "posters": None,
        "unclear": None,
    },
    "admin": {"audit": None, "account": None, "staff": "main table a"},
}


async def a_notice_on_its_way(session: AsyncSession) -> None:
    """A published notice in two languages, sent to one subscriber whom nobody writes to here."""
    ends = now() + dt.timedelta(days=2)
    notice = NoticeRow(
        id=random_id(),
        title={"en": "Law session", "fa": "جلسهٔ قانون"},
        body={"en": "Bring your questions.", "fa": "سوال‌های خود را بیاورید."},
        place={"en": "Room 2", "fa": "اتاق 2"},
        ends=ends,
        over=ends,
        state="published",
        written_by="editor",
    )
    session.add(notice)
    await session.flush()
    await subscribe(
        session, KEYS, "p" * 64, channel="telegram", address="1", centre=None, language="fa"
    )
    await start(session, notice.id, "editor")


@pytest.fixture(scope="module", autouse=True)
def something_on_every_page(service: Running) -> None:
    in_database(service, a_notice_on_its_way)
    with signed_in(service, "admin") as client:
        Desk(client).write_and_ask("+387 33 000 111")
    case = asks_for_a_person(service, "زه مرسته غواړم", "ps", danger=True, name="Gul")
    in_database(service, lambda db: take(db, KEYS, case, "counsellor"))
    writes(service, case, "سلام")
    asks_for_a_person(service, "hello", topic="asylum")
    give_feedback(service, "axe-2", "غذا سرد است", language="fa", centre="lipa")
    give_feedback(service, "axe-3", "the soup is cold")
    give_feedback(service, "axe-4", "حارس يطلب فلوس على السرير", language="ar", area="staff")
    give_feedback(service, "axe-5", "the guard wants money for a blanket", area="staff")
    with sqlite3.connect(service.database) as database:  # enough for charts
        database.executemany(
            "INSERT INTO feedback (id, given_on, language, channel, type, category, text,"
            " code_hash, status, sensitive, alerts, waiting_since, needs_translation, cell_key)"
            " VALUES (?, ?, ?, 'web', ?, 'food', 'x', ?, 'closed', 0, 0, ?, 0, ?)",
            [
                (f"{n:032}", today().isoformat(), language, kind, f"h{n}", today().isoformat(), n)
                for n, (language, kind) in enumerate(
                    [("fa", "complaint"), ("en", "praise"), ("ar", "rumour")] * 20
                )
            ],
        )
    database.close()
    chat(service, "axe-6", choice="rep:gbv")
    chat(service, "axe-6", text="what happened")
    chat(service, "axe-6", choice="rep:nocontact")
    chat(service, "axe-6", choice="rep:send")


def check(page: Page) -> None:
    """No serious finding, and nothing is cut off or wider than the window, in both directions."""
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => document.documentElement.dir = direction", direction)
        results = Axe().run(page)
        serious = [v for v in results.response["violations"] if v["impact"] in SERIOUS]
        found = [(v["id"], [node["target"] for node in v["nodes"]]) for v in serious]
        assert found == [], (page.url, direction, found)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (page.url, direction, wide)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", PAGES)
def test_the_pages_of_a_role_have_no_serious_finding(
    service: Running, browser: Browser, role: str, size: str
):
    context = browser.new_context(viewport=SIZES[size])
    page = context.new_page()
    page.goto(f"{service.url}/console/sign-in")
    check(page)
    sign_in(page, service, role)
    for address, link in PAGES[role].items():
        page.goto(f"{service.url}/console/{address}")
        check(page)
        if link:
            page.locator(link).first.click()
            page.wait_for_load_state()
            check(page)
            page.go_back()
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_panels_and_forms_of_the_live_page_have_no_serious_finding(
    service: Running, browser: Browser, size: str
):
    context = browser.new_context(viewport=SIZES[size])
    page = context.new_page()
    sign_in(page, service, "counsellor")
    page.goto(f"{service.url}/console/cases")
    check(page)
    page.locator("#mine .case").click()
    page.locator("#note-mode").click()
    page.locator("#composer-text").fill("a note")
    check(page)
    page.locator("#note-mode").click()
    page.locator("#about-button").click()
    check(page)
    page.locator("#about-close").click()
    page.locator("#open-replies").click()
    page.locator("#pick-list .option").first.wait_for()
    check(page)
    page.keyboard.press("Escape")
    for button in ("refer", "transfer", "give-back", "close"):
        page.locator(f"#{button}-button").click()
        page.locator("#dialog").wait_for()
        check(page)
        page.keyboard.press("Escape")
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_the_first_sign_in_have_no_serious_finding(
    service: Running, browser: Browser, size: str
):
    add_account(service, f"axe {size}", "aap", second_factor=False, must_change=True)
    context = browser.new_context(viewport=SIZES[size])
    page = context.new_page()
    page.goto(f"{service.url}/console/sign-in")
    page.get_by_label("Name").fill(f"axe {size}")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/password")
    check(page)
    page.get_by_label("New password").fill("three blue herons")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/second-factor")
    check(page)
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code_now(secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    check(page)
    page.goto(f"{service.url}/console/sign-in")
    page.get_by_label("Name").fill(f"axe {size}")
    page.get_by_label("Password").fill("three blue herons")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/sign-in/code")
    page.get_by_text("No phone at hand?").click()
    check(page)
    context.close()


@pytest.mark.parametrize("language", ["en", "ar", "ur"])
def test_the_web_chat_has_no_serious_finding(service: Running, browser: Browser, language: str):
    context = browser.new_context(viewport=SIZES["phone"], locale=language)
    page = context.new_page()
    page.goto(service.url)
    page.get_by_role("textbox").fill({"en": "food", "ar": "الأكل", "ur": "کھانا"}[language])
    page.keyboard.press("Enter")
    page.get_by_role("button").nth(3).wait_for()
    check(page)
    context.close()
