"""A person on Telegram, the strict local Bot API server, the service and the real NLU server."""

import sqlite3

import httpx
import pytest

from content.languages import LANGUAGES
from tests.conftest import free_port
from tests.support.console import set_up_second_factor
from tests.support.running import Running
from tests.support.telegram_server import TOKEN, ApiError, TelegramServer

pytestmark = pytest.mark.e2e

#: A plain question, in each language and in Latin letters: what is asked, and the answer's intent.
QUESTIONS = [
    ("ar", "كيف أطلب اللجوء هنا؟", "asylum_apply"),
    ("ar", "bidi mo7ami, wen fi?", "legal_aid"),
    ("fa", "بازگشت داوطلبانه یعنی چه؟ هزینه دارد؟", "avrr_info"),
    ("fa", "salam doctor koja ast? maryz hastam", "medical_care"),
    ("ps", "زه وکیل ته اړتیا لرم", "legal_aid"),
    ("ps", "za doctor ta zaroorat laram, naroga yam", "medical_care"),
    ("ur", "مجھے ڈاکٹر کو دکھانا ہے، طبیعت خراب ہے", "medical_care"),
    ("ur", "mujhe wakeel chahiye", "legal_aid"),
    ("fr", "Comment demander l'asile ici ?", "asylum_apply"),
    ("en", "How can I ask for asylum in Bosnia?", "asylum_apply"),
]
DANGERS = [
    ("ar", "في لغم قدامي شو اعمل", "mine_found"),
    ("fa", "دوستم نفس نمی‌کشد کمک", "medical_emergency"),
    ("ps", "موږ په ځنګله کې ورک یو، ډېره یخني ده", "rescue"),
    ("ur", "میں خودکشی کرنا چاہتا ہوں", "suicide_risk"),
    ("fr", "la police nous a frappés à la frontière", "border_violence"),
    ("en", "I want to kill myself", "suicide_risk"),
]


@pytest.fixture(scope="module")
def telegram():
    with TelegramServer(free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory, telegram, nlu_process):
    folder = tmp_path_factory.mktemp("service")
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
    with Running(folder, free_port(), nlu_process.url, **settings) as running:
        yield running


@pytest.fixture
def user(telegram, service) -> int:
    """A new person who pressed Start."""
    who = 7_345_600_000 + len(telegram.messages)
    telegram.settle(telegram.send(who, text="/start", language="en"))
    return who


@pytest.fixture(autouse=True)
def no_rule_of_telegram_was_broken(telegram):
    yield
    assert telegram.problems == []


@pytest.mark.parametrize(("language", "text", "intent"), QUESTIONS)
def test_a_plain_question_gets_its_answer_in_its_language(
    telegram, user, library, language, text, intent
):
    answer = telegram.ask(user, text)[0]
    assert library.title(intent, language) in answer["_text"].replace("\u2066", "").replace(
        "\u2069", ""
    )


@pytest.mark.parametrize(("language", "text", "intent"), DANGERS)
def test_a_cry_for_help_gets_its_page_at_once(telegram, user, library, language, text, intent):
    answer = telegram.ask(user, text)[0]
    # "sos" alone is the first button of any menu; "sos:<danger>" stands only where danger was seen
    first_button = telegram.buttons(answer)[0]["callback_data"]
    assert library.title(intent, language) in answer["_text"] or first_button.startswith("sos:")


def test_start_greets_in_the_phones_language_and_offers_all_six(telegram, service):
    who = 7_345_700_001
    telegram.settle(telegram.send(who, text="/start", language="ps"))
    [welcome] = telegram.messages[who]
    values = [b["callback_data"] for b in telegram.buttons(welcome)]
    assert [v for v in values if v.startswith("lang:")] == [f"lang:{c}" for c in LANGUAGES]


def test_menus_are_edited_in_place_and_answers_are_new_messages(telegram, user):
    telegram.tap(user, "menu")
    [topic] = telegram.tap(user, "topic:asylum")
    assert topic["_edited"]
    [answer] = telegram.tap(user, "ask:asylum_apply")
    assert "_edited" not in answer


def test_commands_and_descriptions_are_set_in_all_six_languages(telegram, service, user):
    telegram.ask(user, "/menu")
    assert set(telegram.commands) == {"", *LANGUAGES}
    assert all("{" not in text for text in telegram.descriptions.values())


def test_everything_that_is_not_text_meets_a_sensible_reply_or_silence(telegram, user):
    before = len(telegram.messages[user])
    file = {"file_id": "x", "file_unique_id": "y"}
    for content in (
        {"photo": [file | {"width": 1, "height": 1}]},
        {"voice": file | {"duration": 1}},
        {"sticker": file | {"width": 1, "height": 1, "type": "regular", "is_animated": False}
         | {"is_video": False}},
        {"contact": {"phone_number": "1", "first_name": "A"}},
        {"location": {"latitude": 44.8, "longitude": 15.9}},
    ):  # fmt: skip
        telegram.settle(telegram.send(user, **content))
    assert len(telegram.messages[user]) == before + 6
    numbers, near = (message["_text"] for message in telegram.messages[user][-2:])
    assert "44.80000, 15.90000" in numbers and "Lipa" in near
    channel = {"id": -100123, "type": "channel", "title": "news"}
    telegram.raw(channel_post={"message_id": 1, "date": 1, "chat": channel, "text": "hi"})
    telegram.settle(telegram.send(user, text="/menu"))
    assert -100123 not in telegram.messages


def test_in_a_group_the_bot_is_silent_until_spoken_to_and_then_asks_for_a_private_chat(
    telegram, user
):
    group = {"id": -200, "type": "supergroup", "title": "camp"}
    telegram.settle(telegram.send(user, text="where is food", chat=group))
    assert -200 not in telegram.messages
    for _ in range(2):
        telegram.settle(telegram.send(user, text="@rahnuma_test_bot where is food", chat=group))
    [reply] = telegram.messages[-200]
    assert "private" in reply["_text"]


def test_a_person_who_blocks_the_bot_is_forgotten(telegram, service):
    who = 7_345_700_002
    telegram.settle(telegram.send(who, text="/start"))
    people = _count(service, "people")
    status = {"user": {"id": 123456, "is_bot": True, "first_name": "R"}}
    chat = {"id": who, "type": "private"}
    telegram.settle(
        telegram.raw(
            my_chat_member={
                "chat": chat,
                "from": {"id": who, "is_bot": False, "first_name": "S"},
                "date": 1,
                "old_chat_member": status | {"status": "member"},
                "new_chat_member": status | {"status": "kicked", "until_date": 0},
            }
        )
    )
    assert _count(service, "people") == people - 1


def test_a_blocked_chat_found_while_answering_is_forgotten_too(telegram, service):
    who = 7_345_700_003
    telegram.settle(telegram.send(who, text="/start"))
    people = _count(service, "people")
    telegram.blocked.add(who)
    telegram.settle(telegram.send(who, text="/menu"))
    assert _count(service, "people") == people - 1


def test_retry_after_is_obeyed_and_the_reply_is_not_lost(telegram, user):
    telegram.fail_next.append(ApiError(429, "Too Many Requests: retry after 1", retry_after=1))
    before = len(telegram.messages[user])
    telegram.settle(telegram.send(user, text="/privacy"))
    assert len(telegram.messages[user]) > before


def test_an_update_given_twice_does_one_thing(telegram, user, service):
    update = telegram.send(user, text="/menu")
    telegram.settle(update)
    before = len(telegram.messages[user])
    with telegram._changed:
        telegram._updates.append(
            {
                "update_id": update,
                "message": {
                    "message_id": 1,
                    "date": 1,
                    "chat": {"id": user, "type": "private"},
                    "from": {"id": user, "is_bot": False, "first_name": "S"},
                    "text": "/menu",
                    "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
                },
            }
        )
    telegram.settle(telegram.send(user, text="/language"))
    assert len(telegram.messages[user]) == before + 1


def test_a_counsellors_words_reach_the_person(telegram, user, service):
    telegram.ask(user, "/person")
    telegram.tap(user, "person:yes")
    telegram.tap(user, "person:skip")
    service.command("users", "add", "mira", "--role", "counsellor", "--password-stdin",
                    stdin="a long password\n")  # fmt: skip
    with httpx.Client(base_url=service.url, follow_redirects=True) as browser:
        browser.post("/console/sign-in", data={"name": "mira", "password": "a long password"})
        set_up_second_factor(browser)
        page = browser.get("/console/cases").text
        headers = {"X-CSRF": page.split('data-csrf="')[1].split('"')[0]}
        [case] = [
            one["id"]
            for one in browser.get("/console/api/cases").json()["cases"]
            if one["status"] != "closed"
        ]
        api = f"/console/api/cases/{case}"
        before = len(telegram.messages[user])
        browser.post(f"{api}/take", headers=headers)
        browser.post(
            f"{api}/messages",
            headers=headers,
            json={"key": "key-hello-you", "text": "Hello <you>, I am here"},
        )
        message = telegram.wait(user, before + 2)[-1]
    assert "Hello <you>, I am here" in message["_text"]


def test_the_log_holds_no_text_no_token_and_no_id(telegram, user, service):
    telegram.ask(user, "a sentence that must not be logged")
    log = service.log.read_text()
    assert "must not be logged" not in log
    assert TOKEN not in log and str(user) not in log


def test_no_telegram_id_stands_in_the_database(telegram, user, service):
    telegram.ask(user, "/person")
    telegram.tap(user, "person:yes")
    telegram.tap(user, "person:skip")
    with sqlite3.connect(service.database) as database:
        dump = "\n".join(database.iterdump())
    assert str(user) not in dump


def test_when_the_nlu_server_dies_people_are_told_and_it_recovers_by_itself(
    telegram, user, service, nlu_process
):
    nlu_process.kill()
    [honest] = telegram.ask(user, "where can I get a lawyer please")
    assert "124" in honest["_text"]
    [danger] = telegram.ask(user, "I want to kill myself")
    assert "122" in danger["_text"] or "124" in danger["_text"]
    assert telegram.tap(user, "menu")
    assert httpx.get(f"{service.url}/readyz").json()["nlu"] == "down"
    nlu_process.start()
    for _ in range(20):
        answer = telegram.ask(user, "where can I get a lawyer please")[0]
        if "124" not in answer["_text"]:
            break
    assert httpx.get(f"{service.url}/readyz").json() == {
        "database": "ok",
        "nlu": "ok",
        "telegram": "ok",
    }
    assert "lawyer" in answer["_text"].lower()


def _count(service, table: str) -> int:
    with sqlite3.connect(service.database) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
