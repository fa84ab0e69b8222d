"""The counsellors' live page in a real browser: two consoles, the keyboard, lost connections."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from store.case_tables import CaseRow, PresenceRow
from store.cases.deletion import delete_cases
from store.cases.messages import SAID, messages_of
from store.cases.moving import close, take, transfer
from tests.support.cases import (
    KEYS,
    asks_for_a_person,
    case_of,
    counsellor_is,
    in_database,
    sends_file,
    writes,
)
from tests.support.console import add_account, sign_in
from tests.support.live_page import LAPTOP, PHONE, Console
from tests.support.running import Running

pytestmark = pytest.mark.browser
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def console(service: Running, browser: Browser, request) -> Iterator:
    """Makes consoles of new counsellors; at the end no script may have failed in any, and nobody
    of this test is there or waits for the next one."""
    contexts, made = [], []

    def make(name: str, size: dict = LAPTOP, **columns: object) -> Console:
        add_account(service, name, "counsellor")
        counsellor_is(service, name, **columns)
        context = browser.new_context(viewport=size)
        contexts.append(context)
        made.append(Console(context, service, name))
        return made[-1]

    yield make
    for context in contexts:
        context.close()
    nobody_is_there(service)
    for one in made:
        assert one.errors == []


def nobody_is_there(service: Running) -> None:
    """All cases are gone, and nobody counts as connected."""

    async def clear(session):
        await delete_cases(session, select(CaseRow.id))
        await session.execute(update(PresenceRow).values(seen_at=dt.datetime(2020, 1, 1)))

    in_database(service, clear)


def stored(service: Running, case: str) -> list[tuple[str, bool]]:
    """What was said in a case, in order."""

    async def read(session):
        found = await messages_of(session, KEYS, case)
        return [(m.text, m.row.from_person) for m in found if m.row.kind in SAID]

    return in_database(service, read)


def test_of_two_consoles_one_gets_the_case_and_the_other_sees_it_go(service, console):
    one = console("two-a", languages=["ur"])
    two = console("two-b", languages=["ur"])
    case = asks_for_a_person(service, "مدد چاہیے", "ur", topic="health")
    offered = one if one.page.locator(".offer").count() else None
    for _try in range(50):
        if offered:
            break
        offered = next((c for c in (one, two) if c.page.locator(".offer").count()), None)
        one.page.wait_for_timeout(100)
    other = two if offered is one else one
    expect(other.page.locator("#queue .entry")).to_have_count(1)
    offered.takes_the_offer()
    expect(offered.page.locator(".line.person .words").first).to_have_css("direction", "rtl")
    expect(other.page.locator("#queue .entry")).to_have_count(0)
    writes(service, case, "ڈاکٹر کہاں ہے؟")
    expect(offered.said("ڈاکٹر کہاں ہے؟")).to_have_attribute("lang", "ur")
    expect(other.page.locator("body")).not_to_contain_text("ڈاکٹر")
    offered.writes("میں دیکھتا ہوں")
    expect(offered.said("میں دیکھتا ہوں")).to_have_count(1)
    assert stored(service, case)[-1] == ("میں دیکھتا ہوں", False)
    offered.page.locator("#close-button").click()
    offered.page.get_by_label("Solved").check()
    offered.page.get_by_role("button", name="Close the case", exact=True).click()
    expect(offered.page.locator("#not-mine")).to_contain_text("solved")
    assert case_of(service, case).outcome == "solved"


def test_everything_is_done_with_the_keyboard(service, console):
    one = console("keys", languages=["fr"], shown_as="Luc")
    first = asks_for_a_person(service, "Bonjour", "fr", name="Awa")
    expect(one.page.locator(".offer")).to_have_count(1)
    one.page.keyboard.press("Alt+t")
    expect(one.page.locator("#composer-text")).to_be_focused()
    one.page.keyboard.press("/")
    expect(one.page.locator("#pick-search")).to_be_focused()
    one.page.keyboard.type("hello")
    expect(one.page.locator("#pick-list .option").first).to_contain_text("Luc")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#composer-text")).to_have_value(re.compile("Awa, bonjour.*Luc"))
    expect(one.page.locator("#composer-hint")).to_contain_text("In English: Awa, hello")
    one.page.keyboard.press("Shift+Enter")
    one.page.keyboard.type("fin")
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".line.staff .words")).to_contain_text("fin")
    one.page.keyboard.press("Alt+n")
    one.page.keyboard.type("only for us")
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".line.note")).to_contain_text("only for us")
    second = asks_for_a_person(service, "Salut", "fr", name="Binta")
    expect(one.page.locator(".offer")).to_have_count(1)
    one.page.keyboard.press("Alt+t")
    expect(one.page.locator("#talk-title")).to_have_text("Binta")
    one.page.keyboard.press("Alt+ArrowDown")
    expect(one.page.locator("#talk-title")).to_have_text("Awa")
    one.page.keyboard.press("Alt+x")
    expect(one.page.locator("#dialog")).to_be_visible()
    one.page.keyboard.press("Escape")
    one.page.locator("#talk-title").focus()
    one.page.keyboard.press("?")
    expect(one.page.locator("#dialog")).to_contain_text("Keyboard shortcuts")
    assert {case_of(service, one).assigned_to for one in (first, second)} == {"keys"}


def test_what_is_written_without_a_connection_goes_later_in_order_and_once(service, console):
    one = console("offline", languages=["ar"])
    case = asks_for_a_person(service, "مرحبا", "ar")
    one.takes_the_offer()
    one.context.set_offline(True)
    for text in ("أولا", "ثانيا", "ثالثا"):
        one.writes(text)
    expect(one.page.locator(".line.unsent")).to_have_count(3)
    expect(one.page.locator("#connection")).to_contain_text("Reconnecting")
    writes(service, case, "هل أنت هنا؟")  # nobody is told of it now
    one.context.set_offline(False)
    expect(one.page.locator(".line.unsent")).to_have_count(0, timeout=15000)
    expect(one.said("هل أنت هنا؟")).to_have_count(1)
    for text in ("أولا", "ثانيا", "ثالثا"):
        expect(one.said(text)).to_have_count(1)
    ours = [text for text, from_person in stored(service, case) if not from_person]
    assert ours == ["أولا", "ثانيا", "ثالثا"]
    expect(one.page.locator("#connection")).to_be_empty()


def test_drafts_and_unsent_words_survive_a_reload(service, console):
    one = console("reload", languages=["en"])
    case = asks_for_a_person(service, "hi", "en")
    one.takes_the_offer()
    one.page.route("**/messages", lambda route: route.abort())
    one.writes("first words")
    expect(one.page.locator(".line.unsent")).to_have_count(1)
    one.page.locator("#composer-text").fill("half a sent")
    one.page.reload()
    expect(one.page.locator("#composer-text")).to_have_value("half a sent")
    expect(one.said("first words")).to_have_count(1)
    assert stored(service, case) == []
    one.page.unroute("**/messages")
    expect(one.page.locator(".line.unsent")).to_have_count(0, timeout=15000)
    expect(one.said("first words")).to_have_count(1)
    assert stored(service, case) == [("first words", False)]


def test_who_signs_in_again_in_another_tab_loses_nothing_in_the_first(service, console):
    one = console("again", languages=["en"])
    case = asks_for_a_person(service, "hi", "en")
    one.takes_the_offer()
    other = one.context.new_page()
    sign_in(other, service, "again")  # the token of the first tab is old now
    one.page.bring_to_front()
    one.writes("written with the old token")
    confirmed = one.page.locator(".line.staff:not(.unsent)")
    expect(confirmed).to_have_count(1, timeout=15000)
    expect(one.said("written with the old token")).to_have_count(1)
    assert stored(service, case) == [("written with the old token", False)]
    one.context.clear_cookies()
    one.writes("written when signed out")
    expect(one.page.locator("#signed-out")).to_be_visible()
    sign_in(other, service, "again")
    one.page.bring_to_front()
    one.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(confirmed).to_have_count(2, timeout=15000)
    expect(one.said("written when signed out")).to_have_count(1)
    assert [text for text, _ in stored(service, case)][1:] == ["written when signed out"]


def test_another_persons_words_never_stand_in_the_tab_of_the_next_counsellor(service, console):
    one = console("shared-a", languages=["en"])
    asks_for_a_person(service, "hi", "en")
    one.takes_the_offer()
    one.page.locator("#composer-text").fill("private words")
    one.page.get_by_role("button", name="Sign out").click()
    one.page.get_by_label("Name").wait_for()
    assert "private words" not in one.page.evaluate("JSON.stringify({...sessionStorage})")


def test_words_that_come_too_late_are_not_lost_but_given_back(service, console):
    one = console("late", languages=["en"])
    case = asks_for_a_person(service, "hi", "en")
    one.takes_the_offer()
    one.page.route("**/messages", lambda route: route.abort())
    one.writes("too late")
    expect(one.page.locator(".line.unsent")).to_have_count(1)

    async def leave(session):
        await close(session, KEYS, case, None, "left")

    in_database(service, leave)
    expect(one.page.locator("#not-mine")).to_contain_text("left")
    one.page.unroute("**/messages")
    expect(one.page.locator(".line.unsent")).to_contain_text("Not sent", timeout=15000)


def test_the_words_of_a_case_that_went_to_somebody_else_go_from_the_page(service, console):
    one = console("losing", languages=["en"])
    case = asks_for_a_person(service, "words of a person", "en", name="Ann")
    one.takes_the_offer()
    writes(service, case, "more of their words")
    expect(one.said("more of their words")).to_have_count(1)
    in_database(service, lambda db: transfer(db, KEYS, case, "x", to="supervisor", anyway=True))
    expect(one.page.locator("#not-mine")).to_have_text("You don’t have this case any more.")
    expect(one.page.locator("main")).not_to_contain_text("words")
    expect(one.page.locator("main")).not_to_contain_text("Ann")
    in_database(service, lambda db: take(db, KEYS, case, "losing", anyway=True))
    expect(one.said("more of their words")).to_have_count(1)


def test_placeholders_must_be_filled_in_before_a_message_goes(service, console):
    one = console("filling", languages=["en"])
    asks_for_a_person(service, "hi", "en")
    one.takes_the_offer()
    one.writes("Go to {organisation} now")
    expect(one.page.locator("#composer-state")).to_have_text("Fill in {organisation} first")
    one.page.keyboard.type("the office")  # it is selected
    one.page.keyboard.press("Enter")
    expect(one.said("Go to the office now")).to_have_count(1)


def test_messages_count_as_seen_only_when_they_are_in_view(service, console):
    one = console("seeing", languages=["en"])
    first = asks_for_a_person(service, "hi", "en", name="Ann")
    one.takes_the_offer()
    second = asks_for_a_person(service, "hi", "en", name="Ben")
    expect(one.page.locator(".offer")).to_have_count(1)
    one.takes_the_offer()
    expect(one.page.locator("#talk-title")).to_have_text("Ben")
    writes(service, first, "are you there", "hello")
    unread = one.page.locator("#mine .case", has_text="Ann").locator(".unread")
    expect(unread).to_have_text("2 new")
    expect(one.page).to_have_title(re.compile(r"^\(1\) "))
    one.page.locator("#mine .case", has_text="Ann").click()
    expect(unread).to_be_hidden()
    expect(one.page).to_have_title(re.compile("^Cases"))
    assert second != first


def test_a_file_is_shown_only_when_it_is_asked_for(service, console):
    one = console("files", languages=["en"])
    case = asks_for_a_person(service, "hi", "en")
    one.takes_the_offer()
    sends_file(service, case, "photo", "image/png", PNG)
    show = one.page.get_by_role("button", name="Show the picture")
    expect(show).to_be_visible()
    expect(one.page.locator(".line img")).to_have_count(0)
    show.click()
    expect(one.page.locator(".line img")).to_have_js_property("naturalWidth", 1)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_page_fits_a_phone(service, console, direction):
    one = console(f"phone-{direction}", PHONE, languages=["ps"])
    case = asks_for_a_person(service, "زه مرسته غواړم " * 10, "ps", topic="asylum", danger=True)
    one.page.evaluate("direction => document.documentElement.dir = direction", direction)
    one.takes_the_offer()
    writes(service, case, "https://example.org/" + "a" * 200)
    expect(one.page.locator(".line.person")).to_have_count(2)
    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert one.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(one.page.locator("#send")).to_be_in_viewport(ratio=1)
    one.page.locator("#about-button").click()
    expect(one.page.locator("#about")).to_be_in_viewport()
    one.page.locator("#about-close").click()
    one.page.locator("#back").click()
    expect(one.page.locator("#mine .case")).to_be_in_viewport()


def test_twenty_conversations_stay_quick(service, console):
    one = console("twenty", languages=["fa"], capacity=25)
    cases = [asks_for_a_person(service, f"سلام {n}", "fa", name=f"P{n}") for n in range(20)]

    async def all_taken(session):
        for case in cases:
            await take(session, KEYS, case, "twenty", anyway=True)

    in_database(service, all_taken)
    for case in cases:
        writes(service, case, *[f"پیام {n}" for n in range(30)])
    expect(one.page.locator("#mine .case")).to_have_count(20)
    expect(one.page.locator("#mine .unread")).to_have_text(["30 new"] * 20)
    for n in range(20):
        one.page.locator("#mine .case", has=one.page.get_by_text(f"P{n}", exact=True)).click()
        expect(one.page.locator("#talk-title")).to_have_text(f"P{n}")
    # drawing everything anew takes a fraction of what an eye notices
    spent = one.page.evaluate(
        """async () => {
          const { emit } = await import('/console/static/cases/state.js');
          const start = performance.now();
          emit('lists', { before: new Map() });
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          return performance.now() - start;
        }"""
    )
    assert spent < 300
