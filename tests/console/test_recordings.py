"""Recording answers in the console: upload, listening by a second person, taking away."""

import re

import pytest

from tests.conftest import CHROMIUM, FLAGS
from tests.support.console import add_account, chat, sign_in, signed_in
from tests.support.running import Running
from tests.support.sounds import tone

PAGE = "/console/recordings/food/ur"


@pytest.fixture(scope="module")
def editors(service: Running) -> Running:
    """The service with a second editor."""
    add_account(service, "second", "editor")
    return service


def fields(page: str) -> dict[str, str]:
    return {name: re.search(f'data-{name}="([^"]*)"', page)[1] for name in ("csrf", "words")}


def send(client, sound: bytes, **other: str):
    form = fields(client.get(PAGE).text) | other
    return client.post(PAGE, data=form, files={"sound": ("recording", sound)})


def decide(client, recording: str, do: str):
    csrf = fields(client.get(PAGE).text)["csrf"]
    form = {"csrf": csrf, "recording": recording, "do": do}
    return client.post("/console/recordings/decide", data=form)


def listens(service, who: str) -> bool:
    replies = chat(service, who, choice="ask:food", language="ur")
    return any(c["value"] == "aud:food" for reply in replies for c in reply["choices"])


def test_a_recording_reaches_people_after_a_second_person_listened(editors):
    with signed_in(editors, "editor") as one, signed_in(editors, "second") as two:
        answer = send(one, tone(2))
        assert answer.status_code == 201, answer.text
        recording = answer.json()["id"]
        assert not listens(editors, "rec-1")
        refused = decide(one, recording, "approve")
        assert refused.status_code == 409 and "second person" in refused.json()["error"]
        heard = two.get("/console/recordings/sound", params={"recording": recording})
        assert heard.content.startswith(b"OggS") and heard.headers["content-type"] == "audio/ogg"
        assert decide(two, recording, "approve").status_code == 200
        assert "✓ there" in two.get("/console/recordings").text
    [voice] = chat(editors, "rec-2", choice="aud:food", language="ur")
    [media] = voice["media"]
    with signed_in(editors, "editor") as one:
        got = one.get(media["url"])
        assert got.content.startswith(b"OggS") and got.headers["etag"]
        again = one.get(media["url"], headers={"If-None-Match": got.headers["etag"]})
        assert again.status_code == 304
        assert decide(one, recording, "withdraw").status_code == 200
        assert one.get(media["url"]).status_code == 404
    assert not listens(editors, "rec-3")


@pytest.mark.parametrize(
    ("sound", "why"), [(b"no sound at all", "not a sound"), (tone(0.3), "shorter than a second")]
)
def test_what_is_no_recording_is_refused_in_words(editors, sound, why):
    with signed_in(editors, "editor") as client:
        answer = send(client, sound)
        assert answer.status_code == 422 and why in answer.json()["error"]


def test_a_recording_of_an_older_text_is_refused(editors):
    with signed_in(editors, "editor") as client:
        assert send(client, tone(2), words="0" * 16).status_code == 409
        assert send(client, tone(2), csrf="forged").status_code == 403
        assert client.get("/console/recordings/nothing/ur").status_code == 404
        assert client.get("/console/recordings/food/xx").status_code == 404


@pytest.mark.browser
def test_an_editor_records_in_the_browser(editors, browser):
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *fake])
    try:
        page = own.new_context(viewport={"width": 390, "height": 800}).new_page()
        sign_in(page, editors, "editor")
        page.goto(f"{editors.url}{PAGE}")
        page.get_by_role("button", name="Record").click()
        page.locator("#time").filter(has_text="0:03").wait_for()
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Waits for a second person").wait_for()
        assert page.get_by_text("Somebody else must listen").is_visible()
    finally:
        own.close()
