"""The editors' pages for rumours, up to what a person reads in the chat."""

import datetime as dt
import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from content.languages import LANGUAGES
from store.tables import today
from tests.conftest import free_port
from tests.support.console import add_account, chat, check_width, csrf, sign_in, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import Running

PATH = "/console/rumours"
FIELDS = {
    "heard_en": "Lipa will close <b>",
    "heard_fa": "لیپا بسته می‌شود",
    "known_en": "No. It stays open.",
    "known_fa": "نه. باز می‌ماند.",
    "as_of": today().isoformat(),
    "valid_until": (today() + dt.timedelta(days=7)).isoformat(),
    "centre": "lipa",
    "sources": "Centre management\nhttps://example.org/a",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("rumours"), free_port(), nlu.url) as running,
    ):
        for name, role in (("ana", "editor"), ("bea", "editor"), ("aap", "aap"), ("eve", "admin")):
            add_account(running, name, role)
        yield running


def write(client: httpx.Client, **more: str) -> httpx.Response:
    """Send the form of a new rumour."""
    token = csrf(client.get(f"{PATH}/new").text)
    return client.post(f"{PATH}/new", data=FIELDS | {"csrf": token} | more)


def set_state(client: httpx.Client, path: str, do: str) -> httpx.Response:
    form = {"csrf": csrf(client.get(path).text), "do": do}
    return client.post(f"{path}/state", data=form)


def read(service: Running, session: str) -> dict:
    [reply] = chat(service, session, choice="rum")
    return reply


def test_one_editor_writes_another_publishes_and_people_read_it_at_once(service):
    chat(service, "r1", choice="lang:fa")
    with signed_in(service, "ana") as ana, signed_in(service, "bea") as bea:
        entry = write(ana)
        path = entry.url.path
        assert entry.status_code == 200 and "another editor must" in entry.text
        assert 'value="publish"' not in entry.text
        assert set_state(ana, path, "publish").status_code == 409
        assert "لیپا" not in read(service, "r1")["text"]

        assert 'value="publish"' in bea.get(path).text
        assert "Rumour: published" in set_state(bea, path, "publish").text
        reply = read(service, "r1")
        assert "لیپا بسته می‌شود" in reply["text"] and reply["direction"] == "rtl"
        assert "باز می‌ماند" in reply["text"] and "Centre management" in reply["text"]
        chat(service, "r2", choice="lang:en")
        assert "Lipa will close &lt;b&gt;" in read(service, "r2")["html"]
        assert set_state(bea, path, "publish").status_code == 409

        # a change of what people read needs another pair of eyes again
        form = FIELDS | {"csrf": csrf(bea.get(path).text), "known_fa": "هنوز باز است."}
        assert "draft" in bea.post(path, data=form).text
        assert "لیپا" not in read(service, "r1")["text"]
        assert set_state(bea, path, "publish").status_code == 409
        set_state(ana, path, "publish")
        assert "هنوز باز است" in read(service, "r1")["text"]

        assert "Rumour: withdrawn" in set_state(ana, path, "withdraw").text
        assert "لیپا" not in read(service, "r1")["text"]
    with signed_in(service, "eve") as client:
        log = client.get("/console/audit").text
        for action in ("write rumour", "publish rumour", "withdraw rumour", "read rumour"):
            assert re.search(rf"{action}</td>[^/]*{path.split('/')[-1]}", log), action


def test_the_page_previews_each_language_and_names_the_missing_ones(service):
    with signed_in(service, "ana") as client:
        page = write(client).text
        listed = client.get(PATH).text
    missing = re.search(r'class="lacking".*?</p>', page, re.S)[0]
    assert re.findall(r'<bdi lang="(\w+)">', missing) == ["ar", "ps", "ur", "fr"]
    for code, language in LANGUAGES.items():
        shown = page.split(f'<blockquote dir="{language.direction}" lang="{code}">')[1]
        shown = shown.split("</blockquote>")[0]
        assert ("لیپا بسته می‌شود" in shown) == (code == "fa")
        assert ("Lipa will close &lt;b&gt;" in shown) == (code != "fa")
    assert "Lipa will close &lt;b&gt;" in listed and "draft by" in listed


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("heard_en", "  ", "What people heard: the English text is missing"),
        ("known_en", "", "What we know: the English text is missing"),
        ("known_ps", "ا" * 501, "at most 500 characters"),
        ("as_of", "March", "As of: write the day as"),
        ("as_of", "2026-02-30", "As of: write the day as"),
        ("as_of", (today() + dt.timedelta(days=2)).isoformat(), "yet to come"),
        ("valid_until", "", "Valid until: write the day as"),
        ("valid_until", (today() - dt.timedelta(days=1)).isoformat(), "choose a day at most"),
        ("valid_until", (today() + dt.timedelta(days=93)).isoformat(), "choose a day at most"),
        ("centre", "nowhere", "choose one of the list"),
        ("sources", " \n ", "say where this is known from"),
        ("sources", "a\n" * 6, "at most 5"),
        ("sources", "a" * 201, "at most 200 characters"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_words_to_mend_it(service, field, value, words):
    with signed_in(service, "ana") as client:
        before = client.get(PATH).text.count("<tr>")
        answer = write(client, **{field: value})
        assert answer.status_code == 400 and words in answer.text.replace("&#34;", '"')
        assert "لیپا بسته می‌شود" in answer.text and "Nothing was saved" in answer.text
        assert client.get(PATH).text.count("<tr>") == before
        entry = write(client)
        form = FIELDS | {"csrf": csrf(entry.text), "heard_fa": "چیز دیگر", field: value}
        answer = client.post(entry.url.path, data=form)
        assert answer.status_code == 400 and words in answer.text
        assert "چیز دیگر" not in client.get(entry.url.path).text


def test_a_rumour_whose_last_day_is_over_says_so_to_editors(service):
    past = {
        "as_of": (today() - dt.timedelta(days=9)).isoformat(),
        "valid_until": (today() - dt.timedelta(days=2)).isoformat(),
    }
    with signed_in(service, "ana") as ana, signed_in(service, "bea") as bea:
        path = write(ana, heard_en="It is over.", **past).url.path
        page = set_state(bea, path, "publish").text
        assert "Its last day is over" in page and "over</strong>" in bea.get(PATH).text
    chat(service, "r4", choice="lang:en")
    assert "It is over." not in read(service, "r4")["text"]


def test_other_roles_forged_forms_and_unknown_rumours_are_refused(service):
    with signed_in(service, "aap") as client:
        for path in ("", "/new", "/x"):
            assert client.get(PATH + path).status_code == 403
        for path in ("/new", "/x", "/x/state"):
            assert client.post(PATH + path, data=FIELDS | {"do": "publish"}).status_code == 403
    with signed_in(service, "ana") as client:
        assert write(client, csrf="forged").status_code == 403
        path = write(client).url.path
        assert client.post(path, data=FIELDS | {"csrf": "x"}).status_code == 403
        forged = {"csrf": "x", "do": "withdraw"}
        assert client.post(f"{path}/state", data=forged).status_code == 403
        assert client.get(f"{PATH}/nothing").status_code == 404
        form = FIELDS | {"csrf": csrf(client.get(path).text)}
        assert client.post(f"{PATH}/nothing", data=form).status_code == 404
        assert set_state(client, path, "burn").status_code == 422


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}])
def test_a_rumour_is_written_on_phone_and_laptop(service, browser, size):
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "ana")
    page.get_by_role("link", name="Rumours").first.click()
    page.get_by_role("link", name="Write about a rumour").click()
    page.locator("[name=heard_en]").fill(f"A bus goes to Italy {size['width']}")
    page.locator("[name=heard_ar]").fill("هناك باص إلى إيطاليا.")
    page.locator("[name=known_en]").fill("There is no such bus.")
    page.locator("[name=known_ar]").fill("لا يوجد باص كهذا.")
    page.get_by_label("Sources").fill("IOM, by phone")
    check_width(page)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator("blockquote[lang=ar]")).to_have_css("direction", "rtl")
    expect(page.locator("blockquote[lang=ar]")).to_contain_text("لا يوجد باص كهذا.")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    check_width(page)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="All rumours").click()
    expect(page.get_by_text(f"A bus goes to Italy {size['width']}")).to_be_visible()
    check_width(page)
    assert Axe().run(page).response["violations"] == []
    context.close()
