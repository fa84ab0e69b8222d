"""People in a talk with a counsellor: on Telegram, and on the web chat's page."""

import asyncio
import secrets
import time
from collections import deque
from typing import Any

import httpx

from tests.load.consoles import PAUSE
from tests.load.ledger import Ledger
from tests.support.telegram_server import TelegramServer


class Clocked(TelegramServer):
    """The strict server, which also notes when each message came."""

    def _message_checked(self, given: dict[str, Any]) -> dict[str, Any]:
        return super()._message_checked(given) | {"_at": time.monotonic()}


class OnTelegram:
    """A person on Telegram."""

    def __init__(self, telegram: Clocked, user: int, case_id: str, ledger: Ledger):
        self._telegram, self._user, self._ledger = telegram, user, ledger
        self.case_id = case_id

    def write(self) -> None:
        """Write the next message."""
        text = self._ledger.send((self.case_id, "in"))
        self._telegram.send(self._user, text=text, language="ps")

    def collect(self, ledger: Ledger) -> None:
        """Note in a ledger all that the chat shows, at the time at which it came."""
        for message in self._telegram.messages.get(self._user, []):
            last = message["_text"].splitlines()[-1]
            ledger.arrive((self.case_id, "out"), last, message["_at"])


class OnWeb:
    """A person with the web chat open."""

    def __init__(self, client: httpx.AsyncClient, session: str, case_id: str, ledger: Ledger):
        self._client, self._session, self._ledger = client, session, ledger
        self.case_id = case_id
        self._unsent: deque[tuple[str, str]] = deque()
        self._sender: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to fetch what the counsellor writes."""
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Stop."""
        for task in (self._reader, self._sender):
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def write(self) -> None:
        """Write the next message; it is sent until it is confirmed."""
        self._unsent.append((secrets.token_hex(8), self._ledger.send((self.case_id, "in"))))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._unsent:
            key, text = self._unsent[0]
            body = {"session": self._session, "text": text, "key": key}
            try:
                answer = await self._client.post("/chat/messages", json=body)
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code == 200:
                self._unsent.popleft()
            else:
                await asyncio.sleep(PAUSE)

    async def _read(self) -> None:
        after, state = 0, ""
        while True:
            try:
                answer = await self._client.get(
                    "/chat/messages",
                    params={"wait": 20, "state": state},
                    headers={"X-Rahnuma-Session": self._session, "X-Rahnuma-After": str(after)},
                )
                answer.raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            news = answer.json()
            state = news["state"]
            for reply in news["replies"]:
                after = max(after, reply["id"])
                self._ledger.arrive((self.case_id, "out"), reply["text"].splitlines()[-1])
