"""How much the group is sent: long texts in parts, and no more than Telegram takes in a minute."""

import time

from hypothesis import given
from hypothesis import strategies as st

from bot.staff_group.line import Pace
from bot.staff_group.steps import LONGEST, cut, units

WORDS = st.sampled_from(["a", "سلام", "🧑", "\n", " ", "x" * 3000, "😀" * 2500, "خ" * 4100])


@given(st.lists(WORDS, max_size=12).map("".join))
def test_a_long_text_is_cut_into_parts_that_telegram_takes_and_nothing_is_lost(text):
    parts = cut(text)
    assert all(part and units(part) <= LONGEST for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_turns_are_free_up_to_the_limit_and_then_one_by_one():
    pace = Pace(3, seconds=0.2)
    for _ in range(3):
        assert pace.left() == 0
        pace.take()
    assert 0 < pace.left() <= 0.2
    time.sleep(0.2)
    assert pace.left() == 0


def test_a_pause_holds_back_every_turn_and_a_shorter_one_does_not_end_it():
    pace = Pace()
    pace.pause(5)
    pace.pause(1)
    assert 4 < pace.left() <= 5
