"""Asks the NLU server what a message means; never waits long, and never more than once at a time
for a server that is down."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

log = structlog.get_logger()

#: Seconds. A message of ordinary length takes some 20–60 ms; an engine that spins is given up.
TIMEOUT = 3.0
#: Seconds for which a failed server is not asked again.
PAUSE = 2.0
#: Characters that are sent: the model reads no more than a few hundred anyway.
MAX_TEXT = 1000


@dataclass(frozen=True)
class Parse:
    """What the model makes of a message: probabilities of intents (highest first), and language."""

    ranking: tuple[tuple[str, float], ...]
    language: str | None
    language_confidence: float
    script: str

    @classmethod
    def from_rasa(cls, data: dict[str, Any]) -> "Parse":
        """Read Rasa's answer; raises KeyError, TypeError or ValueError if it has another shape."""
        ranking = tuple((row["name"], float(row["confidence"])) for row in data["intent_ranking"])
        if not ranking:
            raise ValueError("empty ranking")
        language = data.get("language") or {}
        return cls(
            ranking,
            language.get("name"),
            float(language.get("confidence", 0.0)),
            language.get("script", "Latn"),
        )

    @property
    def top(self) -> tuple[str, float]:
        """The most probable intent and its probability."""
        return self.ranking[0]


class NluClient:
    """A client of Rasa's HTTP server (``POST /model/parse``)."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None):
        self._http = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(TIMEOUT, connect=0.5), transport=transport
        )
        self._ask_again_at = 0.0

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def parse(self, text: str) -> Parse | None:
        """The model's reading of a text, or None if the server can't be asked now."""
        if time.monotonic() < self._ask_again_at:
            return None
        try:
            answer = await self._http.post("/model/parse", json={"text": text[:MAX_TEXT]})
            answer.raise_for_status()
            return Parse.from_rasa(answer.json())
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            self._ask_again_at = time.monotonic() + PAUSE
            log.warning("nlu.unavailable", error=type(error).__name__)
            return None

    async def alive(self) -> bool:
        """Whether the server answers and has a model."""
        try:
            answer = await self._http.get("/status", timeout=2.0)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200
