"""The webhook: Telegram calls us, with the secret only."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import free_port
from tests.support.nlu_server import NluServer
from tests.support.running import Running, wait_for
from tests.support.telegram_server import TOKEN, TelegramServer

SECRET = "a_Secret-1"
USER = 7_345_800_001


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer(free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, telegram: TelegramServer
) -> Iterator[Running]:
    with (
        NluServer(free_port()) as nlu,
        Running(
            tmp_path_factory.mktemp("webhook"),
            free_port(),
            nlu.url,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
            TELEGRAM_WEBHOOK_URL="https://example.org",
            TELEGRAM_WEBHOOK_SECRET=SECRET,
        ) as running,
    ):
        wait_for(f"{running.url}/readyz", 20)
        yield running


def call(service: Running, update: object, secret: str | None = SECRET) -> httpx.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    return httpx.post(f"{service.url}/telegram/webhook", json=update, headers=headers)


def message(update_id: int, text: str) -> dict:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "chat": {"id": USER, "type": "private"},
            "from": {"id": USER, "is_bot": False, "first_name": "S"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
        },
    }


def test_telegram_is_told_the_address_and_the_secret(telegram, service):
    assert telegram.webhook["url"] == "https://example.org/telegram/webhook"
    assert telegram.webhook["secret_token"] == SECRET


def test_an_update_is_handled_before_it_is_confirmed_and_only_once(telegram, service):
    for _ in range(2):
        assert call(service, message(50, "/start")).status_code == 200
    assert len(telegram.messages[USER]) == 1


def test_without_the_secret_nothing_happens(telegram, service):
    before = len(telegram.messages.get(USER, []))
    for secret in (None, "", "wrong"):
        assert call(service, message(51, "/start"), secret).status_code == 403
    assert len(telegram.messages.get(USER, [])) == before


def test_garbage_is_a_clean_4xx(service):
    for garbage in ([], "x", 5, {"message": 1}, {"update_id": "x", "message": {"chat": 5}}):
        assert call(service, garbage).status_code == 400
