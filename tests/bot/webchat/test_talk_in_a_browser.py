"""A talk with a counsellor in a real browser: a broken connection, files, seen, both directions."""

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from store.cases import moving
from store.cases.messages import add_message, lock_case, mark_seen, messages_of
from store.cases.opening import open_case_of
from store.database import Database
from store.keys import Keys
from store.presence import touch
from tests.conftest import SECRET, free_port
from tests.support.nlu_server import NluServer
from tests.support.pictures import photo
from tests.support.running import Running

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 720}
#: Where pictures of the page go for somebody to look at; unset: none are taken.
PICTURES = os.environ.get("TEST_PICTURES")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("talk"), free_port(), nlu.url) as running,
    ):
        yield running


@pytest.fixture
def page(browser, service) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    opened = context.new_page()
    yield opened
    context.close()


class Counsellor:
    """Acts in the service's database, from a process of its own as a replica does."""

    def __init__(self, service: Running, page: Page):
        self.url = f"sqlite:///{service.database}"
        self.keys = Keys(SECRET)
        self.pseudonym = self.keys.pseudonym(
            "web", page.evaluate("sessionStorage.getItem('session')")
        )

    def does(self, step) -> None:
        async def work():
            database = Database(self.url)
            try:
                async with database.transaction() as session:
                    await touch(session, ["mira"])
                    case = await open_case_of(session, self.pseudonym)
                    await step(session, await lock_case(session, case.id))
            finally:
                await database.close()

        # Playwright's own loop runs in this thread
        thread = threading.Thread(target=lambda: asyncio.run(work()))
        thread.start()
        thread.join()

    def takes(self) -> None:
        self.does(lambda session, case: moving.take(session, self.keys, case.id, "mira"))

    def says(self, text: str) -> None:
        self.does(
            lambda session, case: add_message(
                session, self.keys, case, text, from_person=False, author="mira"
            )
        )

    def closes(self) -> None:
        self.does(lambda session, case: moving.close(session, self.keys, case.id, "mira", "solved"))


def press(page: Page, *values: str) -> None:
    for value in values:
        page.locator(f'button[data-value="{value}"]').last.click()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def ask_for_a_person(page: Page, service: Running, language: str) -> Counsellor:
    page.goto(f"{service.url}/?language={language}")
    page.locator("#menu").click()
    press(page, "person")
    expect(page.locator('button[data-value="person:yes"]')).to_be_visible()
    picture(page, f"{language}-1-consent")
    press(page, "person:yes", "person:topic:asylum")
    press(page, "person:lang:ur")
    picture(page, f"{language}-2-languages")
    press(page, "person:lang:ok", "person:noname")
    expect(page.locator("#attach")).to_be_visible()
    picture(page, f"{language}-3-queue")
    return Counsellor(service, page)


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_whole_talk_fits_a_phone_in_both_directions(page, service, language):
    counsellor = ask_for_a_person(page, service, language)
    boxes = page.get_by_role("button", name="اردو")
    assert "☑" in (boxes.last.text_content() or "")
    counsellor.takes()
    counsellor.says("سلام، چطور می‌توانم کمک کنم؟" if language == "fa" else "Hello, how can I help?")
    expect(page.locator(".message").last).to_contain_text("؟" if language == "fa" else "?")
    write(page, "my words")
    expect(page.locator(".mark")).to_contain_text("✓")
    counsellor.does(lambda session, case: mark_seen(session, case, 10**6))
    expect(page.locator(".mark")).to_contain_text("✓✓")
    page.locator("#file").set_input_files(
        {"name": "paper.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(300, 200))}
    )
    expect(page.locator(".mine").last).to_contain_text("paper.jpg")
    expect(page.locator(".mine.unsent")).to_have_count(0)
    picture(page, f"{language}-4-talk")
    counsellor.closes()
    expect(page.locator(".message").last.get_by_role("button")).to_have_count(7)
    expect(page.locator("#attach")).to_be_hidden()
    picture(page, f"{language}-5-over")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".message").last.get_by_role("button", name="😀").click()
    expect(page.locator(".message").last).to_contain_text("😀")


def test_over_a_broken_connection_all_arrives_once_and_in_order(page, service):
    counsellor = ask_for_a_person(page, service, "en")
    counsellor.takes()
    expect(page.locator(".message").last).to_contain_text("is here now")
    page.context.set_offline(True)
    for n in range(3):
        write(page, f"line {n}")
    expect(page.locator(".mine.unsent")).to_have_count(3)
    picture(page, "en-6-offline")
    counsellor.says("while you were away")
    page.context.set_offline(False)
    expect(page.locator(".mine.unsent")).to_have_count(0, timeout=20000)
    expect(page.locator(".message", has_text="while you were away")).to_have_count(1, timeout=20000)
    said: list[str] = []

    async def read(session, case):
        said.extend(
            m.text for m in await messages_of(session, counsellor.keys, case.id)
            if m.row.from_person
        )  # fmt: skip

    counsellor.does(read)
    assert said == ["line 0", "line 1", "line 2"]


def test_what_was_not_sent_survives_a_reload(page, service):
    counsellor = ask_for_a_person(page, service, "en")
    counsellor.takes()
    expect(page.locator(".message").last).to_contain_text("is here now")
    page.route("**/chat/messages", lambda route: route.abort())
    write(page, "kept words")
    expect(page.locator(".mine.unsent")).to_have_count(1)
    page.reload()
    expect(page.locator(".mine.unsent")).to_have_text("kept words")
    page.unroute("**/chat/messages")
    expect(page.locator(".mine.unsent")).to_have_count(0, timeout=20000)
