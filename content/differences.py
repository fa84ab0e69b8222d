"""What differs between two texts: line by line, with the words that changed marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "removed", "added"]
# words of any script (with what is joined to letters), runs of blanks, single signs
_PARTS = re.compile(r"\w+|\s+|[^\w\s]")
#: Lines that have less in common than this are shown as two lines without marked words.
_ALIKE = 0.35


@dataclass(frozen=True)
class Part:
    """A piece of a line; ``marked`` if it differs from the other text."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the old text, of the new text, or of both."""

    kind: Kind
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(part.text for part in self.parts)


def differences(old: str, new: str) -> list[Line]:
    """All lines of both texts in reading order, a changed line as removed and then added."""
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("same", (Part(line),)) for line in before[a:b]]
        else:
            for gone, come in zip_longest(before[a:b], after[c:d]):
                found += _changed(gone, come)
    return found


def _changed(gone: str | None, come: str | None) -> Iterator[Line]:
    if gone is not None and come is not None:
        was, is_now = _PARTS.findall(gone), _PARTS.findall(come)
        words = SequenceMatcher(None, was, is_now, autojunk=False)
        if words.ratio() >= _ALIKE:
            yield Line("removed", _marked(was, words, 1, 2))
            yield Line("added", _marked(is_now, words, 3, 4))
            return
    if gone is not None:
        yield Line("removed", (Part(gone),))
    if come is not None:
        yield Line("added", (Part(come),))


def _marked(parts: list[str], words: SequenceMatcher, first: int, last: int) -> tuple[Part, ...]:
    """A line's parts; ``first`` and ``last`` are where an opcode has this line's bounds."""
    return tuple(
        Part("".join(parts[code[first] : code[last]]), code[0] != "equal")
        for code in words.get_opcodes()
        if code[first] < code[last]
    )
