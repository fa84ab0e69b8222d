"""The officers' inbox and the page of one item, over HTTP and in a browser."""

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from content.officer_sentences import ready_sentences
from store.clocks import GENERAL_DAYS
from tests.support.console import (
    add_account,
    chat,
    give_feedback,
    hidden,
    sign_in,
    signed_in,
)
from tests.support.running import Running

SIZES = [{"width": 360, "height": 720}, {"width": 1280, "height": 800}]


def found(client: httpx.Client, words: str, where: str = "feedback", **filters) -> str | None:
    """The address of the item whose excerpt holds some words, as a list shows it; None if not."""
    page = client.get(f"/console/{where}", params=filters)
    assert page.status_code == 200, page.text
    for href, excerpt in re.findall(
        r'<a href="([^"]+)"[^>]*class="excerpt">([^<]*)</a>', page.text
    ):
        if words in excerpt:
            return href
    return None


def save(client: httpx.Client, item: str, **fields) -> httpx.Response:
    """Open an item and save it with some fields changed."""
    page = client.get(item)
    assert page.status_code == 200, page.text
    form = {name: hidden(page.text, name) for name in ("csrf", "version")}
    return client.post(item, data={**form, "status": "acknowledged", **fields})


def look_up(service: Running, session: str, code: str, language: str = "en") -> str:
    """What a person reads with a code on another phone."""
    chat(service, session, choice=f"lang:{language}")
    chat(service, session, choice="fb:code")
    [reply] = chat(service, session, text=code)
    return reply["text"]


def change(service: Running, words: str, **columns) -> None:
    """Change columns of an item as only time would."""
    with sqlite3.connect(service.database) as database:
        sets = ", ".join(f"{name} = ?" for name in columns)
        database.execute(
            f"UPDATE feedback SET {sets} WHERE text LIKE ?", (*columns.values(), f"%{words}%")
        )
    database.close()


def test_feedback_in_each_language_is_read_and_answered_by_code(service):
    said = {
        "ar": "الأكل بارد كل يوم",
        "fa": "غذا سرد است <b>",
        "ps": "ډوډۍ سړه ده",
        "ur": "کھانا ٹھنڈا ہے",
        "fr": "la soupe est froide",
        "en": "the soup is cold",
    }
    with signed_in(service, "aap") as client:
        for language, words in said.items():
            code = give_feedback(service, f"each-{language}", words, language=language)
            item = found(client, words.split("<")[0].strip())
            page = client.get(item).text
            direction = "ltr" if language in ("fr", "en") else "rtl"
            shown = words.replace("<b>", "&lt;b&gt;")
            assert f'<blockquote dir="{direction}" lang="{language}">{shown}</blockquote>' in page
            assert "(suggested: confirm or correct it)" in page
            assert look_up(service, f"early-{language}", code, language)
            reply = ready_sentences()["thanks"].text[language]
            save(client, item, reply=reply, code="food_quality")
            assert reply in look_up(service, f"other-{language}", code, language)


def test_opening_an_item_says_to_the_person_that_it_was_read(service):
    code = give_feedback(service, "read-1", "the light is broken")
    assert "Nobody has read it yet" in look_up(service, "read-2", code)
    with signed_in(service, "aap") as client:
        client.get(found(client, "the light is broken"))
    assert "It was read" in look_up(service, "read-3", code)


def test_filters_show_what_fits_and_nothing_else(service):
    give_feedback(service, "filter-1", "filter: warm showers please", area="hygiene", centre="lipa",
                  type="suggestion")  # fmt: skip
    give_feedback(service, "filter-2", "filter: مشکل غذا", language="fa", area="food")
    change(service, "filter: مشکل", given_on="2026-01-07")
    with signed_in(service, "aap") as client:
        for filters, first, second in (
            ({}, True, True),
            ({"centre": "lipa"}, True, False),
            ({"centre": "none"}, False, True),
            ({"language": "fa"}, False, True),
            ({"type": "suggestion"}, True, False),
            ({"category": "hygiene"}, True, False),
            ({"category": "mines"}, False, False),
            ({"state": "new"}, True, True),
            ({"state": "closed"}, False, False),
            ({"week": "2026-01-05"}, False, True),
            ({"assigned": "none"}, True, True),
            ({"assigned": "aap"}, False, False),
            ({"translation": "yes"}, False, False),
            ({"centre": "lipa", "language": "fa"}, False, False),
        ):
            assert bool(found(client, "filter: warm", **filters)) == first, filters
            assert bool(found(client, "filter: مشکل", **filters)) == second, filters
        for wrong in ({"state": "x"}, {"centre": "x"}, {"week": "x"}, {"page": 0}, {"type": "x"}):
            assert client.get("/console/feedback", params=wrong).status_code in (400, 422)


def test_what_waits_longer_than_a_week_is_overdue_until_it_is_answered(service):
    give_feedback(service, "late-1", "late: the heating")
    give_feedback(service, "late-2", "in time: the heating")
    today = dt.datetime.now(dt.UTC).date()
    for words, days in (("late: the", GENERAL_DAYS + 1), ("in time: the", GENERAL_DAYS)):
        since = (today - dt.timedelta(days=days)).isoformat()
        change(service, words, given_on=since, waiting_since=since)
    with signed_in(service, "aap") as client:
        assert found(client, "in time: the", state="overdue") is None
        item = found(client, "late: the", state="overdue")
        assert "1 overdue" in client.get("/console/").text
        assert save(client, item, reply="It is mended.").status_code == 200
        assert found(client, "late: the", state="overdue") is None
        assert "none overdue" in client.get("/console/").text


def test_a_message_back_is_owed_an_answer_again(service):
    code = give_feedback(service, "back-1", "back: the tap drips")
    with signed_in(service, "aap") as client:
        item = found(client, "back: the tap")
        save(client, item, reply="It is mended.")
        chat(service, "back-2", choice="lang:en")
        chat(service, "back-2", choice="fb:more:" + code.replace("-", ""))
        chat(service, "back-2", text="It drips again")
        assert found(client, "back: the tap", state="open") == item
        assert "It drips again" in client.get(item).text


def test_a_ready_sentence_is_added_and_must_be_filled_in(service):
    give_feedback(service, "ready", "تشناب خراب دی", language="ps", area="hygiene")
    with signed_in(service, "aap") as client:
        item = found(client, "تشناب")
        page = save(client, item, reply="سلام.", ready="not_possible", insert="yes").text
        sentence = ready_sentences()["not_possible"].text["ps"]
        assert f"سلام. {sentence}" in page
        refused = save(client, item, reply=sentence)
        assert refused.status_code == 400 and "Fill in {" in refused.text
        assert sentence in refused.text  # nothing that was typed is lost
        assert save(client, item, status="answered").status_code == 400


def test_a_translation_is_asked_for_by_a_person_and_kept_beside_the_words(service):
    give_feedback(service, "tr", "ترجمه: دیوار سوری دی", language="ps", area="shelter")
    with signed_in(service, "aap") as client:
        item = found(client, "ترجمه")
        form = {name: hidden(client.get(item).text, name) for name in ("csrf", "version")}
        client.post(f"{item}/translation", data={**form, "needed": "yes"})
        assert found(client, "ترجمه", translation="yes") == item
        form = {name: hidden(client.get(item).text, name) for name in ("csrf", "version")}
        page = client.post(f"{item}/translation", data={**form, "text": "There is a hole"}).text
        assert "Translation by <bdi>aap</bdi>" in page and "There is a hole" in page
        assert found(client, "ترجمه", translation="yes") is None


def test_two_officers_do_not_overwrite_each_other_unseen(service):
    give_feedback(service, "two", "two officers: the door")
    add_account(service, "aap2", "aap")
    with signed_in(service, "aap") as one, signed_in(service, "aap2") as other:
        item = found(one, "two officers")
        page = one.get(item).text
        save(other, item, reply="The door is mended.", assigned_to="aap2")
        form = {name: hidden(page, name) for name in ("csrf", "version")}
        late = one.post(item, data={**form, "status": "closed", "reply": "No."})
        assert late.status_code == 409
        assert "The door is mended." in late.text and "No." in late.text
        assert found(one, "two officers", assigned="aap2") == item
        form["version"] = hidden(late.text, "version")
        assert one.post(item, data={**form, "status": "closed", "reply": "No."}).status_code == 200


def test_bad_forms_are_refused_and_change_nothing(service):
    give_feedback(service, "bad", "bad forms: the bed")
    with signed_in(service, "aap") as client:
        item = found(client, "bad forms")
        for fields in ({"code": "no_such"}, {"type": "no_such"}, {"status": "no_such"},
                       {"assigned_to": "nobody known"}, {"ready": "no_such"},
                       {"reply": "x" * 2001}):  # fmt: skip
            assert save(client, item, **fields).status_code in (400, 422), fields
        assert save(client, item, csrf="forged").status_code == 403
        assert client.get("/console/feedback/nothing").status_code == 404
        assert found(client, "bad forms", state="acknowledged") == item


def test_sensitive_feedback_is_seen_by_the_protection_desk_alone_until_it_is_coded_otherwise(
    service,
):
    words = "the guard wants money for a blanket"
    give_feedback(service, "s1", words, area="staff")
    with signed_in(service, "aap") as officer, signed_in(service, "protection") as desk:
        item = found(desk, words, "sensitive")
        assert "(suggested: confirm or correct it)" in desk.get(item).text
        assert found(officer, words) is None
        elsewhere = item.replace("sensitive", "feedback")
        assert officer.get(elsewhere).status_code == 404
        assert officer.get(item).status_code == 403
        save(desk, item, code="items_bedding")
        assert found(desk, words, "sensitive") is None
        assert found(officer, words) == elsewhere
        save(officer, elsewhere, code="staff_corruption")
        assert found(officer, words) is None
        assert found(desk, words, "sensitive", state="new") == item  # unread by the desk


@pytest.fixture
def near(service) -> Iterator[httpx.Client]:
    """An officer who works in Lipa."""
    add_account(service, "near", "aap", centre="lipa")
    with signed_in(service, "near") as client:
        yield client


def test_what_is_said_about_staff_does_not_reach_the_staff_of_that_centre(service, near):
    give_feedback(service, "near-1", "near: the clerk shouts", area="staff", centre="lipa")
    give_feedback(service, "near-2", "far: the clerk shouts", area="staff", centre="borici")
    give_feedback(service, "near-3", "unknown: the clerk shouts", area="staff")
    give_feedback(service, "near-4", "near: the soup is cold", centre="lipa")
    with signed_in(service, "aap") as other:
        for words in ("near: the clerk", "far: the clerk", "unknown: the clerk"):
            assert found(other, words)
        # coding it otherwise does not open it
        item = found(other, "near: the clerk")
        save(other, item, code="shelter_rules")
    assert found(near, "far: the clerk") and found(near, "near: the soup")
    assert found(near, "near: the clerk") is None and found(near, "unknown: the clerk") is None
    assert near.get(item).status_code == 404


def test_reports_about_staff_do_not_reach_the_staff_of_that_centre(service):
    add_account(service, "near desk", "protection", centre="lipa")
    for session, kind, centre in (
        ("rep-1", "sea_report", "lipa"),
        ("rep-2", "sea_report", "borici"),
        ("rep-3", "sea_report", None),
        ("rep-4", "trafficking", "lipa"),
    ):
        chat(service, session, choice="lang:en")
        if centre:
            chat(service, session, choice=f"centre:{centre}")
        chat(service, session, choice=f"rep:{kind}")
        chat(service, session, text="what happened")
        chat(service, session, choice="rep:nocontact")
        chat(service, session, choice="rep:send")
    with signed_in(service, "protection") as desk, signed_in(service, "near desk") as close:
        every = set(re.findall(r'href="(/console/reports/\w+)"', desk.get("/console/reports").text))
        seen = set(re.findall(r'href="(/console/reports/\w+)"', close.get("/console/reports").text))
        assert len(every) == 4 and len(seen) == 2 and seen < every
        for address in every - seen:
            assert close.get(address).status_code == 404
        for address in every:
            assert desk.get(address).status_code == 200


def test_an_account_needs_a_known_centre(service):
    made = service.command("users", "add", "x", "--role", "aap", "--centre", "atlantis")
    assert made.returncode == 2 and "lipa" in made.stderr


def test_the_list_has_pages(service):
    with sqlite3.connect(service.database) as database:
        database.executemany(
            "INSERT INTO feedback (id, given_on, language, channel, type, category, text,"
            " code_hash, status, sensitive, alerts, waiting_since, needs_translation, cell_key)"
            " VALUES (?, '2025-05-05', 'en', 'web', 'praise', 'food', ?, ?, 'closed', 0, 0,"
            " '2025-05-05', 0, 1)",
            [(f"{n:032}", f"page item {n}", f"hash {n}") for n in range(60)],
        )
    database.close()
    with signed_in(service, "aap") as client:
        seen = set()
        address = "/console/feedback?type=praise&week=2025-05-05"
        for _ in range(3):
            page = client.get(address).text
            assert "60 items, page" in page
            seen |= set(re.findall("page item \\d+", page))
            older = re.search(r'href="([^"]+)" rel="next"', page)
            address = older and older[1].replace("&amp;", "&")
        assert len(seen) == 60 and address is None


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_feedback_is_coded_and_answered_on_phone_and_laptop(service, browser, size):
    words = f"کمرہ {size['width']}"
    give_feedback(service, f"b2-{size['width']}", f"کھانا گرم ہونا چاہیے، {words}", language="ur",
                  type="suggestion")  # fmt: skip
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "aap")
    page.goto(f"{service.url}/console/feedback")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    link = page.get_by_role("link", name=words)
    expect(link).to_have_css("direction", "rtl")
    link.click()
    expect(page.locator("blockquote")).to_have_css("direction", "rtl")
    page.locator("select[name=code]").select_option("food_quality")
    page.locator("select[name=ready]").select_option("thanks")
    page.get_by_role("button", name="Add to the answer").click()
    answer = page.locator("textarea[name=reply]")
    expect(answer).to_have_css("direction", "rtl")
    expect(answer).to_have_value(ready_sentences()["thanks"].text["ur"])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("select[name=code]")).to_have_value("food_quality")
    expect(page.locator("select[name=status]")).to_have_value("answered")
    expect(page.locator("main")).to_contain_text("by aap")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
