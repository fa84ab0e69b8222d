"""Locks that several replicas share, through Redis."""

from contextlib import asynccontextmanager

from redis.asyncio import Redis

#: Seconds after which a lock whose holder died is free again.
LONGEST = 15.0


class RedisLocks:
    """A lock by name for all replicas. Raises redis.RedisError while Redis is gone."""

    def __init__(self, redis: Redis):
        self._redis = redis

    @asynccontextmanager
    async def lock(self, name: str):
        """Hold the lock of a name for at most LONGEST seconds."""
        async with self._redis.lock(f"rahnuma:lock:{name}", timeout=LONGEST, sleep=0.02):
            yield
