"""The states of a broadcast and what leads from one to another."""

from typing import Literal, get_args

State = Literal["running", "paused", "done", "cancelled", "too_late"]
#: Staff pause, resume and cancel; ``finish``: all is sent; ``expire``: the notice is over.
Step = Literal["pause", "resume", "cancel", "finish", "expire"]
STATES: tuple[State, ...] = get_args(State)
STEPS: tuple[Step, ...] = get_args(Step)
#: In these something may still be sent.
OPEN: tuple[State, ...] = ("running", "paused")

_AFTER: dict[tuple[State, Step], State] = {
    ("running", "pause"): "paused",
    ("paused", "resume"): "running",
    ("running", "finish"): "done",
    ("running", "cancel"): "cancelled",
    ("paused", "cancel"): "cancelled",
    ("running", "expire"): "too_late",
    ("paused", "expire"): "too_late",
}


class NotPossible(Exception):
    """A step that a broadcast can't take from the state in which it is."""


def after(state: str, step: str) -> State:
    """The state after a step; raises NotPossible."""
    for (before, taken), then in _AFTER.items():
        if (before, taken) == (state, step):
            return then
    raise NotPossible(f"a broadcast that is {state} can't {step}")
