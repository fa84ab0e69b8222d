"""A person's last messages: few, for half an hour, never readable in Redis."""

import os

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from store.recent import MOST, SECONDS, MemoryRecent, RedisRecent

REDIS = os.environ.get("TEST_REDIS", "redis://127.0.0.1:6379/0")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["memory", "redis"])
async def kept(request, keys):
    clock = Clock()
    if request.param == "memory":
        yield MemoryRecent(clock), clock
        return
    redis = Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        await redis.ping()
    except RedisError:
        await redis.aclose()
        pytest.skip("no Redis at 127.0.0.1:6379")
    recent = RedisRecent(redis, keys, clock)
    yield recent, clock
    await recent.forget("p-of-a-test")
    await redis.aclose()


async def test_the_last_ones_are_kept_in_order_for_half_an_hour(kept):
    recent, clock = kept
    for n in range(MOST + 2):
        await recent.add("p-of-a-test", f"text {n}")
        clock.now += 60
    assert await recent.of("p-of-a-test") == [f"text {n}" for n in range(2, MOST + 2)]
    clock.now += SECONDS - 2 * 60
    assert await recent.of("p-of-a-test") == [f"text {MOST + 1}"]
    assert await recent.of("another") == []


async def test_what_is_forgotten_is_gone(kept):
    recent, _clock = kept
    await recent.add("p-of-a-test", "text")
    await recent.forget("p-of-a-test")
    assert await recent.of("p-of-a-test") == []


async def test_redis_holds_no_words_and_being_gone_harms_nobody(keys):
    class Noted:
        def __init__(self):
            self.sent = []

        def pipeline(self):
            return self

        async def __aenter__(self):
            return self

        async def __aexit__(self, *_error):
            return None

        def rpush(self, _name, value):
            self.sent.append(value)

        def ltrim(self, *_arguments):
            return None

        def expire(self, *_arguments):
            return None

        async def execute(self):
            raise RedisError

        async def lrange(self, *_arguments):
            raise RedisError

    redis = Noted()
    recent = RedisRecent(redis, keys)
    await recent.add("p", "secret words")
    assert b"secret" not in redis.sent[0]
    assert await recent.of("p") == []


async def test_a_process_remembers_a_bounded_number_of_people(monkeypatch):
    monkeypatch.setattr("store.recent.PEOPLE", 3)
    recent = MemoryRecent()
    for n in range(5):
        await recent.add(f"p{n}", "text")
    assert [len(await recent.of(f"p{n}")) for n in range(5)] == [0, 0, 1, 1, 1]
