"""The web chat in a real browser, at phone and laptop width, in both directions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import free_port
from tests.support.nlu_server import NluServer
from tests.support.running import Running

pytestmark = pytest.mark.browser
PHONE, LAPTOP = {"width": 360, "height": 720}, {"width": 1280, "height": 800}
#: What a phone loads before any font; the page must stay usable on poor connections.
MAX_BYTES = 60_000


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("web"), free_port(), nlu.url) as running,
    ):
        running.nlu = nlu
        yield running


@pytest.fixture
def page(browser: Browser, service: Running) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "request",
        lambda r: None if r.url.startswith((service.url, "data:", "about:"))
        else problems.append(f"third party: {r.url}"),
    )  # fmt: skip
    opened.problems = problems
    yield opened
    assert problems == []
    context.close()


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def last(page: Page):
    return page.locator(".message").last


def test_the_page_greets_and_offers_all_languages_by_their_own_names(page, service):
    page.goto(service.url)
    for name in ("العربية", "فارسی / دری", "پښتو", "اردو", "Français", "English"):
        expect(page.locator("main").get_by_role("button", name=name)).to_be_visible()


def test_the_page_is_light_and_asks_nobody_else(page, service):
    sizes: list[int] = []
    page.on("response", lambda r: sizes.append(len(r.body())) if r.ok else None)
    page.goto(service.url, wait_until="networkidle")
    assert sum(sizes) < MAX_BYTES


def test_a_question_is_answered_and_buttons_lead_on(page, service):
    service.nlu.reads("how to ask asylum", {"asylum_apply": 0.95})
    page.goto(service.url)
    ask(page, "how to ask asylum")
    expect(last(page)).to_contain_text("SFA")
    page.get_by_role("button", name="👍").last.click()
    expect(last(page)).to_contain_text("Thank you")


def test_choosing_arabic_turns_the_page_around(page, service):
    page.goto(service.url)
    page.locator("main").get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(last(page)).to_have_attribute("lang", "ar")
    box, log = last(page).bounding_box(), page.locator("main").bounding_box()
    assert box and log
    assert box["x"] + box["width"] > log["x"] + log["width"] - 40, "stands at the right edge"


def test_emergency_is_one_tap_away_at_any_moment_and_shows_the_numbers(page, service):
    page.goto(service.url)
    page.locator("#emergency").click()
    expect(last(page)).to_contain_text("124")
    assert "sure" in (last(page).get_attribute("class") or "")


def test_it_works_with_the_keyboard_alone(page, service):
    page.goto(service.url)
    page.locator("main .choices button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_a_screen_reader_hears_new_messages_and_every_control_has_a_name(page, service):
    page.goto(service.url)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    for control in page.locator("button, select, textarea").all():
        name = control.evaluate("e => (e.labels?.[0]?.textContent || e.textContent || '').trim()")
        assert name


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("language", ["ar", "fa", "ps", "ur", "fr", "en"])
def test_nothing_is_cut_off_or_scrolls_sideways(page, service, language, size, tmp_path: Path):
    page.set_viewport_size(size)
    page.goto(f"{service.url}/?language={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("#menu").click()
    expect(page.locator(".message")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in page.locator("main button:visible").all():
        box = button.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
        assert box["height"] >= 44, "big enough for a finger"


def test_taps_while_a_reply_is_on_its_way_are_not_lost(page, service):
    page.goto(service.url, wait_until="commit")
    page.locator("#menu").click()
    page.locator("#emergency").click()
    expect(page.locator(".message")).to_have_count(5)


def test_html_in_a_message_stays_text(page, service):
    page.goto(service.url)
    ask(page, "<img src=x onerror=alert(1)><b>bold</b>")
    expect(page.locator(".mine").last).to_have_text("<img src=x onerror=alert(1)><b>bold</b>")


def test_without_a_connection_the_text_is_kept_and_goes_by_itself_later(page, service):
    page.goto(service.url)
    expect(page.locator(".message")).to_have_count(1)
    page.route("**/chat/messages", lambda route: route.fulfill(status=503, body="{}"))
    ask(page, "my words")
    expect(page.locator(".note")).to_contain_text("not sent yet")
    expect(page.locator(".mine.unsent")).to_have_text("my words")
    page.unroute("**/chat/messages")
    expect(page.locator(".mine.unsent")).to_have_count(0)
    expect(last(page)).to_contain_text("I did not understand")
    page.problems.clear()  # the browser itself notes the failed request


def test_leaving_quickly_leaves_nothing_in_the_tab(page, service):
    page.goto(service.url)
    expect(page.locator(".message")).to_have_count(1)
    page.locator("#leave").click()
    page.wait_for_url("about:blank")


SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


def press(page: Page, value: str) -> None:
    page.locator(f"main button[data-value='{value}']").last.click()


def test_pictures_stand_under_the_text_and_fit(page, service):
    page.goto(service.url)
    page.locator("#emergency").click()
    press(page, "ask:mine_found")
    pictures = last(page).locator("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 720)
        box, text = picture.bounding_box(), last(page).locator(".body").bounding_box()
        assert box["y"] >= text["y"] + text["height"] and box["width"] <= text["width"]
        assert picture.get_attribute("alt")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_buttons_stay_where_they_are_while_a_picture_is_on_its_way(page, service):
    waiting: list = []
    page.route("**/chat/media/*", lambda route: waiting.append(route))
    page.goto(service.url)
    page.locator("#menu").click()
    press(page, "topic:mines")
    press(page, "ask:mine_signs")
    button, picture = last(page).locator("button[data-value='person']"), last(page).locator("img")
    button.scroll_into_view_if_needed()
    before = button.bounding_box()
    expect(picture).to_have_js_property("naturalWidth", 0)
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(picture).to_have_js_property("naturalWidth", 720)
    assert button.bounding_box() == before


def test_in_danger_the_way_to_a_person_stands_before_the_pictures(page, service):
    page.goto(service.url)
    page.locator("#emergency").click()
    press(page, "ask:mine_found")
    expect(last(page).locator("img")).to_have_count(2)
    order = last(page).evaluate("box => [...box.children].map((e) => e.className)")
    assert order == ["body", "choices", "picture", "picture"]


def test_where_the_browser_saves_data_a_picture_is_loaded_when_asked_for(page, service):
    page.add_init_script(SAVES_DATA)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/chat/media/" in r.url else None)
    page.goto(service.url)
    page.locator("#emergency").click()
    press(page, "ask:mine_found")
    shows = last(page).get_by_role("button", name="🖼 Show picture")
    expect(shows).to_have_count(2)
    expect(last(page)).to_contain_text("Touch nothing. Shout to the others")
    page.wait_for_load_state("networkidle")
    assert asked == []
    shows.first.focus()
    page.keyboard.press("Enter")
    expect(last(page).locator("img")).to_have_js_property("naturalWidth", 720)
    assert [url.rpartition("/")[2] for url in asked] == ["picture.mine_stop.png"]
    expect(last(page).locator("img")).to_be_focused()


def test_the_low_data_setting_holds_on_the_page_too(page, service):
    page.goto(service.url)
    page.locator("#menu").click()
    press(page, "topic:about")
    press(page, "lowdata:on")
    page.locator("#menu").click()
    press(page, "topic:mines")
    press(page, "ask:mine_signs")
    expect(last(page)).to_have_attribute("lang", "en")
    expect(page.locator("main img")).to_have_count(0)
    press(page, "pic:mine_signs")
    expect(last(page).locator("img")).to_have_js_property("naturalWidth", 720)
