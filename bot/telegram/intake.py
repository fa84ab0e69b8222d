"""How updates come in: by polling, or by Telegram calling a webhook.

An update is confirmed to Telegram only after it was handled (python-telegram-bot's own updater
confirms before). Updates of one chat are handled in order, different chats at the same time.
"""

import asyncio
import hmac
from collections import defaultdict

import structlog
from fastapi import APIRouter, Header, HTTPException, Request
from telegram import Update
from telegram.error import InvalidToken, TelegramError

from bot.telegram.front_end import WANTED, TelegramFrontEnd

log = structlog.get_logger()
#: Seconds that Telegram holds a polling request open while there is nothing.
POLL = 25
#: Seconds to wait after an error, doubled up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


def chat_of(update: Update) -> int:
    """The chat whose order an update must keep; 0 if it has none."""
    return update.effective_chat.id if update.effective_chat else 0


async def take_batch(front_end: TelegramFrontEnd, updates: list[Update]) -> None:
    """Handle updates: those of one chat in order, chats beside each other."""
    chats: dict[int, list[Update]] = defaultdict(list)
    for update in sorted(updates, key=lambda u: u.update_id):
        chats[chat_of(update)].append(update)

    async def one_after_another(mine: list[Update]) -> None:
        for update in mine:
            try:
                await front_end.take(update)
            except Exception:  # noqa: BLE001 - one bad update must not stop the others
                log.exception("telegram.update_failed")

    await asyncio.gather(*(one_after_another(mine) for mine in chats.values()))


async def poll(front_end: TelegramFrontEnd, ready: asyncio.Event | None = None) -> None:
    """Fetch and handle updates until cancelled. Raises telegram.error.InvalidToken."""
    offset, pause = 0, FIRST_PAUSE
    while True:
        try:
            updates = await front_end.bot.get_updates(
                offset=offset, timeout=POLL, allowed_updates=WANTED
            )
            pause = FIRST_PAUSE
            if ready is not None:
                ready.set()
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("telegram.unreachable", error=type(error).__name__, pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        await take_batch(front_end, list(updates))
        if updates:
            offset = max(u.update_id for u in updates) + 1


def webhook_routes(front_end: TelegramFrontEnd, secret: str) -> APIRouter:
    """The address that Telegram calls; 403 without the secret token, 200 once handled."""
    router = APIRouter()

    @router.post("/telegram/webhook", include_in_schema=False)
    async def webhook(
        request: Request, x_telegram_bot_api_secret_token: str = Header(default="")
    ) -> dict[str, bool]:
        if not hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), secret.encode()):
            raise HTTPException(403, "wrong secret token")
        try:
            data = await request.json()
            update = Update.de_json(data, front_end.bot) if isinstance(data, dict) else None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise HTTPException(400, "not an update") from error
        if update is None or not isinstance(update.update_id, int):
            raise HTTPException(400, "not an update")
        await take_batch(front_end, [update])
        return {"ok": True}

    return router
