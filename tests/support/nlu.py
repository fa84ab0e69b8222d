"""An NLU whose readings a test sets; it speaks Rasa's HTTP through httpx's own transport."""

import json

import httpx

from content.intents import intents


class ScriptedNlu:
    """Answers ``POST /model/parse`` with what was scripted for a text; else: not understood."""

    def __init__(self):
        self.readings: dict[str, dict] = {}
        self.down = False
        self.asked = 0
        self.transport = httpx.MockTransport(self._answer)

    def reads(
        self,
        text: str,
        ranking: dict[str, float],
        language: str = "en",
        confidence: float = 0.99,
        script: str = "Latn",
        entities: object = None,
    ) -> None:
        """Set the reading of a text; what is left of 1 is spread over the other intents.

        Without ``entities`` the answer has none, like that of a model that knows of none.
        """
        rest = [name for name in intents() if name not in ranking and not intents()[name].danger]
        spread = max(0.0, 1 - sum(ranking.values())) / len(rest)
        full = ranking | dict.fromkeys(rest, spread)
        ordered = sorted(full.items(), key=lambda item: -item[1])
        self.readings[text] = {
            "text": text,
            "intent": {"name": ordered[0][0], "confidence": ordered[0][1]},
            "intent_ranking": [{"name": n, "confidence": p} for n, p in ordered],
            "language": {"name": language, "script": script, "confidence": confidence},
        } | ({} if entities is None else {"entities": entities})

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.down:
            raise httpx.ConnectError("refused")
        if request.url.path == "/status":
            return httpx.Response(200, json={})
        text = json.loads(request.content)["text"]
        if text not in self.readings:
            self.reads(text, {"out_of_scope": 0.02}, confidence=0.0)
        return httpx.Response(200, json=self.readings[text])
