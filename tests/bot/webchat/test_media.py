"""Pictures at the web chat's addresses."""

import io

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from bot.webchat.routes import routes
from content.drawing import PictureSource


@pytest.fixture
async def client(desk):
    desk.shelf.add("picture", PictureSource(desk.library.directory))
    app = FastAPI()
    app.include_router(routes(desk))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://web.test"
    ) as opened:
        yield opened


async def test_an_answer_names_its_pictures_and_they_are_there(client):
    body = {"session": "me", "language": "fr", "choice": "ask:medical_emergency"}
    await client.post("/chat/messages", json={**body, "choice": "start"})
    [reply] = (await client.post("/chat/messages", json=body)).json()["replies"]
    assert [one["kind"] for one in reply["media"]] == ["picture", "picture"]
    assert "appuyez fort" in reply["media"][0]["alt"]
    for one in reply["media"]:
        answer = await client.get(one["url"])
        assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.size == (one["width"], one["height"])


async def test_a_browser_keeps_a_picture_until_it_changes(client, desk, monkeypatch):
    url = "/chat/media/picture.call_help.png"
    tag = (await client.get(url)).headers["etag"]
    again = await client.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    numbers = desk.library.directory.data["numbers"]
    monkeypatch.setitem(numbers, "police", numbers["police"] | {"value": "129"})
    changed = await client.get(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag
    monkeypatch.setitem(numbers, "police", numbers["police"] | {"publish": False})
    assert (await client.get(url)).status_code == 404


@pytest.mark.parametrize(
    "name", ["picture.nothing.png", "picture.river.svg", "picture.river", "other.river.png", "x"]
)
async def test_what_is_not_there_is_not_found(client, name):
    assert (await client.get(f"/chat/media/{name}")).status_code == 404
