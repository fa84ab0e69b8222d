"""Staff post a notice, people read it, and it is sent to who subscribed."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect

from content.languages import LANGUAGES
from store.database import Database
from store.local_time import local
from store.tables import now
from tests.conftest import free_port
from tests.support.cases import KEYS
from tests.support.console import add_account, chat, check_width, csrf, sign_in, signed_in
from tests.support.nlu_server import NluServer
from tests.support.notices import put_subscriber
from tests.support.running import Running
from tests.support.telegram_server import TOKEN, TelegramServer

TOMORROW = f"{local(now() + dt.timedelta(days=1)):%Y-%m-%d}"
FIELDS = {
    "centre": "lipa",
    "day": TOMORROW,
    "from": "14:00",
    "to": "15:30",
    "title_en": "Law session <b>",
    "title_fa": "جلسهٔ قانون",
    "body_en": "Bring your questions.",
    "body_fa": "سوال‌های خود را بیاورید.",
}


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(free_port()) as server:
        yield server
        assert server.problems == []


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, telegram: TelegramServer
) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(
            tmp_path_factory.mktemp("notices"),
            free_port(),
            nlu.url,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
        ) as running,
    ):
        for role in ("aap", "supervisor", "admin", "editor", "counsellor"):
            add_account(running, role, role)
        add_account(running, "of usivak", "aap", centre="usivak")
        yield running


def subscribed(service: Running, *users: int, centre: str = "lipa") -> None:
    """People on Telegram who subscribed."""

    async def work() -> None:
        database = Database(f"sqlite:///{service.database}")
        for user in users:
            await put_subscriber(database, KEYS, user, centre=centre)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work()).result()


def write(client: httpx.Client, **more: str) -> httpx.Response:
    """Send the form of a new notice."""
    token = csrf(client.get("/console/notices/new").text)
    return client.post("/console/notices/new", data=FIELDS | {"csrf": token} | more)


def set_state(client: httpx.Client, notice: httpx.Response, do: str) -> httpx.Response:
    form = {"csrf": csrf(notice.text), "do": do}
    return client.post(f"{notice.url.path}/state", data=form)


def test_a_notice_is_read_by_people_of_its_centre_while_it_is_published(service):
    with signed_in(service, "counsellor") as client:
        notice = write(client)
        assert notice.status_code == 200 and "draft" in notice.text
        chat(service, "n1", choice="lang:fa")
        chat(service, "n1", choice="centre:lipa")
        assert "جلسهٔ قانون" not in chat(service, "n1", choice="today")[0]["text"]
        assert "Notice: published" in set_state(client, notice, "publish").text
        [reply] = chat(service, "n1", choice="today")
        assert "جلسهٔ قانون" in reply["text"] and reply["direction"] == "rtl"
        chat(service, "n2", choice="centre:usivak")
        assert "Law session" not in chat(service, "n2", choice="today")[0]["text"]
        form = FIELDS | {"csrf": csrf(notice.text), "title_fa": "قانون پناهندگی"}
        client.post(notice.url.path, data=form)
        assert "قانون پناهندگی" in chat(service, "n1", choice="today")[0]["text"]
        assert "withdrawn" in set_state(client, notice, "withdraw").text
        assert "قانون" not in chat(service, "n1", choice="today")[0]["text"]
        assert "Law session &lt;b&gt;" in client.get("/console/notices").text
    with signed_in(service, "admin") as client:
        log = client.get("/console/audit").text
        for action in ("write notice", "publish notice", "withdraw notice", "read notice"):
            assert re.search(rf"{action}</td>[^/]*{notice.url.path.split('/')[-1]}", log), action


def test_the_page_previews_the_message_in_each_language_with_its_buttons(service):
    with signed_in(service, "editor") as client:
        page = write(client).text
    missing = re.search(r'class="lacking".*?</p>', page, re.S)[0]
    assert re.findall(r'<bdi lang="(\w+)">', missing) == ["ar", "ps", "ur", "fr"]
    for code, language in LANGUAGES.items():
        shown = page.split(f'<blockquote dir="{language.direction}" lang="{code}">')[1]
        shown = shown.split("</ul>")[0]
        assert ("جلسهٔ قانون" in shown) == (code == "fa")
        assert ("Law session &lt;b&gt;" in shown) == (code != "fa")
        assert shown.count("<li>") == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title_en": " "}, "Title: the English text is missing"),
        ({"body_en": ""}, "Text: the English text is missing"),
        ({"place_fa": "سالن"}, "Place: the English text is missing"),
        ({"title_ps": "ا" * 81}, "at most 80 characters"),
        ({"to": ""}, "give the day and the time"),
        ({"from": ""}, "give the day and the time, or neither"),
        ({"to": "13:00"}, "must be later than it begins"),
        ({"day": "soon"}, "write the day as"),
        ({"from": "25:00"}, "write the day as"),
        ({"day": "2020-01-01"}, "over already"),
        ({"end_day": "2199-01-01"}, "at most a year"),
        ({"until": "x"}, "Every week until"),
        ({"until": "2020-01-01"}, "between the first day and a year after it"),
        ({"day": "", "from": "", "end_day": TOMORROW, "until": TOMORROW}, "say when it begins"),
        ({"centre": "nowhere"}, "choose one of the list"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_words_to_mend_it(service, fields, words):
    with signed_in(service, "aap") as client:
        before = client.get("/console/notices").text.count("<tr>")
        answer = write(client, **fields)
        assert answer.status_code == 400 and words in answer.text, answer.text
        assert "سوال‌های خود" in answer.text and "Nothing was saved" in answer.text
        assert client.get("/console/notices").text.count("<tr>") == before
        notice = write(client)
        form = FIELDS | {"csrf": csrf(notice.text), "title_fr": "Autre chose"} | fields
        answer = client.post(notice.url.path, data=form)
        assert answer.status_code == 400 and words in answer.text
        assert "Autre chose" not in client.get(notice.url.path).text


def test_an_account_of_a_centre_writes_for_its_own_centre_only(service):
    with signed_in(service, "aap") as client:
        theirs = write(client).url.path
    with signed_in(service, "of usivak") as client:
        assert client.get(theirs).status_code == 404
        sending = theirs.replace("notices", "broadcasts/of")
        assert client.get(sending).status_code == 404
        assert client.get(f"{sending}/now").status_code == 404
        mine = write(client, centre="lipa")
        assert '<option value="usivak" selected>' in mine.text and "All centres" not in mine.text
        form = {"csrf": csrf(mine.text)}
        for path in (theirs, f"{theirs}/state", f"{sending}/start"):
            answer = client.post(path, data=FIELDS | form | {"do": "withdraw"})
            assert answer.status_code == 404, path


def test_other_roles_and_forged_forms_are_refused(service):
    with signed_in(service, "aap") as client:
        notice = write(client)
        path, sending = notice.url.path, notice.url.path.replace("notices", "broadcasts/of")
        for address, form in {
            "/console/notices/new": FIELDS,
            path: FIELDS,
            f"{path}/state": {"do": "publish"},
            f"{sending}/start": {},
            "/console/broadcasts/step/x": {"do": "pause"},
        }.items():
            assert client.post(address, data=form | {"csrf": "x"}).status_code == 403, address
        token = csrf(notice.text)
        assert client.post(f"{sending}/start", data={"csrf": token}).status_code == 409
        step = client.post("/console/broadcasts/step/x", data={"csrf": token, "do": "pause"})
        assert step.status_code == 404
        set_state(client, notice, "publish")
        moved = client.post(path, data=FIELDS | {"csrf": token, "centre": "usivak"})
        assert moved.status_code == 400 and "write another one" in moved.text
    with signed_in(service, "counsellor") as client:
        assert client.get(path).status_code == 200
        assert "subscribers" not in client.get(path).text
        assert client.get(sending).status_code == 403
        assert client.post(f"{sending}/start", data={}).status_code == 403
    with signed_in(service, "admin") as client:
        assert client.get("/console/notices").status_code == 403


def test_a_notice_is_sent_after_a_page_that_says_to_how_many(service, telegram):
    subscribed(service, 501, 502, 503)
    subscribed(service, 504, centre="usivak")
    with signed_in(service, "supervisor") as client:
        notice = write(client)
        asked = set_state(client, notice, "publish_and_send")
        assert "/broadcasts/of/" in asked.url.path and "<strong>3</strong>" in asked.text
        assert telegram.messages.get(501) is None
        client.post(f"{asked.url.path}/start", data={"csrf": csrf(asked.text)})
        for user in (501, 502, 503):
            [message] = telegram.wait(user, 1)
            assert "Law session <b>" in message["_text"] and "14:00 – 15:30" in message["_text"]
        done = ""
        for _ in range(100):
            done = client.get(f"{asked.url.path}/now").text
            if ": done" in done:
                break
            asyncio.run(asyncio.sleep(0.1))
        assert "<strong>3</strong> of 3 sent" in done and "Pause" not in done
        assert 504 not in telegram.messages
        assert "Law session" in client.get("/console/broadcasts").text
    telegram.settle(telegram.press(501, "notify:off"))
    assert "erased" in telegram.messages[501][-1]["_text"]
    with signed_in(service, "admin") as client:
        assert "send notice to 3" in client.get("/console/audit").text


@pytest.mark.browser
@pytest.mark.parametrize("size", [{"width": 390, "height": 800}, {"width": 1280, "height": 800}])
def test_a_notice_is_written_and_sent_on_phone_and_laptop(
    service, telegram, browser, size, tmp_path
):
    user = 600 + size["width"]
    subscribed(service, user)
    context = browser.new_context(viewport=size)
    page = context.new_page()
    sign_in(page, service, "aap")
    page.get_by_role("link", name="Notices").first.click()
    check_width(page)
    page.get_by_role("link", name="Write a notice").click()
    page.get_by_label("Centre").select_option("lipa")
    page.locator("[name=day]").fill(TOMORROW)
    page.locator("[name=from]").fill("10:00")
    page.locator("[name=to]").fill("11:00")
    page.locator("[name=title_en]").fill(f"Language course {size['width']}")
    page.locator("[name=title_ar]").fill("دورة لغة")
    page.locator("[name=body_en]").fill("For beginners.")
    page.locator("[name=body_ar]").fill("للمبتدئين.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("blockquote[lang=ar]")).to_have_css("direction", "rtl")
    expect(page.locator("blockquote[lang=ar]")).to_contain_text("للمبتدئين.")
    check_width(page)
    page.get_by_role("button", name="Publish, then send to subscribers").click()
    expect(page.get_by_role("heading", name="Send it?")).to_be_visible()
    check_width(page)
    page.get_by_role("button", name="Send to").click()
    # the page brings itself up to date
    expect(page.locator("#now h2")).to_contain_text("done", timeout=20_000)
    check_width(page)
    [message] = telegram.wait(user, 1)
    assert f"Language course {size['width']}" in message["_text"]
    context.close()
