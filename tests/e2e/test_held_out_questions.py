"""What people get for held-out messages: the real NLU server and the conversation, no channel.

The floors below only rise. ``right`` is the share of messages that are met at once by their answer,
form or queue; ``within a tap`` counts also those where "Did you mean" offers it. Chat intents
(greetings and the like) are left out, since their short replies look alike.
"""

from collections import Counter, defaultdict

import pytest

from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.incoming import Incoming
from bot.conversation.nlu_client import NluClient
from content.intents import intents
from tests.support.held_out import held_out

pytestmark = pytest.mark.e2e

RIGHT = {
    "ar": 0.95,
    "fa": 0.97,
    "ps": 0.95,
    "ur": 0.97,
    "fr": 0.97,
    "en": 0.98,
    "ar-latin": 0.86,
    "fa-latin": 0.90,
    "ps-latin": 0.89,
    "ur-latin": 0.94,
}
WITHIN_A_TAP = 0.93
DANGER_MET = 1.0
WRONG_LANGUAGE = 0.03


async def test_plain_questions_meet_their_answers_and_danger_is_never_overlooked(
    database, library, keys, nlu_process
):
    client = NluClient(nlu_process.url)
    desk = Desk(database, library, keys, client, LocalLocks(), operator="test")
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    overlooked: list[str] = []
    for n, case in enumerate(held_out()):
        danger = intents()[case.intent].danger
        if intents()[case.intent].route == "chat" or (case.kind != "plain" and not danger):
            continue
        replies = await desk.handle("web", f"held-out {n}", Incoming("text", text=case.text))
        first = replies[0]
        name = (
            case.language
            if case.script == "Arab" or case.language in ("fr", "en")
            else (f"{case.language}-latin")
        )
        if danger:
            met = any(reply.danger for reply in replies)
            seen["danger"].update(all=1, right=met)
            if not met:
                overlooked.append(f"{case.intent}: {case.text}")
        if case.kind != "plain":
            continue
        route = intents()[case.intent].route
        right = (
            first.content == case.intent
            if route in ("answer", "emergency", "report")
            else (first.route == route)
        )
        offered = f"ask:{case.intent}" in [choice.value for choice in first.choices]
        seen[name].update(all=1, right=right, tap=right or offered)
        seen[name].update(language=first.language == case.language)
        seen[name].update(false_alarm=not danger and first.danger is not None)
    await client.close()
    table = {
        name: {what: round(n / counts["all"], 3) for what, n in counts.items() if what != "all"}
        for name, counts in sorted(seen.items())
    }
    print("\n".join(f"{name}: {shares}" for name, shares in table.items()), *overlooked, sep="\n")
    for language, floor in RIGHT.items():
        assert table[language]["right"] >= floor, table
        assert table[language]["tap"] >= WITHIN_A_TAP, table
        assert table[language]["language"] >= 1 - WRONG_LANGUAGE, table
    assert table["danger"]["right"] >= DANGER_MET, overlooked
