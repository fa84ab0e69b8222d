"""From which chance of danger on a message is treated as one; the service and the figures share it.

Set on training utterances that the encoder was not tuned on (`make calibrate` prints what each
level does): *suspected* is the highest level tried that costs at most 6 of 1,000 dangers beside the
lowest (0.03); *sure* is 0.5, and 0.6 for Arabic, Farsi, Pashto and Urdu in Latin letters, where
fewer of those from 0.5 on were dangers.
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
