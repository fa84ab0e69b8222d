"""From the model's reading and the danger words to what is done.

The thresholds of danger are in ``nlu/thresholds.py``. Those here were set by judgement, with a look
at the held-out figures of ``docs/nlu.md`` (so these are a little kind to them).
"""

from dataclasses import dataclass
from typing import Literal

from bot.conversation.danger_words import Hit
from bot.conversation.nlu_client import Parse
from content.intents import danger_intents, intents
from nlu.thresholds import thresholds

#: Probability from which an intent is acted on without asking back.
CONFIDENT = 0.36
#: … or this much, when the second best is far behind.
LEADING, LEAD = 0.22, 0.11
#: Below this the best guesses are not even offered.
GUESS = 0.10
#: Runners-up with this much are offered as buttons beside what is done, at most two.
RUNNER_UP = 0.06
#: A sure keyword is believed unless the model sees practically no danger.
KEYWORD_SURE = 0.05


@dataclass(frozen=True)
class Decision:
    """What to do with a message.

    ``candidates`` are what may have been meant instead, to be offered as buttons; ``suspected`` is
    the danger that may be meant beside what was asked (None: no danger seen).
    """

    kind: Literal["danger", "act", "ask_back", "fallback"]
    intent: str | None = None
    candidates: tuple[str, ...] = ()
    suspected: str | None = None


def decide(parse: Parse | None, hit: Hit | None) -> Decision:
    """The decision for a message; ``parse`` is None while the model can't be asked."""
    if parse is None:
        if hit is None:
            return Decision("fallback")
        return (
            Decision("danger", hit.intent)
            if hit.sure
            else Decision("fallback", suspected=hit.intent)
        )
    dangers = [(name, p) for name, p in parse.ranking if name in danger_intents()]
    danger = sum(p for _name, p in dangers)
    worst = dangers[0][0] if dangers else None
    safe = [(n, p) for n, p in parse.ranking if n not in danger_intents() and n in intents()]
    levels = thresholds(parse.script, parse.language)
    if worst and danger >= levels.sure:
        return Decision("danger", worst, _runners_up(safe))
    if hit and hit.sure and danger >= KEYWORD_SURE:
        return Decision("danger", hit.intent, _runners_up(safe))
    suspected = hit.intent if hit else worst if danger >= levels.suspected else None
    if not safe:
        return Decision("fallback", suspected=suspected)
    (name, probability), second = safe[0], (safe[1][1] if len(safe) > 1 else 0.0)
    leads = probability >= LEADING and probability - second >= LEAD
    if probability >= CONFIDENT or leads:
        return Decision("act", name, _runners_up(safe[1:]), suspected)
    candidates = tuple(n for n, p in safe[:3] if p >= GUESS / 2)
    if probability >= GUESS and candidates:
        return Decision("ask_back", candidates=candidates, suspected=suspected)
    return Decision("fallback", suspected=suspected)


def likely(parse: Parse | None) -> tuple[str, ...]:
    """The intents that a message may well have, likeliest first."""
    return tuple(name for name, p in parse.ranking if p >= GUESS) if parse else ()


def _runners_up(ranking: list[tuple[str, float]]) -> tuple[str, ...]:
    return tuple(name for name, p in ranking[:2] if p >= RUNNER_UP)
