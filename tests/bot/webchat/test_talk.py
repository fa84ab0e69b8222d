"""The web chat's addresses in a talk with a counsellor: once, in order, at once."""

import asyncio
import time

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.webchat.routes import routes
from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow
from store.cases import moving, signal, typing
from store.cases.messages import add_message, lock_case, mark_seen
from store.cases.opening import open_case_of
from store.presence import touch
from tests.support.pictures import OGG, photo

ME = {"X-Rahnuma-Session": "me"}


class Page:
    def __init__(self, client, desk):
        self.client, self.desk = client, desk

    async def post(self, key=None, **message):
        body = {"session": "me", "language": "en", **message} | ({"key": key} if key else {})
        answer = await self.client.post("/chat/messages", json=body)
        assert answer.status_code == 200
        return answer.json()["replies"]

    async def news(self, after=None, **query):
        headers = ME if after is None else ME | {"X-Rahnuma-After": str(after)}
        return (await self.client.get("/chat/messages", headers=headers, params=query)).json()

    async def upload(self, data, **fields):
        files = {"file": ("photo.jpg", data, "image/jpeg")}
        return await self.client.post(
            "/chat/files", data={"session": "me", "language": "en", **fields}, files=files
        )

    async def counsellor(self, step):
        async with self.desk.database.transaction() as session:
            await touch(session, ["mira"])
            case = await open_case_of(session, self.desk.keys.pseudonym("web", "me"))
            await step(session, await lock_case(session, case.id))
        signal.wake()

    async def says(self, text):
        await self.counsellor(
            lambda session, case: add_message(
                session, self.desk.keys, case, text, from_person=False, author="mira"
            )
        )

    async def rows(self, table):
        async with self.desk.database.transaction() as session:
            return list((await session.execute(select(table))).scalars())


@pytest.fixture
async def page(desk):
    app = FastAPI()
    app.include_router(routes(desk))
    transport = httpx.ASGITransport(app)
    following = asyncio.create_task(signal.follow(desk.database))
    async with httpx.AsyncClient(transport=transport, base_url="http://web.test") as client:
        yield Page(client, desk)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
async def talking(page):
    for value in ("start", "person", "person:yes", "person:skip"):
        await page.post(choice=value)
    await page.counsellor(
        lambda session, case: moving.take(session, page.desk.keys, case.id, "mira")
    )
    page.last = (await page.news(0))["replies"][-1]["id"]
    await page.news(page.last)
    return page


async def test_a_message_sent_again_does_nothing_twice_and_gives_its_answer_again(page):
    await page.post(choice="start")
    first = await page.post(key="k1", choice="ask:food")
    assert await page.post(key="k1", choice="ask:food") == first
    assert first and await page.post(key="k2", choice="ask:food") == first


async def test_words_to_the_counsellor_are_kept_once(talking):
    for _ in range(2):
        assert await talking.post(key="k", text="hello") == []
    assert len([m for m in await talking.rows(CaseMessageRow) if m.from_person]) == 1


async def test_what_was_not_confirmed_is_given_again_and_what_was_is_delivered(talking):
    await talking.says("one")
    await talking.says("two")
    lost = await talking.news(talking.last)
    again = await talking.news(talking.last)
    assert lost == again and [r["text"][-3:] for r in again["replies"]] == ["one", "two"]
    first, second = (r["id"] for r in again["replies"])
    [left] = (await talking.news(first))["replies"]
    assert left["id"] == second
    rows = {m.id: m for m in await talking.rows(CaseMessageRow)}
    assert (rows[first].delivery, rows[second].delivery) == ("delivered", "waiting")
    assert rows[first].seen_at is not None
    assert (await talking.news(second))["replies"] == []


async def test_without_the_header_each_message_is_given_once(talking):
    await talking.says("one")
    assert len((await talking.news())["replies"]) == 1
    assert (await talking.news())["replies"] == []


async def test_a_waiting_page_has_the_words_within_a_second(talking):
    state = (await talking.news(talking.last))["state"]
    waiting = asyncio.create_task(talking.news(talking.last, wait=20, state=state))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    began = time.monotonic()
    await talking.says("hello")
    news = await asyncio.wait_for(waiting, 5)
    assert time.monotonic() - began < 1 and news["replies"][0]["text"].endswith("hello")


async def test_seen_typing_and_the_end_are_told_at_once(talking):
    await talking.post(text="hello")
    known = [(await talking.news(talking.last))["state"]]

    async def told(step):
        waiting = asyncio.create_task(talking.news(talking.last, wait=20, state=known[-1]))
        await asyncio.sleep(0.1)
        await step()
        news = await asyncio.wait_for(waiting, 5)
        known.append(news["state"])
        return news

    case = (await talking.rows(CaseRow))[0].id

    async def type_now():
        typing.typing(case, "staff")

    news = await told(type_now)
    assert news["typing"] and not news["seen"]
    typing.typed(case, "staff")
    known.append((await talking.news(talking.last))["state"])
    news = await told(
        lambda: talking.counsellor(lambda session, case: mark_seen(session, case, 10**6))
    )
    assert news["seen"] and news["status"] == "taken"
    news = await told(
        lambda: talking.counsellor(
            lambda session, case: moving.close(
                session, talking.desk.keys, case.id, "mira", "solved"
            )
        )
    )
    assert news["status"] == "closed" and "over" in news["replies"][-1]["text"]


async def test_the_counsellor_sees_that_the_person_types(talking):
    case = (await talking.rows(CaseRow))[0].id
    assert not typing.typing_now(case, "person")
    answer = await talking.client.post("/chat/typing", json={"session": "me"})
    assert answer.status_code == 204 and typing.typing_now(case, "person")


async def test_files_are_taken_or_refused_with_a_reason(talking):
    assert (await talking.upload(photo(), text="my paper", key="f1")).json() == {"replies": []}
    assert (await talking.upload(photo(), text="my paper", key="f1")).status_code == 200
    assert (await talking.upload(OGG)).status_code == 200
    refused = await talking.upload(b"<html>")
    assert refused.status_code == 422 and "PDF" in refused.json()["replies"][0]["text"]
    assert (await talking.upload(bytes(9 * 1024 * 1024))).status_code == 413
    assert sorted(f.media_type for f in await talking.rows(CaseFileRow)) == [
        "audio/ogg",
        "image/jpeg",
    ]


@pytest.mark.parametrize(
    "request_",
    [
        {"data": {"session": "me"}},
        {"data": {"session": "me", "file": "text"}},
        {"files": {"file": ("x", b"x")}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"x", "headers": {"Content-Type": "text/plain"}},
    ],
)
async def test_malformed_uploads_are_refused_cleanly(talking, request_):
    answer = await talking.client.post("/chat/files", **request_)
    assert answer.status_code in (400, 422)


async def test_without_a_case_a_file_gets_the_answer_of_before(page):
    await page.post(choice="start")
    [reply] = (await page.upload(photo())).json()["replies"]
    assert "can't see" in reply["text"] and await page.rows(CaseFileRow) == []
