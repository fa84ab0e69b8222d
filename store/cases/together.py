"""One answer for many who ask the same at once, such as all consoles after a restart."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Asks once for all who wait.

    Who comes while an answer is being found gets the next one, which is begun after they came: a
    change that happened before somebody asked is always in what they get.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]]):
        self._ask = ask
        self._next: asyncio.Task[T] | None = None
        self._busy = asyncio.Lock()

    async def get(self) -> T:
        """The answer, begun after this call. Raises what asking raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._find())
        # who goes away must not take the answer from the others
        return await asyncio.shield(self._next)

    async def _find(self) -> T:
        async with self._busy:
            self._next = None  # from here on it would be too old for who comes
            return await self._ask()
