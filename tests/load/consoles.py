"""Consoles of counsellors as their page behaves: events, fetching what is new, sending again."""

import asyncio
import json
import secrets
from collections import deque

import httpx

from tests.load.ledger import Ledger
from tests.support.console import PASSWORD, code_now, csrf

#: Seconds between tries while the service can't be reached.
PAUSE = 0.3


class Console:
    """One counsellor's open page."""

    def __init__(self, url: str, name: str, ledger: Ledger):
        self._client = httpx.AsyncClient(base_url=url, timeout=30, follow_redirects=True)
        self.name, self._ledger = name, ledger
        self._csrf = ""
        self._last: dict[str, int] = {}
        self._dirty: set[str] = set()
        self._news = asyncio.Event()
        self._unsent: dict[str, deque[tuple[str, str]]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._senders: dict[str, asyncio.Task[None]] = {}
        self.connected = asyncio.Event()

    async def open(self) -> None:
        """Sign in and begin to listen."""
        post, page = self._client.post, None
        page = await post("/console/sign-in", data={"name": self.name, "password": PASSWORD})
        form = {"csrf": csrf(page.text), "code": code_now()}
        page = await post("/console/sign-in/code", data=form)
        assert page.url.path == "/console/", page.text[:300]
        self._csrf = csrf(page.text)
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._fetch())]

    async def close(self) -> None:
        """Stop listening."""
        for task in [*self._tasks, *self._senders.values()]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._senders.values(), return_exceptions=True)
        await self._client.aclose()

    def write(self, case_id: str) -> None:
        """Write the next message in a case; it is sent until it is confirmed."""
        text = self._ledger.send((case_id, "out"))
        self._unsent.setdefault(case_id, deque()).append((secrets.token_hex(8), text))
        sender = self._senders.get(case_id)
        if sender is None or sender.done():
            self._senders[case_id] = asyncio.create_task(self._send(case_id))

    async def _send(self, case_id: str) -> None:
        waiting = self._unsent[case_id]
        while waiting:
            key, text = waiting[0]
            try:
                answer = await self._client.post(
                    f"/console/api/cases/{case_id}/messages",
                    json={"key": key, "text": text},
                    headers={"X-CSRF": self._csrf},
                )
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code >= 500:
                await asyncio.sleep(PAUSE)
                continue
            assert answer.status_code == 200, answer.text
            waiting.popleft()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._client.stream("GET", "/console/api/events") as stream:
                    if stream.status_code != 200:
                        await asyncio.sleep(PAUSE)
                        continue
                    event = ""
                    async for line in stream.aiter_lines():
                        if line.startswith("event: "):
                            event = line.removeprefix("event: ")
                        elif line.startswith("data: "):
                            await self._take(event, json.loads(line.removeprefix("data: ")))
            except httpx.HTTPError:
                self.connected.clear()
            await asyncio.sleep(PAUSE)

    async def _take(self, event: str, data: dict) -> None:
        if event in ("hello", "again"):
            lists = (await self._client.get("/console/api/cases")).json()
            for case in lists["cases"]:
                self._look(case)
            self.connected.set()
        elif event == "case":
            self._look(data)

    def _look(self, case: dict) -> None:
        if case.get("holder") == self.name and case.get("last_id", 0) > self._last.get(
            case["id"], 0
        ):
            self._dirty.add(case["id"])
            self._news.set()

    async def _fetch(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._dirty:
                case_id = self._dirty.pop()
                try:
                    await self._fetch_one(case_id)
                except (httpx.HTTPError, httpx.InvalidURL):
                    self._dirty.add(case_id)
                    await asyncio.sleep(PAUSE)

    async def _fetch_one(self, case_id: str) -> None:
        after = self._last.get(case_id, 0)
        answer = await self._client.get(
            f"/console/api/cases/{case_id}/messages", params={"after": after}
        )
        answer.raise_for_status()
        for message in answer.json()["messages"]:
            self._last[case_id] = max(self._last.get(case_id, 0), message["id"])
            if message["from_person"]:
                self._ledger.arrive((case_id, "in"), message["text"])
