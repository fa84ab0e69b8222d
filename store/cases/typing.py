"""Who is typing in a case at this moment: in this process's memory, gone after some seconds.

With several replicas it is seen only by who is connected to the same one; it is a courtesy, and no
row is written for it.
"""

import time
from typing import Literal

from store.cases.signal import tell_typing

Side = Literal["person", "staff"]
#: Seconds for which one is taken to be typing after each sign of it.
LASTS = 6.0
#: Cases remembered at most; the oldest go first.
MOST = 5000

_until: dict[tuple[str, Side], float] = {}


def typing(case_id: str, side: Side) -> None:
    """Note that somebody types in a case now."""
    _until.pop((case_id, side), None)
    _until[case_id, side] = time.monotonic() + LASTS
    while len(_until) > MOST:
        del _until[next(iter(_until))]
    tell_typing(case_id, side)


def typed(case_id: str, side: Side) -> None:
    """Their message is sent: they type no more."""
    _until.pop((case_id, side), None)


def typing_now(case_id: str, side: Side = "staff") -> bool:
    """Whether somebody of a side (default: the counsellor) types in a case now."""
    return _until.get((case_id, side), 0.0) > time.monotonic()
