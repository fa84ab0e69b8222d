"""Readings of short messages that come again and again ("salam", "thank you"), kept in memory.

Never on disk, and gone with the process, so that a new model starts afresh. Long messages are
somebody's story: they hardly come twice, and are not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

SIZE = 2000  # readings; some 20 MB
LONGEST = 40  # characters
# "Tomorrow" is another day tomorrow; numbers and codes are a person's own.
_NEVER = frozenset({"date", "phone", "feedback_code"})

Parse = Callable[[str], Awaitable[dict[str, Any]]]


class ParseCache:
    """Asks `parse` once for a short text, and keeps the readings that were asked for last."""

    def __init__(self, parse: Parse, size: int = SIZE) -> None:
        self._parse, self._size = parse, size
        self._kept: OrderedDict[str, dict[str, Any]] = OrderedDict()

    async def __call__(self, text: str, *args: Any, **settings: Any) -> dict[str, Any]:
        """The reading of `text`; errors of `parse` are raised and not kept."""
        if len(text) > LONGEST or args or settings:
            return await self._parse(text, *args, **settings)
        if text not in self._kept:
            reading = await self._parse(text)
            if any(one["entity"] in _NEVER for one in reading.get("entities", ())):
                return reading
            self._kept[text] = reading
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        self._kept.move_to_end(text)
        return dict(self._kept[text])  # the server may add to it
