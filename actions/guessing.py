"""Keeps wrong feedback codes slow, whoever sends them.

A limit for one person is no limit: a new web session is a new person. So all wrong codes of a
process are counted together; while there are too many, no code is looked up. With nine digits and
ten thousand items, at ten misses a minute, somebody who guesses all day meets one item in a week.
"""

import time
from collections import deque
from collections.abc import Callable

#: Wrong codes within WINDOW seconds after which codes are not looked up for a while.
MOST, WINDOW = 10, 60.0


class Guesses:
    """The wrong codes of the last minute. ``clock`` gives seconds that only go forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._missed: deque[float] = deque(maxlen=MOST)

    def missed(self) -> None:
        """Note a wrong code."""
        self._missed.append(self._clock())

    @property
    def too_many(self) -> bool:
        """Whether codes must not be looked up now."""
        return len(self._missed) == MOST and self._clock() - self._missed[0] < WINDOW
