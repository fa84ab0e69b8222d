"""Several requests in one message: the most urgent decides, a second clear one becomes a button.

"I lost my paper. Where can I eat?" holds two; the model gives one intent to a message. So the
model also reads its sentences alone.
"""

import re
import time
from dataclasses import dataclass, replace

from actions.menu import DANGERS
from bot.conversation import danger_words
from bot.conversation.decision import Decision, decide
from bot.conversation.nlu_client import TIMEOUT, NluClient, Parse, Part
from content.intents import danger_intents, intents
from nlu.thresholds import thresholds

#: Words from which a message may hold several requests, and the parts that it is cut into.
MIN_WORDS, MAX_PARTS = 5, 4
#: Words that a part has at least; on each side of an "and" more, or a list of things is cut up.
PART_WORDS, JOINED_WORDS = 2, 3
#: Chance from which what a part alone asks for is taken as asked.
CLEAR = 0.60
#: Buttons for what was also asked.
MAX_ALSO = 2

#: Routes that a button can lead to.
_ROUTES = frozenset({"answer", "feedback", "handoff"})
#: Talk that gives way to a request in the same message.
_SMALL_TALK = frozenset({"greet", "thanks", "goodbye", "out_of_scope"})
# An end of a sentence, with the space after it. A full stop needs the space: dates, prices and
# web addresses have stops inside.
_SENTENCE_END = re.compile(r"[?؟!！？;؛۔。…।\n\r\u2028\u2029]+\s*|\.+(?:\s+|$)")
_CONNECTORS = (
    *("and", "also", "et", "aussi", "aur", "و", "وكمان", "كمان", "کمان", "وأيضا", "وأيضاً", "وايضا"),
    *("همچنان", "بعد", "او", "بل", "اور", "نیز"),
)
# "And" and "also" between spaces; the part after begins with it, so that no word is lost.
_CONNECTOR = re.compile(rf"(?<=\s)(?=(?:{'|'.join(_CONNECTORS)})\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """What to do with a message, and the intents that were asked for beside it."""

    decision: Decision
    also: tuple[str, ...] = ()


def split(text: str) -> list[str]:
    """The parts of a message, at most four of at least two words each; one part if it is one.

    Together they have the words of the message, in its order.
    """
    sentences = _joined(_cut(text, _SENTENCE_END, after=True), PART_WORDS)
    parts = [
        part
        for sentence in sentences
        for part in _joined(_cut(sentence, _CONNECTOR, after=False), JOINED_WORDS)
    ]
    lengths = [_words(part) for part in parts]
    while len(parts) > MAX_PARTS:
        # the shortest neighbours belong together most likely
        i = min(range(len(parts) - 1), key=lambda n: lengths[n] + lengths[n + 1])
        parts[i : i + 2] = [f"{parts[i]} {parts[i + 1]}"]
        lengths[i : i + 2] = [lengths[i] + lengths[i + 1]]
    return parts


def _words(text: str) -> int:
    return len(text.split())


def _cut(text: str, pattern: re.Pattern[str], *, after: bool) -> list[str]:
    """A text cut after or before what a pattern finds; never an empty piece."""
    ends = [m.end() if after else m.start() for m in pattern.finditer(text)]
    pieces = [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [piece for piece in pieces if piece]


def _joined(pieces: list[str], least: int) -> list[str]:
    """Pieces of at least so many words: a shorter one goes with the piece before it.

    The "and" that a piece begins with is not counted.
    """
    parts: list[str] = []
    for piece in pieces:
        if parts and min(_said(piece), _said(parts[-1])) < least:
            parts[-1] += f" {piece}"
        else:
            parts.append(piece)
    return parts


def _said(piece: str) -> int:
    words = piece.lower().split()
    return len(words) - (words[0] in _CONNECTORS)


async def ask(nlu: NluClient, text: str) -> Parse | None:
    """The model's reading of a message and, where it has several parts, of each part.

    The parts share the time of one call. They are not asked for where danger is sure already (its
    page must not wait), and without all of them the whole message's reading stands alone.
    """
    begun = time.monotonic()
    whole = await nlu.parse(text)
    if whole is None or _words(text) < MIN_WORDS:
        return whole
    parts = split(text)
    if len(parts) < 2 or decide(whole, danger_words.find(text)).kind == "danger":
        return whole
    readings = await nlu.parse_all(parts, TIMEOUT - (time.monotonic() - begun))
    pairs = zip(parts, readings, strict=False)
    return replace(whole, parts=tuple(Part(part, parse) for part, parse in pairs))


def decide_message(parse: Parse | None, text: str) -> Outcome:
    """The decision for a message from the readings of the whole and of its parts."""
    whole = decide(parse, danger_words.find(text))
    if parse is None or not parse.parts or whole.kind == "danger":
        return Outcome(whole)
    decided = [(decide(p.parse, danger_words.find(p.text)), p.parse) for p in parse.parts]
    clear = tuple(dict.fromkeys(d.intent for d, reading in decided if _clear(d, reading)))
    danger = _danger(parse, [d for d, _reading in decided])
    if danger:
        asked = (whole.intent,) if whole.kind == "act" and _has_button(whole.intent) else ()
        offered = dict.fromkeys(asked + clear + whole.candidates)
        return Outcome(Decision("danger", danger, tuple(offered)[:MAX_ALSO]))
    if whole.kind == "act" and whole.intent not in _SMALL_TALK:
        return Outcome(whole, tuple(i for i in clear if i != whole.intent)[:MAX_ALSO])
    if len(clear) == 1:
        others = tuple(i for i in whole.candidates if i != clear[0])[:MAX_ALSO]
        return Outcome(Decision("act", clear[0], others, whole.suspected))
    if clear:  # two requests as clear as each other: the person says which comes first
        offered = tuple(dict.fromkeys(clear + whole.candidates))[:3]
        return Outcome(Decision("ask_back", None, offered, whole.suspected))
    return Outcome(whole)


def _danger(parse: Parse, decisions: list[Decision]) -> str | None:
    """The most urgent danger that a part surely speaks of, if the whole message hints at danger.

    The hint is asked for because a part without what stands around it is easily read too darkly.
    """
    hint = sum(p for name, p in parse.ranking if name in danger_intents())
    if hint < thresholds(parse.script, parse.language).suspected:
        return None
    sure = [d.intent for d in decisions if d.kind == "danger" and d.intent]
    return min(sure, key=DANGERS.index, default=None)


def _clear(decision: Decision, parse: Parse) -> bool:
    chance = dict(parse.ranking).get(decision.intent or "", 0.0)
    return decision.kind == "act" and chance >= CLEAR and _has_button(decision.intent)


def _has_button(intent: str | None) -> bool:
    return intent in intents() and intents()[intent].route in _ROUTES
