"""A strict local Bot API server over real HTTP.

It holds callers to Telegram's rules (https://core.telegram.org/bots/api, version 10.1): known
methods and parameters, required ones present, 4,096 characters a message, balanced HTML with
allowed tags only, callback data of 1 to 64 bytes, commands and descriptions within their lengths,
confirmed updates never given again, 401 for a wrong token, 403 for a blocked chat, 429 with
retry_after. Forum groups have topics, which only an admin may manage, with names of 1 to 128
characters, and take 20 messages a minute. Every broken rule is answered with Telegram's kind of
error and noted in ``problems``.
"""

import asyncio
import html.parser
import itertools
import json
import re
import threading
import time
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "123456:TEST-token_of_the_local_server"
BOT = {"id": 123456, "is_bot": True, "first_name": "Rahnuma", "username": "rahnuma_test_bot"}
#: Parameters of the methods that may be called; True: required.
METHODS: dict[str, dict[str, bool]] = {
    "getMe": {},
    "getUpdates": dict.fromkeys(("offset", "limit", "timeout", "allowed_updates"), False),
    "setWebhook": {
        "url": True,
        "max_connections": False,
        "allowed_updates": False,
        "drop_pending_updates": False,
        "secret_token": False,
    },
    "deleteWebhook": {"drop_pending_updates": False},
    "sendMessage": {
        "chat_id": True,
        "text": True,
        "message_thread_id": False,
        "parse_mode": False,
        "link_preview_options": False,
        "disable_notification": False,
        "protect_content": False,
        "reply_markup": False,
    },
    "editMessageText": {
        "chat_id": True,
        "message_id": True,
        "text": True,
        "parse_mode": False,
        "link_preview_options": False,
        "reply_markup": False,
    },
    "answerCallbackQuery": {"callback_query_id": True, "text": False, "show_alert": False},
    "getFile": {"file_id": True},
    "sendChatAction": {"chat_id": True, "action": True},
    "setMyCommands": {"commands": True, "scope": False, "language_code": False},
    "setMyDescription": {"description": False, "language_code": False},
    "setMyShortDescription": {"short_description": False, "language_code": False},
}
METHODS["sendVenue"] = dict.fromkeys(("chat_id", "latitude", "longitude", "title", "address"), True)
for _kind in ("photo", "voice", "document"):
    METHODS[f"send{_kind.capitalize()}"] = {"chat_id": True, _kind: True} | dict.fromkeys(
        ("message_thread_id", "caption", "parse_mode", "disable_notification", "reply_markup"),
        False,
    )
for _step in ("edit", "close", "reopen", "delete"):
    METHODS[f"{_step}ForumTopic"] = {"chat_id": True, "message_thread_id": True}
METHODS["editForumTopic"]["name"] = False
METHODS["createForumTopic"] = {"chat_id": True, "name": True, "icon_color": False}
#: Methods that count for a group's limit of messages a minute.
COUNTED = ("sendMessage", "sendPhoto", "sendVoice", "sendDocument", "createForumTopic")
#: The forum topic itself is made by a message of this number or later.
FIRST_TOPIC = 500_000
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre"} | {
    "tg-spoiler",
    "blockquote",
}


class ApiError(Exception):
    """An error answer of the Bot API."""

    def __init__(self, code: int, description: str, **parameters: int):
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class _Markup(html.parser.HTMLParser):
    """Checks Telegram's HTML and collects the visible text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise ApiError(400, f"Bad Request: can't parse entities: Unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ApiError(400, f"Bad Request: can't parse entities: Unmatched end tag {tag!r}")

    def handle_data(self, data: str) -> None:
        self.text += data


def visible_text(text: str, parse_mode: str | None) -> str:
    """The text after entities; raises ApiError as Telegram does for broken markup."""
    if parse_mode is None:
        return text
    if parse_mode != "HTML":
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    if re.search(r"&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)", text) or re.search(
        r"<(?!/?[a-z])", text
    ):
        raise ApiError(400, "Bad Request: can't parse entities: stray & or <")
    markup = _Markup()
    markup.feed(text)
    markup.close()
    if markup.open:
        raise ApiError(
            400, f"Bad Request: can't parse entities: Can't find end tag of {markup.open}"
        )
    return markup.text


class TelegramServer:
    """The server in a thread of its own; tests act as Telegram's users through its methods."""

    def __init__(self, port: int, first_update: int = 1000):
        self.url = f"http://127.0.0.1:{port}"
        self.problems: list[str] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.blocked: set[int] = set()
        self.slow: dict[int, int] = {}  # seconds after which a chat may be written to again
        self.fail_next: list[ApiError] = []
        self.webhook: dict[str, Any] = {}
        self.confirmed = 0
        self.topics: dict[int, dict[int, dict[str, Any]]] = {}  # by forum group and number
        self.admin = self.may_delete = True
        self.group_limit = 20
        self._counted: dict[int, list[float]] = {}
        self._updates: list[dict[str, Any]] = []
        self._ids = itertools.count(first_update)
        self._message_ids = itertools.count(1)
        self._queries: set[str] = set()
        self._changed = threading.Condition()
        self.files: dict[str, bytes] = {}  # what people sent, by file id
        self.uploads: dict[str, tuple[str, bytes]] = {}  # what the bot sent: name and content
        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
            ]
        )
        self._server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> "TelegramServer":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    # --- what a test does as a person ---------------------------------------------------------

    def _update(self, **content: Any) -> int:
        update_id = next(self._ids)
        with self._changed:
            self._updates.append({"update_id": update_id, **content})
        return update_id

    def _from(self, user: int, language: str | None) -> dict[str, Any]:
        person = {"id": user, "is_bot": False, "first_name": "Somebody"}
        return person | ({"language_code": language} if language else {})

    def send(
        self,
        user: int,
        *,
        language: str | None = None,
        chat: dict[str, Any] | None = None,
        **content,
    ) -> int:
        """A person's message: ``text=…``, ``voice={…}``, …; returns the update's id."""
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": chat or {"id": user, "type": "private", "first_name": "Somebody"},
            "from": self._from(user, language),
            **content,
        }
        if content.get("text", "").startswith("/"):
            length = len(content["text"].split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._update(message=message)

    def raw(self, **content: Any) -> int:
        """Any other update."""
        return self._update(**content)

    def write_in(self, group: int, topic: int, user: int, text: str = "", **content: Any) -> int:
        """A member's message in a topic of a forum group."""
        chat = {"id": group, "type": "supergroup", "title": "Staff", "is_forum": True}
        content |= {"text": text} if text else {}
        return self.send(user, chat=chat, message_thread_id=topic, is_topic_message=True, **content)

    def read_topic(self, group: int, topic: int) -> list[str]:
        """The texts (or captions) that stand in a topic."""
        there = self.messages.get(group, [])
        return [m["_text"] for m in there if m.get("message_thread_id") == topic]

    def press(
        self, user: int, value: str, language: str | None = None, chat: int | None = None
    ) -> int:
        """Press the newest button with a value; AssertionError if no message has it.

        ``chat``: where, if not in the private chat.
        """
        for message in reversed(self.messages[chat or user]):
            for button in self.buttons(message):
                if button["callback_data"] == value:
                    query = f"query{next(self._message_ids)}"
                    self._queries.add(query)
                    return self._update(
                        callback_query={
                            "id": query,
                            "from": self._from(user, language),
                            "chat_instance": "1",
                            "data": value,
                            "message": self._public(message),
                        }
                    )
        raise AssertionError(f"no button {value} for {user}")

    def _public(self, message: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in message.items() if not k.startswith("_")}

    @staticmethod
    def buttons(message: dict[str, Any]) -> list[dict[str, str]]:
        """All buttons under a message."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def wait(self, user: int, n: int, seconds: float = 20) -> list[dict[str, Any]]:
        """The messages to a person once there are at least ``n`` (edits count as messages)."""
        until = time.monotonic() + seconds
        with self._changed:
            while len(self.messages.get(user, [])) < n:
                left = until - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    have = [m["_text"][:60] for m in self.messages.get(user, [])]
                    raise AssertionError(f"waited for {n} messages, have {have}")
            return list(self.messages[user])

    def ask(self, user: int, text: str, language: str | None = None) -> list[dict[str, Any]]:
        """Send a text and wait until its update is confirmed; returns the messages it brought."""
        before = len(self.messages.get(user, []))
        self.settle(self.send(user, text=text, language=language))
        return self.messages.get(user, [])[before:]

    def tap(self, user: int, value: str) -> list[dict[str, Any]]:
        """Press a button and wait; returns the messages it brought."""
        before = len(self.messages.get(user, []))
        self.settle(self.press(user, value))
        return self.messages.get(user, [])[before:]

    def settle(self, update_id: int, seconds: float = 20) -> None:
        """Wait until an update is confirmed (polling asked for a later one)."""
        until = time.monotonic() + seconds
        while self.confirmed <= update_id:
            if time.monotonic() > until:
                raise AssertionError(f"update {update_id} was not confirmed")
            time.sleep(0.01)

    # --- the Bot API --------------------------------------------------------------------------

    async def _call(self, request: Request) -> JSONResponse:
        try:
            result = await self._checked(request)
        except ApiError as error:
            if error.code == 400 and "not modified" not in error.description:
                self.problems.append(f"{request.path_params['method']}: {error.description}")
            body: dict[str, Any] = {
                "ok": False,
                "error_code": error.code,
                "description": error.description,
            }
            if error.parameters:
                body["parameters"] = error.parameters
            return JSONResponse(body, error.code)
        return JSONResponse({"ok": True, "result": result})

    async def _checked(self, request: Request) -> Any:
        if request.path_params["token"] != TOKEN:
            raise ApiError(401, "Unauthorized")
        method = request.path_params["method"]
        if method not in METHODS:
            self.problems.append(f"unknown method {method}")
            raise ApiError(404, "Not Found: method not found")
        given = dict(await request.form()) | dict(request.query_params)
        allowed = METHODS[method]
        for name in given:
            if name not in allowed:
                raise ApiError(400, f"Bad Request: unknown parameter {name}")
        for name, required in allowed.items():
            if required and given.get(name, "") == "":
                raise ApiError(400, f"Bad Request: {name} is missing")
        if method != "getUpdates":
            self.calls.append((method, given))
            if self.fail_next and method in ("sendMessage", "editMessageText"):
                raise self.fail_next.pop(0)
            if method in COUNTED and (wait := self.slow.get(int(given["chat_id"]))):
                raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
            if method in COUNTED and int(given["chat_id"]) in self.topics:
                self._count(int(given["chat_id"]))
        handler = re.sub("([A-Z])", r"_\1", method).lower()
        return await getattr(self, f"_{handler}")(given)

    async def _get_me(self, _given: dict[str, Any]) -> Any:
        return BOT | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _get_updates(self, given: dict[str, Any]) -> Any:
        if self.webhook:
            raise ApiError(409, "Conflict: can't use getUpdates while webhook is active")
        offset = int(given.get("offset", 0))
        self.confirmed = max(self.confirmed, offset)
        until = time.monotonic() + min(int(given.get("timeout", 0)), 50)
        kinds = json.loads(given.get("allowed_updates", "[]"))
        while not self._server.should_exit:
            with self._changed:
                # updates of kinds that nobody asked for are dropped, as Telegram does
                self._updates = [
                    u
                    for u in self._updates
                    if u["update_id"] >= offset and (not kinds or any(k in u for k in kinds))
                ]
                ready = list(self._updates)
            if ready or time.monotonic() >= until:
                return ready[: int(given.get("limit", 100))]
            await asyncio.sleep(0.01)
        return []

    async def _set_webhook(self, given: dict[str, Any]) -> Any:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", given.get("secret_token", "x")):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = given
        return True

    async def _delete_webhook(self, _given: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    def _count(self, group: int) -> None:
        """Raises 429 if a group gets more messages than its limit within a minute."""
        recent = [at for at in self._counted.get(group, []) if at > time.monotonic() - 60]
        if len(recent) >= self.group_limit:
            wait = max(1, round(60 - (time.monotonic() - recent[0])))
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        self._counted[group] = [*recent, time.monotonic()]

    def _forum(self, given: dict[str, Any], doing: str) -> dict[int, dict[str, Any]]:
        group = int(given["chat_id"])
        if group not in self.topics:
            raise ApiError(400, "Bad Request: the chat is not a forum")
        if not self.admin:
            raise ApiError(400, f"Bad Request: not enough rights to {doing} the topic")
        return self.topics[group]

    def _topic(self, given: dict[str, Any], doing: str) -> dict[str, Any]:
        topics, number = self._forum(given, doing), int(given["message_thread_id"])
        if number not in topics:
            raise ApiError(400, "Bad Request: TOPIC_ID_INVALID")
        return topics[number]

    @staticmethod
    def _topic_name(name: str) -> str:
        if not 1 <= len(name) <= 128:
            raise ApiError(400, "Bad Request: TOPIC_TITLE_INVALID")
        return name

    async def _create_forum_topic(self, given: dict[str, Any]) -> Any:
        topics = self._forum(given, "create")
        number = FIRST_TOPIC + next(self._message_ids)
        topics[number] = {"name": self._topic_name(given["name"]), "closed": False}
        return {"message_thread_id": number, "name": given["name"], "icon_color": 7322096}

    async def _edit_forum_topic(self, given: dict[str, Any]) -> Any:
        topic, name = self._topic(given, "edit"), self._topic_name(given.get("name", ""))
        if topic["name"] == name:
            raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
        topic["name"] = name
        return True

    async def _close_forum_topic(self, given: dict[str, Any]) -> Any:
        return self._set_closed(self._topic(given, "close"), True)

    async def _reopen_forum_topic(self, given: dict[str, Any]) -> Any:
        return self._set_closed(self._topic(given, "reopen"), False)

    @staticmethod
    def _set_closed(topic: dict[str, Any], closed: bool) -> bool:
        if topic["closed"] == closed:
            raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
        topic["closed"] = closed
        return True

    async def _delete_forum_topic(self, given: dict[str, Any]) -> Any:
        self._topic(given, "delete")
        if not self.may_delete:
            raise ApiError(400, "Bad Request: not enough rights to delete the topic")
        group, number = int(given["chat_id"]), int(given["message_thread_id"])
        del self.topics[group][number]
        with self._changed:
            self.messages[group] = [
                m for m in self.messages.get(group, []) if m.get("message_thread_id") != number
            ]
        return True

    async def _send_photo(self, given: dict[str, Any]) -> Any:
        return await self._send_file(given, "photo")

    async def _send_voice(self, given: dict[str, Any]) -> Any:
        return await self._send_file(given, "voice")

    async def _send_document(self, given: dict[str, Any]) -> Any:
        return await self._send_file(given, "document")

    async def _send_file(self, given: dict[str, Any], kind: str) -> Any:
        chat, caption = int(given["chat_id"]), given.get("caption", "")
        if chat in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if len(caption) > 1024:
            raise ApiError(400, "Bad Request: message caption is too long")
        if isinstance(given[kind], str):  # the id of a file that was sent before
            if given[kind] not in self.uploads:
                raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
            known = given[kind]
            name, data = self.uploads[known]
        else:
            data, name = await given[kind].read(), given[kind].filename
            await given[kind].close()
            known = f"f{next(self._message_ids)}"
            self.uploads[known] = name, data
        if kind == "photo" and len(data) > 10 * 1024 * 1024:
            raise ApiError(400, "Bad Request: file is too big")
        file = {"file_id": known, "file_unique_id": "u"}
        size = {"file_size": len(data), "file_name": name}
        public = {
            "photo": [file | size | {"width": 1, "height": 1}],
            "voice": file | size | {"duration": 1},
            "document": file | size,
        }
        message = self._new_message(given) | {
            "_text": visible_text(caption, given.get("parse_mode")),
            kind: public[kind],
            "_data": data,
        }
        self._keep(message)
        return self._public(message)

    async def _send_venue(self, given: dict[str, Any]) -> Any:
        if int(given["chat_id"]) in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        latitude, longitude = float(given["latitude"]), float(given["longitude"])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ApiError(400, "Bad Request: wrong coordinates")
        point = {"latitude": latitude, "longitude": longitude}
        venue = {"location": point, "title": given["title"], "address": given["address"]}
        message = self._new_message(given) | {"_text": "", "location": point, "venue": venue}
        self._keep(message)
        return self._public(message)

    def _new_message(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = int(given["chat_id"])
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "from": BOT,
        }
        if number := given.get("message_thread_id"):
            if int(number) not in self.topics.get(chat, {}):
                raise ApiError(400, "Bad Request: message thread not found")
            message |= {"message_thread_id": int(number), "is_topic_message": True}
        return message

    def _message_checked(self, given: dict[str, Any]) -> dict[str, Any]:
        chat = int(given["chat_id"])
        if chat in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        text = visible_text(given["text"], given.get("parse_mode")).strip()
        if not text:
            raise ApiError(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise ApiError(400, "Bad Request: message is too long")
        message = self._new_message(given) | {
            "text": text,
            "_text": text,
            "_html": given["text"],
        }
        if "reply_markup" in given:
            message["reply_markup"] = json.loads(given["reply_markup"])
            self._check_keyboard(message)
        return message

    def _check_keyboard(self, message: dict[str, Any]) -> None:
        rows = message["reply_markup"].get("inline_keyboard", [])
        if any(not row or len(row) > 8 for row in rows) or len(self.buttons(message)) > 100:
            raise ApiError(400, "Bad Request: reply markup has too many or empty rows")
        for button in self.buttons(message):
            if not button.get("text", "").strip():
                raise ApiError(400, "Bad Request: text buttons must have text")
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")

    async def _send_message(self, given: dict[str, Any]) -> Any:
        message = self._message_checked(given)
        self._keep(message)
        return self._public(message)

    def _keep(self, message: dict[str, Any]) -> None:
        with self._changed:
            self.messages.setdefault(message["chat"]["id"], []).append(message)
            self._changed.notify_all()

    async def _edit_message_text(self, given: dict[str, Any]) -> Any:
        message = self._message_checked(given)
        message_id = int(given["message_id"])
        old = [
            m for m in self.messages.get(message["chat"]["id"], []) if m["message_id"] == message_id
        ]
        if not old:
            raise ApiError(400, "Bad Request: message to edit not found")
        same = old[-1]["_text"] == message["_text"]
        if same and old[-1].get("reply_markup") == message.get("reply_markup"):
            raise ApiError(
                400,
                "Bad Request: message is not modified: specified new message content is the same",
            )
        message |= {"message_id": message_id, "_edited": True, "edit_date": int(time.time())}
        self._keep(message)
        return self._public(message)

    async def _answer_callback_query(self, given: dict[str, Any]) -> Any:
        if given["callback_query_id"] not in self._queries:
            raise ApiError(400, "Bad Request: query is too old or query ID is invalid")
        self._queries.remove(given["callback_query_id"])
        return True

    async def _get_file(self, given: dict[str, Any]) -> Any:
        data = self.files.get(given["file_id"])
        if data is None:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(data) > 20 * 1024 * 1024:
            raise ApiError(400, "Bad Request: file is too big")
        return {
            "file_id": given["file_id"],
            "file_unique_id": f"u{given['file_id']}",
            "file_size": len(data),
            "file_path": f"files/{given['file_id']}",
        }

    async def _download(self, request: Request) -> Response:
        data = self.files.get(request.path_params["path"].removeprefix("files/"))
        if request.path_params["token"] != TOKEN or data is None:
            return Response(status_code=404)
        return Response(data)

    async def _send_chat_action(self, given: dict[str, Any]) -> Any:
        if given["action"] not in ("typing", "upload_photo", "upload_document", "find_location"):
            raise ApiError(400, "Bad Request: wrong parameter action in request")
        if int(given["chat_id"]) in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return True

    async def _set_my_commands(self, given: dict[str, Any]) -> Any:
        commands = json.loads(given["commands"])
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._tag(given)] = commands
        return True

    def _tag(self, given: dict[str, Any]) -> str:
        tag = given.get("language_code", "")
        if tag and not re.fullmatch(r"[a-z]{2}", tag):
            raise ApiError(400, "Bad Request: language code must be two letters")
        return tag

    async def _set_my_description(self, given: dict[str, Any]) -> Any:
        if len(given.get("description", "")) > 512:
            raise ApiError(400, "Bad Request: description is too long")
        self.descriptions[self._tag(given)] = given.get("description", "")
        return True

    async def _set_my_short_description(self, given: dict[str, Any]) -> Any:
        if len(given.get("short_description", "")) > 120:
            raise ApiError(400, "Bad Request: short description is too long")
        self._tag(given)
        return True
