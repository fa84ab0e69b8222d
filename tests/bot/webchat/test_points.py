"""Places on the map on the web: a point beside the words, only where one is known."""

import httpx
import pytest
from fastapi import FastAPI

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from bot.webchat.routes import routes
from tests.support.places import CENTRE, pinned

LIPA = [{"entity": "centre", "value": "lipa", "start": 0, "end": 4, "extractor": "x"}]


@pytest.mark.parametrize("known", [True, False])
async def test_a_centre_that_is_asked_about_has_a_point_only_if_its_own_is_published(
    database, library, keys, nlu, known
):
    client = NluClient("http://nlu.test", transport=nlu.transport)
    content = pinned() if known else library
    desk = Desk(database, content, keys, client, LocalLocks(), operator="The test team")
    app = FastAPI()
    app.include_router(routes(desk))
    nlu.reads("how to get to lipa", {"centre_transport": 0.9}, entities=LIPA)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://web.test") as page:
        await page.post("/chat/messages", json={"session": "me", "choice": "start"})
        answer = await page.post(
            "/chat/messages", json={"session": "me", "text": "how to get to lipa"}
        )
    await client.close()
    [reply] = answer.json()["replies"]
    assert reply["content"] == "centre_transport"
    point = {
        "latitude": CENTRE[0],
        "longitude": CENTRE[1],
        "title": "Lipa",
        "address": "near Bihać, in Una-Sana Canton",
    }
    assert reply["points"] == ([point] if known else [])
