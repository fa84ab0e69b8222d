"""One answer for many who ask at once: never one that was begun before they asked."""

import asyncio

import pytest

from store.cases.together import Together


async def test_many_who_ask_at_once_cost_few_answers_and_none_is_older_than_its_question():
    state, asked = 0, 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        found = state
        await asyncio.sleep(0.01)
        return found

    together = Together(ask)

    async def one(when: int) -> None:
        nonlocal state
        await asyncio.sleep(when / 1000)
        state += 1
        mine = state
        assert await together.get() >= mine

    await asyncio.gather(*(one(when) for when in range(40)))
    assert 2 <= asked < 15


async def test_an_error_reaches_who_asked_and_the_next_ask_again():
    answers = [OSError("gone"), 7]

    async def ask() -> int:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    together = Together(ask)
    with pytest.raises(OSError, match="gone"):
        await together.get()
    assert await together.get() == 7


async def test_who_goes_away_does_not_take_the_answer_from_the_others():
    go = asyncio.Event()

    async def ask() -> str:
        await go.wait()
        return "there"

    together = Together(ask)
    first, second = (asyncio.create_task(together.get()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    go.set()
    assert await second == "there"
