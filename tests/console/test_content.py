"""The editors' pages for answers: from a draft to what people read, and back."""

import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from console.content_form import read_body
from content.answers import Answer, Library
from content.languages import LANGUAGES
from content.overlay import of_answer
from content.source_hash import source_hash
from store.tables import today
from tests.conftest import free_port
from tests.support.console import add_account, chat, check_width, csrf, hidden, sign_in, signed_in
from tests.support.nlu_server import NluServer
from tests.support.running import Running

UNTIL = f"{today().year + 1}-06-01"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("content"), free_port(), nlu.url) as running,
    ):
        for name in ("ana", "emir"):
            add_account(running, name, "editor")
        add_account(running, "admin", "admin")
        add_account(running, "bound", "editor", centre="lipa")
        yield running


@pytest.fixture
def ana(service) -> Iterator[httpx.Client]:
    with signed_in(service, "ana") as client:
        yield client


@pytest.fixture
def emir(service) -> Iterator[httpx.Client]:
    with signed_in(service, "emir") as client:
        yield client


def fields(answer: Answer, **more: str) -> dict[str, str]:
    """The form of an answer as it stands in its file, with other fields."""
    related = {f"related_{n}": one for n, one in enumerate(answer.related)}
    return {
        "title": answer.title,
        "body": answer.body,
        "sources": "\n".join(answer.sources),
        "checked": answer.checked.isoformat(),
        **related,
        **more,
    }


def send(client: httpx.Client, path: str, form: dict[str, str], do: str = "save") -> httpx.Response:
    """Send the editor's form of a text, on top of what the page has now."""
    page = client.get(f"/console/content/{path}").text
    own = {name: hidden(page, name) for name in ("csrf", "edits", "english")}
    return client.post(f"/console/content/{path}", data=own | form | {"do": do})


def decide(client: httpx.Client, path: str, do: str, **more: str) -> httpx.Response:
    """Take a step on the review page; its forms are the same for both steps."""
    page = client.get(f"/console/content/{path}/review").text
    form = {"csrf": csrf(page), "edits": hidden(page, "edits"), "do": do} | more
    return client.post(f"/console/content/{path}/review", data=form)


def undo(client: httpx.Client, path: str, why: str = "wrong") -> httpx.Response:
    page = client.get(f"/console/content/{path}/history").text
    form = {"csrf": csrf(page), "version": hidden(page, "version"), "why": why}
    return client.post(f"/console/content/{path}/undo", data=form)


def read(service: Running, intent: str, language: str) -> dict:
    """What a person gets who asks by button."""
    session = f"reads-{intent}-{language}"
    chat(service, session, choice=f"lang:{language}")
    return chat(service, session, choice=f"ask:{intent}")[0]


def published(ana: httpx.Client, emir: httpx.Client, path: str, form: dict[str, str]) -> None:
    """Bring a text into force."""
    assert send(ana, path, form, "ask").url.params["done"] == "asked"
    assert decide(emir, path, "publish", until=UNTIL).url.params["done"] == "published"


def test_a_text_is_written_reviewed_published_read_and_taken_back(service, ana, emir, library):
    path, farsi = "fa/food", library.get("food", "fa")
    form = fields(farsi, body=farsi.body + "\n- ناهار ساعت دوازده است.")
    saved = send(ana, path, form)
    assert saved.url.params["done"] == "saved" and "This is a draft" in saved.text
    assert "being edited" in emir.get("/console/content?language=fa").text
    assert "ناهار ساعت دوازده" not in read(service, "food", "fa")["text"]
    assert "Waits for your review: 0" in emir.get("/console/content").text

    asked = send(ana, path, form, "ask")
    assert "waits for a second person" in asked.text
    assert "Waits for your review: 1" in emir.get("/console/content").text
    assert "Waits for your review: 0" in ana.get("/console/content").text
    review = emir.get(f"/console/content/{path}/review").text
    assert re.search(r'<p class="added">.*ناهار ساعت دوازده', review)
    assert 'class="difference" dir="rtl" lang="fa"' in review
    assert "ناهار ساعت دوازده" not in read(service, "food", "fa")["text"]

    done = decide(emir, path, "publish", until=UNTIL)
    assert done.url.params["done"] == "published"
    assert f"written by <bdi>ana</bdi>, reviewed by <bdi>emir</bdi> on {today():%d %b %Y}" in (
        done.text
    )
    assert f"valid until {UNTIL}" in done.text
    reply = read(service, "food", "fa")
    assert "ناهار ساعت دوازده" in reply["text"] and reply["direction"] == "rtl"
    draft_note = "متخصص"
    assert draft_note in read(service, "clothes_items", "fa")["text"]
    assert draft_note not in reply["text"]

    refused = undo(ana, path, why=" ")
    assert refused.status_code == 400 and "Say why" in refused.text
    assert "ناهار ساعت دوازده" in read(service, "food", "fa")["text"]
    assert undo(ana, path).url.params["done"] == "undone"
    assert "ناهار ساعت دوازده" not in read(service, "food", "fa")["text"]
    history = emir.get(f"/console/content/{path}/history").text
    assert "taken back" in history and "ana: wrong" in history
    with signed_in(service, "admin") as admin:
        log = admin.get("/console/audit").text
    for action in (
        "list answers",
        "read answer",
        "write answer",
        "ask review of answer",
        "review answer",
        "publish answer",
        "undo answer",
        "read history of answer",
    ):
        assert re.search(rf"{action}</td>[^/]*<code>[^<]*(fa/food|all)", log), action


def test_nobody_publishes_what_they_wrote(service, ana, emir, library):
    path = "ur/food"
    send(ana, path, fields(library.get("food", "ur")), "ask")
    page = ana.get(f"/console/content/{path}/review").text
    assert "second person must look" in page and "Publish now" not in page
    refused = decide(ana, path, "publish", until=UNTIL)
    assert refused.status_code == 409 and "second person must look" in refused.text
    # who asks for review without a change of their own has not written it
    send(emir, path, fields(library.get("food", "ur")), "ask")
    assert decide(emir, path, "publish", until=UNTIL).url.params["done"] == "published"


def test_an_account_of_a_centre_writes_but_does_not_decide(service, ana, emir, library):
    path, staff = "fr/sea_report", library.get("sea_report", "fr")
    published(ana, emir, path, fields(staff))
    with signed_in(service, "bound") as bound:
        assert "Take it back" not in bound.get(f"/console/content/{path}/history").text
        form = {"csrf": csrf(bound.get(f"/console/content/{path}").text), "version": "1"}
        refused = bound.post(f"/console/content/{path}/undo", data=form | {"why": "x"})
        assert refused.status_code == 403 and "bound to a centre" in refused.text
        send(ana, path, fields(staff, title="Abus par le staff"), "ask")
        assert "Publish now" not in bound.get(f"/console/content/{path}/review").text
        page = bound.get(f"/console/content/{path}").text
        form = {"csrf": csrf(page), "edits": hidden(page, "edits"), "do": "publish", "until": UNTIL}
        refused = bound.post(f"/console/content/{path}/review", data=form)
        assert refused.status_code == 403 and "bound to a centre" in refused.text
        assert "Waits for your review: 0" in bound.get("/console/content").text
        assert "saved" in str(send(bound, path, fields(staff, title="Autre")).url)
    assert read(service, "sea_report", "fr")["text"].startswith(staff.title)


def test_two_editors_do_not_overwrite_each_other_and_nothing_typed_is_lost(
    service, ana, emir, library
):
    path, text = "en/food", library.get("food", "en")
    page = ana.get(f"/console/content/{path}").text
    old = {"csrf": csrf(page), "edits": hidden(page, "edits")}
    send(emir, path, fields(text, title="Meals of Emir"))
    mine = fields(text, title="Meals of Ana <i>", **old)
    refused = ana.post(f"/console/content/{path}", data=mine)
    assert refused.status_code == 409 and "Somebody else has saved" in refused.text
    assert 'value="Meals of Ana &lt;i&gt;"' in refused.text  # still in the form
    assert re.search(r'class="removed">.*Emir', refused.text)  # and theirs beside it
    assert hidden(refused.text, "edits") != old["edits"]
    assert 'value="Meals of Emir"' in ana.get(f"/console/content/{path}").text
    again = mine | {"edits": hidden(refused.text, "edits")}
    assert "done=saved" in str(ana.post(f"/console/content/{path}", data=again).url)
    dropped = emir.post(f"/console/content/{path}/drop", data={**old, "csrf": "x", "edits": "1"})
    assert dropped.status_code == 403
    token = csrf(emir.get(f"/console/content/{path}").text)
    dropped = emir.post(f"/console/content/{path}/drop", data={"csrf": token, "edits": "1"})
    assert dropped.status_code == 409 and "Nothing was dropped" in dropped.text
    page = emir.get(f"/console/content/{path}").text
    form = {"csrf": csrf(page), "edits": hidden(page, "edits")}
    assert "done=dropped" in str(emir.post(f"/console/content/{path}/drop", data=form).url)
    assert "dropped" in emir.get(f"/console/content/{path}/history").text


def test_a_review_of_what_has_changed_meanwhile_publishes_nothing(service, ana, emir, library):
    path, text = "en/clothes_items", library.get("clothes_items", "en")
    send(ana, path, fields(text, title="Clothes"), "ask")
    page = emir.get(f"/console/content/{path}/review").text
    seen = {"csrf": csrf(page), "edits": hidden(page, "edits"), "until": UNTIL, "comment": "x"}
    send(ana, path, fields(text, title="Something else"), "ask")
    for do in ("publish", "refuse"):
        late = emir.post(f"/console/content/{path}/review", data=seen | {"do": do})
        assert late.status_code == 409 and "changed since you opened it" in late.text
    assert read(service, "clothes_items", "en")["text"].startswith(text.title)


def test_a_text_is_sent_back_with_the_reason(service, ana, emir, library):
    path, text = "fr/food", library.get("food", "fr")
    send(ana, path, fields(text), "ask")
    without = decide(emir, path, "refuse", comment=" ")
    assert without.status_code == 409 and "what has to change" in without.text
    assert decide(emir, path, "refuse", comment="La source manque").url.params["done"] == "refused"
    page = ana.get(f"/console/content/{path}").text
    assert "Sent back by <bdi>emir</bdi>:</strong> La source manque" in page
    assert "(sent back)" in ana.get("/console/content").text
    assert emir.get(f"/console/content/{path}/review").url.path == f"/console/content/{path}"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "write the day"),
        ("2020-01-01", "after today"),
        ("2090-01-01", "at most 730 days"),
        ("tomorrow", "write the day"),
    ],
)
def test_the_day_until_which_a_text_holds_must_be_a_fit_one(
    service, ana, emir, library, until, words
):
    path = "ps/food"
    send(ana, path, fields(library.get("food", "ps")), "ask")
    refused = decide(emir, path, "publish", until=until)
    assert refused.status_code == 400 and words in refused.text
    assert "nothing is written" not in emir.get(f"/console/content/{path}").text


def test_what_cannot_be_shown_is_kept_as_a_draft_and_never_waits_for_review(
    service, ana, emir, library
):
    path, text = "ar/food", library.get("food", "ar")
    refused = send(ana, path, fields(text, body="اتصل {org.iom.phon}"), "ask")
    assert refused.status_code == 400 and "{org.iom.phon}: no such fact" in refused.text
    assert "Saved as a draft" in refused.text
    assert "اتصل {org.iom.phon}" in ana.get(f"/console/content/{path}").text
    assert emir.get(f"/console/content/{path}/review").url.path == f"/console/content/{path}"
    assert "{" not in read(service, "food", "ar")["text"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "x" * 101, "Title: at most 100"),
        ("body", "x" * 6001, "Text: at most 6000"),
        ("sources", "x\n" * 13, "at most 12 lines"),
        ("sources", "x" * 401, "each line: at most 400"),
        ("related_0", "nothing", "choose from the list"),
        ("related_1", "food", "choose from the list"),
        ("checked", "yesterday", "write the day"),
        ("checked", "2090-01-01", "yet to come"),
        ("edits", "-1", "not whole"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_words_to_mend_it(
    service, ana, library, field, value, words
):
    path = "fr/clothes_items"
    if field == "related_1":
        path = "fr/food"
    form = fields(library.get(path.split("/")[1], "fr"), title="Un titre à moi") | {field: value}
    refused = send(ana, path, form)
    assert refused.status_code == 400 and words in refused.text, refused.text
    assert "Nothing was saved" in refused.text
    assert field == "title" or 'value="Un titre à moi"' in refused.text
    assert "Un titre à moi" not in ana.get(f"/console/content/{path}").text


def test_a_translation_is_outdated_when_english_changes_and_shows_what_changed(
    service, ana, emir, library
):
    english, farsi = library.get("legal_aid", "en"), library.get("legal_aid", "fa")
    published(ana, emir, "fa/legal_aid", fields(farsi, compared="yes"))
    page = emir.get("/console/content/fa/legal_aid").text
    assert "not compared</span>" not in page and "outdated</span>" not in page
    changed = english.body + "\n- Bring your papers."
    published(ana, emir, "en/legal_aid", fields(english, body=changed))
    page = emir.get("/console/content/fa/legal_aid").text
    assert "outdated</span>" in page and "What changed in English" in page
    assert re.search(r'class="added">.*Bring your papers\.', page)
    assert "legal_aid" in emir.get("/console/content?language=fa&status=outdated").text
    # a slip is mended without comparing: it stays outdated
    published(ana, emir, "fa/legal_aid", fields(farsi, title="وکیل"))
    assert "outdated</span>" in emir.get("/console/content/fa/legal_aid").text
    published(ana, emir, "fa/legal_aid", fields(farsi, compared="yes"))
    assert "outdated</span>" not in emir.get("/console/content/fa/legal_aid").text
    assert "legal_aid" not in emir.get("/console/content?language=fa&status=outdated").text


def test_undo_pressed_twice_takes_back_only_one_version(service, ana, emir, library):
    path, text = "en/showers_laundry", library.get("showers_laundry", "en")
    for title in ("Showers one", "Showers two"):
        published(ana, emir, path, fields(text, title=title))
    page = ana.get(f"/console/content/{path}/history").text
    form = {"csrf": csrf(page), "version": hidden(page, "version"), "why": "wrong"}
    assert "done=undone" in str(ana.post(f"/console/content/{path}/undo", data=form).url)
    again = ana.post(f"/console/content/{path}/undo", data=form)
    assert again.status_code == 409 and "Another version is in force" in again.text
    assert read(service, "showers_laundry", "en")["text"].startswith("Showers one")
    history = ana.get(f"/console/content/{path}/history").text
    old = re.search(rf"/console/content/{path}/history/(\d+)", history)[1]
    version = ana.get(f"/console/content/{path}/history/{old}").text
    assert re.search(r'class="added">.*Showers', version) and "Taken back." in version
    file = ana.get(f"/console/content/{path}/history/file").text
    assert text.title in file


def test_a_form_that_nobody_changed_says_what_the_file_says(library):
    for code in LANGUAGES:
        for answer in library.of_language(code):
            # as a browser sends it
            form = {k: v.replace("\n", "\r\n") for k, v in fields(answer).items()}
            ids = {one.id for one in library.of_language("en")}
            body = read_body(form, answer.id, of_answer(answer), ids)
            assert body == of_answer(answer), (code, answer.id)


def preview(client: httpx.Client, path: str, form: dict[str, str]) -> dict:
    token = csrf(client.get(f"/console/content/{path}").text)
    answer = client.post(f"/console/content/{path}/preview", data=form | {"csrf": token})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_is_what_the_chat_shows(service, ana, library: Library, language):
    for intent in ("mine_found", "work_permission"):
        text = library.get(intent, language)
        shown = preview(ana, f"{language}/{intent}", fields(text))
        reply = read(service, intent, language)
        assert shown["direction"] == reply["direction"] and shown["language"] == language
        assert shown["choices"] == [choice["label"] for choice in reply["choices"]]
        # the chat says beside it that the file is a draft; once it is published it is not one
        body = shown["html"].split("<i>")[0]
        assert reply["html"].startswith(body) and len(body) > len(text.body) / 2
        assert not any(one["stops"] for one in shown["findings"])


def test_the_preview_names_what_is_wrong_and_lets_no_script_through(service, ana, library):
    text = library.get("food", "ur")
    body = (
        '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="a()">'
        " {org.iom.phon} {number.police}"
    )
    shown = preview(ana, "ur/food", fields(text, body=body, title="<b onclick=x>"))
    tags = set(re.findall(r"<[^>]*>", shown["html"]))
    assert tags <= {"<b>", "</b>", "<i>", "</i>"}
    assert "&lt;\u2066script\u2069&gt;" in shown["html"] and "org.iom.phon" in shown["html"]
    assert "\u2066122\u2069" in shown["html"]
    stopping = [one for one in shown["findings"] if one["stops"]]
    assert any("{org.iom.phon}: no such fact" in one["message"] for one in stopping)
    page = send(ana, "ur/clothes_items", fields(text, body=body, title="<b onclick=x>")).text
    assert "<script>alert" not in page and "<b onclick" not in page and "<img" not in page


def test_the_list_is_filtered_and_unknown_things_are_refused(service, ana, emir):
    page = ana.get("/console/content?language=fa&topic=Mines").text
    assert "mine_found" in page and "legal_aid</code>" not in page
    assert "/console/content/fa/mine_found" in page and "/content/ar/mine_found" not in page
    assert ana.get("/console/content?language=xx&status=nothing").status_code == 200
    assert "No answer is like this" in ana.get("/console/content?status=missing").text
    for path in (
        "xx/food",
        "fa/nothing",
        "fa/greet",
        "fa/food/history/999999",
        "fa/food/history/x",
    ):
        assert ana.get(f"/console/content/{path}").status_code == 404, path
    for path in ("fa/rescue", "fa/rescue/review", "fa/rescue/undo", "fa/rescue/preview"):
        assert ana.post(f"/console/content/{path}", data={"csrf": "forged"}).status_code == 403


def check(page: Page) -> None:
    """No serious finding of axe, in both directions, and nothing wider than the window."""
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => document.documentElement.dir = direction", direction)
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], (page.url, direction, serious)
        check_width(page)


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}])
def test_a_farsi_answer_is_edited_with_live_preview_and_published_by_a_second_person(
    service: Running, browser: Browser, library: Library, size
):
    intent = {390: "avrr_info", 1280: "avrr_apply"}[size["width"]]
    title = library.get(intent, "en").title
    writer = browser.new_context(viewport=size)
    page = writer.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, service, "ana")
    page.get_by_role("link", name="Answers").first.click()
    check(page)
    page.get_by_role("link", name=f"{title}, فارسی / دری").click()
    check(page)
    bubble = page.locator("#bubble")
    expect(bubble).to_have_css("direction", "rtl")
    text = page.get_by_label("Text in Markdown")
    text.press("Control+End")
    text.press_sequentially("\n\n**خبر نو** <i>x</i> {org.iom.phon}")
    expect(bubble.locator("b", has_text="خبر نو")).to_be_visible()
    expect(bubble).to_contain_text("<\u2066i\u2069>\u2066x\u2069")
    expect(page.locator("#findings .stops")).to_contain_text("{org.iom.phon}: no such fact")
    text.fill(text.input_value().replace(" <i>x</i> {org.iom.phon}", ": "))
    text.press("Control+End")
    page.get_by_text("Facts to insert").click()
    page.get_by_role("searchbox", name="Find").fill("iom web")
    page.get_by_role("button", name="Insert org.iom.web", exact=True).click()
    expect(text).to_have_value(re.compile(r"\{org\.iom\.web\}$"))
    web = library.directory.value("org.iom.web", "fa")
    expect(bubble).to_contain_text(f"خبر نو: \u2066{web}\u2069")
    expect(page.locator("#findings .stops")).to_have_count(0)
    # what was typed outlives the page
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Bring them back").click()
    expect(text).to_have_value(re.compile("خبر نو"))
    page.get_by_label("I have compared this").check()
    check(page)
    page.get_by_role("button", name="Save and ask for review").click()
    expect(page.locator(".done")).to_contain_text("second person")
    writer.close()

    second = browser.new_context(viewport=size)
    page = second.new_page()
    sign_in(page, service, "emir")
    page.goto(f"{service.url}/console/content")
    page.get_by_label("Waits for your review").get_by_role("link", name=title).click()
    expect(page.locator(".added", has_text="خبر نو")).to_have_css("direction", "rtl")
    check(page)
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".done")).to_contain_text("Published")
    assert "خبر نو" in read(service, intent, "fa")["text"]
    page.get_by_role("link", name="History").click()
    check(page)
    page.locator("main table a").first.click()
    check(page)
    second.close()
    assert problems == []


@pytest.mark.browser
def test_what_was_brought_back_does_not_overwrite_what_another_saved(
    service: Running, browser: Browser, emir: httpx.Client, library: Library
):
    path, text = "fr/interpreter", library.get("interpreter", "fr")
    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, service, "ana")
    page.goto(f"{service.url}/console/content/{path}")
    title = page.get_by_label("Title, also a button")
    title.fill("Titre d'Ana")
    send(emir, path, fields(text, title="Titre d'Emir"))
    page.reload()
    expect(title).to_have_value("Titre d'Emir")
    page.get_by_role("button", name="Bring them back").click()
    expect(title).to_have_value("Titre d'Ana")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has saved")
    expect(title).to_have_value("Titre d'Ana")
    expect(page.locator(".difference").first).to_contain_text("Titre d'Emir")
    page.reload()  # what isn't saved outlives also this page
    page.goto(f"{service.url}/console/content/{path}")
    expect(page.get_by_role("button", name="Bring them back")).to_be_visible()
    context.close()


def test_a_translation_carries_the_mark_of_the_english_text_that_the_editor_saw(
    service, ana, library
):
    page = ana.get("/console/content/fa/interpreter").text
    assert hidden(page, "english") == source_hash(library.get("interpreter", "en"))
    assert 'name="compared"' not in ana.get("/console/content/en/interpreter").text
