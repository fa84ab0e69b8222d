"""Frequent short messages are read once, and nothing else is kept."""

import asyncio

import pytest

from nlu.parse_cache import LONGEST, ParseCache


class _Model:
    def __init__(self):
        self.asked = []

    async def parse(self, text, **settings):
        self.asked.append(text)
        if text == "bad":
            raise ValueError(text)
        kind = {"tomorrow": "date", "+38761123456": "phone", "lipa": "centre"}.get(text)
        return {"text": text} | ({"entities": [{"entity": kind}]} if kind else {})


def _ask(cache, *texts):
    async def ask():
        return [await cache(text) for text in texts]

    return asyncio.run(ask())


def test_a_short_message_is_read_once():
    model = _Model()
    first, second = _ask(ParseCache(model.parse), "salam", "salam")
    assert first == second == {"text": "salam"}
    assert model.asked == ["salam"]


def test_what_the_server_adds_to_one_answer_does_not_reach_the_next():
    cache = ParseCache(_Model().parse)
    _ask(cache, "salam")[0]["added"] = 1
    assert _ask(cache, "salam") == [{"text": "salam"}]


def test_a_long_message_is_never_kept():
    model = _Model()
    _ask(ParseCache(model.parse), *["x" * (LONGEST + 1)] * 2)
    assert len(model.asked) == 2


def test_the_oldest_goes_first():
    model = _Model()
    _ask(ParseCache(model.parse, size=2), "a", "b", "a", "c", "a", "b")
    assert model.asked == ["a", "b", "c", "b"]


def test_an_error_is_not_kept():
    model = _Model()
    cache = ParseCache(model.parse)
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            _ask(cache, "bad")
    assert len(model.asked) == 2


def test_days_and_a_persons_numbers_are_not_kept():
    model = _Model()
    _ask(ParseCache(model.parse), *["tomorrow", "+38761123456", "lipa"] * 2)
    assert model.asked == ["tomorrow", "+38761123456", "lipa", "tomorrow", "+38761123456"]
