"""The officers' pages for "you said, we did", up to what a person reads in the chat."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from content.languages import LANGUAGES
from store.tables import today
from tests.conftest import free_port
from tests.support.console import add_account, chat, csrf, sign_in, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import Running

FIELDS = {
    "month": "2026-03",
    "centre": "lipa",
    "done": "yes",
    "said_en": "The soup is cold <b>",
    "said_fa": "سوپ سرد است",
    "did_en": "There is a new stove.",
    "did_fa": "اجاق نو آمد.",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("changes"), free_port(), nlu.url) as running,
    ):
        for role in ("aap", "admin", "editor"):
            add_account(running, role, role)
        yield running


def write(client: httpx.Client, **more: str) -> httpx.Response:
    """Send the form of a new entry."""
    token = csrf(client.get("/console/changes/new").text)
    return client.post("/console/changes/new", data=FIELDS | {"csrf": token} | more)


def set_state(client: httpx.Client, entry: httpx.Response, do: str) -> httpx.Response:
    form = {"csrf": csrf(entry.text), "do": do}
    return client.post(f"{entry.url.path}/state", data=form)


def test_an_entry_is_read_by_people_only_while_it_is_published(service):
    with signed_in(service, "aap") as client:
        entry = write(client)
        assert entry.status_code == 200 and "draft" in entry.text
        chat(service, "c1", choice="lang:fa")
        assert "سوپ" not in chat(service, "c1", choice="chg")[0]["text"]
        assert "published" in set_state(client, entry, "publish").text
        [reply] = chat(service, "c1", choice="chg")
        assert "سوپ سرد است" in reply["text"] and reply["direction"] == "rtl"
        chat(service, "c2", choice="lang:ur")
        [english] = chat(service, "c2", choice="chg")
        assert "The soup is cold <b>" in english["text"]
        assert "&lt;b&gt;" in english["html"]
        form = FIELDS | {"csrf": csrf(entry.text), "said_fa": "سوپ همیشه سرد است"}
        client.post(entry.url.path, data=form)
        assert "همیشه" in chat(service, "c1", choice="chg")[0]["text"]
        assert "withdrawn" in set_state(client, entry, "withdraw").text
        assert "سوپ" not in chat(service, "c1", choice="chg")[0]["text"]
    with signed_in(service, "admin") as client:
        log = client.get("/console/audit").text
        for action in ("write change", "publish change", "withdraw change", "read change"):
            assert re.search(rf"{action}</td>[^/]*{entry.url.path.split('/')[-1]}", log), action


def test_the_page_previews_each_language_and_names_the_missing_ones(service):
    with signed_in(service, "aap") as client:
        page = write(client).text
        listed = client.get("/console/changes").text
    missing = re.search(r'class="lacking".*?</p>', page, re.S)[0]
    assert re.findall(r'<bdi lang="(\w+)">', missing) == ["ar", "ps", "ur", "fr"]
    for code, language in LANGUAGES.items():
        shown = page.split(f'<blockquote dir="{language.direction}" lang="{code}">')[1]
        shown = shown.split("</blockquote>")[0]
        assert ("سوپ سرد است" in shown) == (code == "fa")
        assert ("The soup is cold &lt;b&gt;" in shown) == (code != "fa")
    assert "The soup is cold &lt;b&gt;" in listed and "Lipa" in listed


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("said_en", "  ", "What people said: the English text is missing"),
        ("did_en", "", "What we did, or why not: the English text is missing"),
        ("did_ps", "ا" * 501, "at most 500 characters"),
        ("month", "March", "write the year and the month"),
        ("month", "2026-13", "write the year and the month"),
        ("month", f"{today().year + 1}-01", "yet to come"),
        ("centre", "nowhere", "choose one of the list"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_words_to_mend_it(service, field, value, words):
    with signed_in(service, "aap") as client:
        before = client.get("/console/changes").text.count("<tr>")
        answer = write(client, **{field: value})
        assert answer.status_code == 400 and words in answer.text
        assert "سوپ سرد است" in answer.text and "Nothing was saved" in answer.text
        assert client.get("/console/changes").text.count("<tr>") == before
        entry = write(client)
        form = FIELDS | {"csrf": csrf(entry.text), "said_fa": "چیز دیگر", field: value}
        answer = client.post(entry.url.path, data=form)
        assert answer.status_code == 400 and words in answer.text
        assert "چیز دیگر" not in client.get(entry.url.path).text


def test_other_roles_forged_forms_and_unknown_entries_are_refused(service):
    with signed_in(service, "editor") as client:
        for path in ("changes", "changes/new", "changes/x"):
            assert client.get(f"/console/{path}").status_code == 403
        for path in ("changes/new", "changes/x"):
            assert client.post(f"/console/{path}", data=FIELDS).status_code == 403
    with signed_in(service, "aap") as client:
        assert write(client, csrf="forged").status_code == 403
        entry = write(client)
        assert client.post(entry.url.path, data=FIELDS | {"csrf": "x"}).status_code == 403
        assert client.get("/console/changes/nothing").status_code == 404
        form = FIELDS | {"csrf": csrf(entry.text)}
        assert client.post("/console/changes/nothing", data=form).status_code == 404
        assert set_state(client, entry, "burn").status_code == 422


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 360, "height": 720}, {"width": 1280, "height": 800}])
def test_an_entry_is_written_and_published_on_phone_and_laptop(service, browser, size):
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "aap")
    page.get_by_role("link", name="You said, we did").first.click()
    page.get_by_role("link", name="Write an entry").click()
    page.get_by_label("Month").fill("2026-02")
    page.locator("[name=said_en]").fill(f"Too dark at night {size['width']}")
    page.locator("[name=said_ar]").fill("المكان مظلم في الليل.")
    page.locator("[name=did_en]").fill("Two lamps.")
    page.locator("[name=did_ar]").fill("وضعنا مصباحين.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("blockquote[lang=ar]")).to_have_css("direction", "rtl")
    expect(page.locator("blockquote[lang=ar]")).to_contain_text("وضعنا مصباحين.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You said, we did: published")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="All entries").click()
    expect(page.get_by_text(f"Too dark at night {size['width']}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
