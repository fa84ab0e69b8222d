"""Locks that several replicas share, through Redis."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()
#: Seconds after which a lock whose holder died is free again.
LONGEST = 15.0
#: Seconds to wait for Redis itself.
TIMEOUT = 2.0


class RedisLocks:
    """A lock by name for all replicas.

    While Redis is gone people are answered without the lock: the worst is that two messages that
    one person sent in the same moment are answered in the wrong order.
    """

    def __init__(self, redis: Redis):
        self._redis = redis

    @classmethod
    def connect(cls, url: str) -> "RedisLocks":
        """Locks through the Redis of an address; raises ValueError if the address is malformed."""
        return cls(Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT))

    @property
    def client(self) -> Redis:
        """The connections, for what else replicas share."""
        return self._redis

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Hold the lock of a name for at most LONGEST seconds."""
        lock = self._redis.lock(f"rahnuma:lock:{name}", timeout=LONGEST, sleep=0.02)
        held = False
        try:
            held = await lock.acquire()
        except RedisError as error:
            log.warning("redis.unavailable", error=type(error).__name__)
        try:
            yield
        finally:
            if held:
                try:
                    await lock.release()
                except RedisError as error:
                    log.warning("redis.lock_not_released", error=type(error).__name__)

    async def alive(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self._redis.ping())
        except RedisError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
