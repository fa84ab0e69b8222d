"""Asks the NLU server what a message means; never waits long, and never more than once at a time
for a server that is down."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from nlu.places import Found

log = structlog.get_logger()

#: Seconds. A message of ordinary length takes some 20–60 ms; an engine that spins is given up.
TIMEOUT = 3.0
#: Seconds for which a failed server is not asked again.
PAUSE = 2.0
#: Characters that are sent: the model reads no more than a few hundred anyway.
MAX_TEXT = 1000


@dataclass(frozen=True)
class Parse:
    """What the model makes of a message: probabilities of intents (highest first), language, and
    what it names. ``parts`` are the readings of its sentences, where it has several requests.
    """

    ranking: tuple[tuple[str, float], ...]
    language: str | None
    language_confidence: float
    script: str
    entities: tuple[Found, ...] = ()
    parts: tuple["Part", ...] = ()

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
            tuple(_entities(data.get("entities"))),
        )

    @property
    def top(self) -> tuple[str, float]:
        """The most probable intent and its probability."""
        return self.ranking[0]


@dataclass(frozen=True)
class Part:
    """A part of a message, and the model's reading of it alone."""

    text: str = field(repr=False)
    parse: Parse


def _entities(rows: Any) -> list[Found]:
    """Entities in Rasa's shape; whatever has another shape is left out, the intent counts more."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(
                Found(str(row["entity"]), str(row["value"]), int(row["start"]), int(row["end"]))
            )
        except (KeyError, TypeError, ValueError):
            continue
    return found


class NluClient:
    """A client of Rasa's HTTP server (``POST /model/parse``)."""

    def __init__(
        self,
        url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        """``clock`` gives seconds; tests set their own."""
        self._http = httpx.AsyncClient(
            base_url=url, timeout=httpx.Timeout(TIMEOUT, connect=0.5), transport=transport
        )
        self._clock = clock
        self._ask_again_at = float("-inf")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def parse(self, text: str) -> Parse | None:
        """The model's reading of a text, or None if the server can't be asked now."""
        if self._clock() < self._ask_again_at:
            return None
        try:
            answer = await self._http.post("/model/parse", json={"text": text[:MAX_TEXT]})
            answer.raise_for_status()
            return Parse.from_rasa(answer.json())
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            self._ask_again_at = self._clock() + PAUSE
            log.warning("nlu.unavailable", error=type(error).__name__)
            return None

    async def parse_all(self, texts: Sequence[str], seconds: float) -> list[Parse]:
        """The readings of several texts, asked at once; empty unless all come in the time given."""
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.gather(*(self.parse(text) for text in texts))
        except TimeoutError:
            return []
        return [] if None in found else [parse for parse in found if parse]

    async def alive(self) -> bool:
        """Whether the server answers and has a model."""
        try:
            answer = await self._http.get("/status", timeout=2.0)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200
