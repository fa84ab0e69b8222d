"""A person's last messages, for half an hour and never in the database.

They are there only so that a person who asks for a counsellor needn't write everything again; they
are shown first, and a counsellor sees them only if the person says so.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from store.keys import CannotDecrypt, Keys

log = structlog.get_logger()
#: Messages of a person, seconds that each is kept, characters of each.
MOST, SECONDS, LONGEST = 5, 30 * 60, 500
#: People remembered in a process at most; who wrote longest ago goes first.
PEOPLE = 2000


class Recent(Protocol):
    """The last messages by pseudonym. Nothing is raised: to lose them harms nobody."""

    async def add(self, pseudonym: str, text: str) -> None:
        """Remember a message."""

    async def of(self, pseudonym: str) -> Sequence[str]:
        """What is remembered of a person, the oldest first."""

    async def forget(self, pseudonym: str) -> None:
        """Forget all of a person's."""


class MemoryRecent:
    """In this process's memory. ``clock`` gives seconds that only go forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._kept: OrderedDict[str, list[tuple[float, str]]] = OrderedDict()

    async def add(self, pseudonym: str, text: str) -> None:
        """Remember a message."""
        now = self._clock()
        kept = [*self._fresh(pseudonym), (now, text[:LONGEST])][-MOST:]
        self._kept.pop(pseudonym, None)
        self._kept[pseudonym] = kept
        # the first one wrote longest ago: whatever is too old stands at the beginning
        while len(self._kept) > PEOPLE or next(iter(self._kept.values()))[-1][0] <= now - SECONDS:
            self._kept.popitem(last=False)

    async def of(self, pseudonym: str) -> Sequence[str]:
        """What is remembered of a person, the oldest first."""
        return [text for _at, text in self._fresh(pseudonym)]

    def _fresh(self, pseudonym: str) -> list[tuple[float, str]]:
        since = self._clock() - SECONDS
        return [one for one in self._kept.get(pseudonym, ()) if one[0] > since]

    async def forget(self, pseudonym: str) -> None:
        """Forget all of a person's."""
        self._kept.pop(pseudonym, None)


class RedisRecent:
    """Sealed in Redis, so that replicas share it; while Redis is gone nothing is remembered."""

    def __init__(self, redis: Redis, keys: Keys, clock: Callable[[], float] = time.time):
        self._redis, self._box, self._clock = redis, keys.recent, clock

    @staticmethod
    def _name(pseudonym: str) -> str:
        return f"rahnuma:recent:{pseudonym}"

    async def add(self, pseudonym: str, text: str) -> None:
        """Remember a message."""
        sealed = self._box.seal(json.dumps([self._clock(), text[:LONGEST]]))
        try:
            async with self._redis.pipeline() as pipe:
                pipe.rpush(self._name(pseudonym), sealed)
                pipe.ltrim(self._name(pseudonym), -MOST, -1)
                pipe.expire(self._name(pseudonym), SECONDS)
                await pipe.execute()
        except RedisError as error:
            log.warning("redis.unavailable", error=type(error).__name__)

    async def of(self, pseudonym: str) -> Sequence[str]:
        """What is remembered of a person, the oldest first."""
        try:
            rows = await self._redis.lrange(self._name(pseudonym), 0, -1)
            opened = [json.loads(self._box.open(row)) for row in rows]
        except RedisError as error:
            log.warning("redis.unavailable", error=type(error).__name__)
            return []
        except CannotDecrypt:
            return []  # the key was replaced
        return [text for at, text in opened if at > self._clock() - SECONDS]

    async def forget(self, pseudonym: str) -> None:
        """Forget all of a person's."""
        try:
            await self._redis.delete(self._name(pseudonym))
        except RedisError as error:
            log.warning("redis.unavailable", error=type(error).__name__)
