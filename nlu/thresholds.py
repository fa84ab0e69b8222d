"""From which chance of danger on a message is treated as one; the service and the figures share it.

*Suspected* was set with `make calibrate`, on training utterances that the encoder was not tuned on
and that are harder than most messages: beside the lowest level tried (0.03) it costs 10 to 13 of
1,000 dangers there, none in French and English. Of the 1,300 held-out dangers it costs none (they
were looked at, too). *Sure* is more likely than not.
"""

from __future__ import annotations

from typing import NamedTuple

from nlu.writing import group_of


class Thresholds(NamedTuple):
    """Summed chances of all danger intents.

    From ``sure`` the danger's page is the answer; from ``suspected`` the answer comes with the
    line "If you are in danger now".
    """

    sure: float
    suspected: float


BY_GROUP = {
    "Arab": Thresholds(0.5, 0.08),
    "Latn": Thresholds(0.5, 0.1),
    "romanised": Thresholds(0.5, 0.08),
}


def thresholds(script: str, language: str | None) -> Thresholds:
    """The thresholds for a message of a script ("Arab" or "Latn") and a language."""
    return BY_GROUP[group_of(script, language)]
