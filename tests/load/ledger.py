"""What was sent and what arrived, lane by lane: a lane is one direction of one case."""

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass, field

Lane = tuple[str, str]  # (case, "in" or "out")


@dataclass
class Ledger:
    """Times of sending and arriving (time.monotonic), by lane and number of the message."""

    sent: dict[Lane, list[float]] = field(default_factory=lambda: defaultdict(list))
    got: dict[Lane, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))

    def send(self, lane: Lane) -> str:
        """Note a message as sent now; its text."""
        self.sent[lane].append(time.monotonic())
        return f"{lane[1]}-{len(self.sent[lane]) - 1}"

    def arrive(self, lane: Lane, text: str, at: float | None = None) -> None:
        """Note that a message arrived; texts that are not of a ledger are passed over."""
        # numbers stand between isolates in right-to-left text
        plain = text.translate({0x2066: None, 0x2069: None}).strip()
        side, _dash, number = plain.rpartition("-")
        if side.endswith(lane[1]) and number.isdigit():
            self.got[lane].append((int(number), at or time.monotonic()))

    @property
    def missing(self) -> int:
        """How many have not arrived."""
        return sum(
            len(times) - len({number for number, _at in self.got[lane]})
            for lane, times in self.sent.items()
        )

    @property
    def twice(self) -> int:
        """How many arrivals were of messages that had arrived before."""
        return sum(len(got) - len({number for number, _at in got}) for got in self.got.values())

    @property
    def disordered(self) -> int:
        """How many arrived (for the first time) after a later one of their lane."""
        late = 0
        for got in self.got.values():
            newest = -1
            for number in dict.fromkeys(number for number, _at in got):
                late += number < newest
                newest = max(newest, number)
        return late

    def delays(self, *, outside: list[tuple[float, float]] = ()) -> list[float]:
        """Seconds from sending to first arriving, ordered; without those sent within times
        (begin, end) such as the downtimes of the service."""
        found = []
        for lane, got in self.got.items():
            first: dict[int, float] = {}
            for number, at in got:
                first.setdefault(number, at)
            for number, at in first.items():
                sent = self.sent[lane][number]
                if not any(begin <= sent <= end for begin, end in outside):
                    found.append(at - sent)
        return sorted(found)


def summary(delays: list[float]) -> str:
    """Median, 95th and 99th percentile and longest, in milliseconds."""
    if not delays:
        return "nothing arrived"

    def at(share: float) -> float:
        return delays[min(len(delays) - 1, int(len(delays) * share))] * 1000

    middle = statistics.median(delays) * 1000
    return (
        f"median {middle:.0f} ms, p95 {at(0.95):.0f} ms, p99 {at(0.99):.0f} ms, "
        f"longest {delays[-1] * 1000:.0f} ms"
    )


def p95(delays: list[float]) -> float:
    """The 95th percentile, in seconds."""
    return delays[min(len(delays) - 1, int(len(delays) * 0.95))]
