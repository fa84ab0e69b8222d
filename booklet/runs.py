"""From Markdown and plain text to runs: what is bold, reads left to right, stays whole."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from booklet.document import Block, Line, Run
from content.languages import direction
from content.markup import LRI, PDI, isolate, parse

#: Characters up to which a number or a Latin name is not broken over two lines.
LONGEST_KEPT = 24
_ISOLATED = re.compile(f"({LRI}[^{PDI}]*{PDI})")
_TELEPHONE = re.compile(r"(\+?\d[\d ]{4,}\d)")
# Emojis are pictures of phones' own fonts; on paper the words say it alone.
_EMOJI = re.compile(
    "(?:[\u2139\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]\u200d?)+"
)


def words(text: str) -> str:
    """A button's or a sentence's words, without emojis."""

    return _EMOJI.sub("", text).strip()


def line(text: str, language: str, *, bold: bool = False) -> Line:
    """Plain text as runs."""
    return tuple(_runs(text, language, bold))


def _runs(text: str, language: str, bold: bool) -> Iterator[Run]:
    if direction(language) == "ltr":
        for i, part in enumerate(_TELEPHONE.split(text)):
            if part:
                yield Run(part, bold, kept=i % 2 == 1)
        return
    # a "<" in plain text opens no tag
    for part in _ISOLATED.split(isolate(text.replace("<", "\ufffe"), language)):
        part = part.replace("\ufffe", "<")
        if part.startswith(LRI):
            inner = part.strip(LRI + PDI)
            yield Run(inner, bold, latin=True, kept=len(inner) <= LONGEST_KEPT)
        elif part:
            yield Run(part, bold)


def blocks(markdown: str, language: str) -> tuple[Block, ...]:
    """The paragraphs and lists of an answer whose placeholders are filled."""
    found: list[Block] = []
    items: list[Line] = []
    kinds: list[str] = []  # of the open lists
    for token in parse(markdown):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            kinds.append("numbers" if token.type.startswith("ordered") else "bullets")
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            kind = kinds.pop()
            if not kinds:
                found.append(Block("numbers" if kind == "numbers" else "bullets", tuple(items)))
                items = []
        elif token.type == "inline":
            runs = tuple(_inline(token.children or [], language))
            if kinds:
                items.append(runs)
            else:
                found.append(Block("text", (runs,)))
    return tuple(found)


def _inline(tokens: list[Token], language: str) -> Iterator[Run]:
    bold = 0
    for token in tokens:
        if token.type in ("strong_open", "em_open"):
            bold += 1
        elif token.type in ("strong_close", "em_close"):
            bold -= 1
        elif token.type in ("softbreak", "hardbreak"):
            yield Run("\n" if token.type == "hardbreak" else " ")
        elif token.type in ("text", "code_inline"):
            yield from _runs(token.content, language, bold > 0)
