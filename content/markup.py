"""From an answer's Markdown to the light HTML that every channel can show.

Light HTML is what Telegram accepts: ``<b> <i> <code> <a href>``, line breaks as newlines, nothing
else (https://core.telegram.org/bots/api#html-style). Lists become lines with a bullet or a number.
"""

import html
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.languages import direction

#: Unicode isolates (UAX #9): what stands between them does not disturb the text around it.
LRI, PDI = "\u2066", "\u2069"

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(
    ["heading", "lheading", "fence", "code", "blockquote", "image", "html_block", "hr", "reference"]
)
_INLINE = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"} | {
    "link_close": "</a>",
    "softbreak": "\n",
    "hardbreak": "\n",
}
# A run that reads left to right inside Arabic script: a number with its separators (and a leading
# +), or Latin words with what joins them. Single spaces join, so that a phone number or a street
# stays one run.
_LTR_RUN = re.compile(
    r"(?<![\w&])[+#/@]?[0-9A-Za-zÀ-žĀ-ſ](?:[0-9A-Za-zÀ-žĀ-ſ]|[ .,:/@&+'’_-]+(?=[0-9A-Za-zÀ-žĀ-ſ]))*"
)
# what is left alone: tags, entities, what stands between isolates, and the number of a list's line
_LEFT_ALONE = re.compile(
    r"(<[^>]*>|&[a-z0-9#]+;|[\u2066-\u2068][^\u2069]*\u2069|^\d+\. )", re.IGNORECASE | re.MULTILINE
)


def to_html(markdown: str) -> str:
    """Light HTML of Markdown text. Unsupported markup stays visible as plain characters."""
    return _blocks(parse(markdown))


def parse(markdown: str) -> list[Token]:
    """Markdown as markdown-it's tokens, for what is set otherwise than in light HTML."""
    return _MARKDOWN.parse(markdown)


def _blocks(tokens: list[Token]) -> str:
    out: list[str] = []
    counters: list[int | None] = []  # one per open list: the next number, None for bullets
    for token in tokens:
        if token.type == "ordered_list_open":
            counters.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            counters.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            counters.pop()
            if not counters:
                out.append("\n")
        elif token.type == "list_item_open":
            number = counters[-1]
            out.append("• " if number is None else f"{number}. ")
            if number is not None:
                counters[-1] = number + 1
        elif token.type == "inline":
            out.append(_inline(token.children or []))
        elif token.type == "paragraph_close":
            out.append("\n" if counters else "\n\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(out)).strip()


def _inline(tokens: list[Token]) -> str:
    out = []
    for token in tokens:
        if token.type == "link_open":
            out.append(f'<a href="{html.escape(str(token.attrGet("href")))}">')
        elif token.type == "code_inline":
            out.append(f"<code>{html.escape(token.content, quote=False)}</code>")
        elif token.type in _INLINE:
            out.append(_INLINE[token.type])
        else:
            out.append(html.escape(token.content, quote=False))
    return "".join(out)


def to_text(light_html: str) -> str:
    """Plain text of light HTML: tags dropped, entities resolved."""
    return html.unescape(re.sub(r"</?[a-z][^>]*>", "", light_html))


def isolate(light_html: str, language: str) -> str:
    """Put every Latin or numeric run between isolates where the language is right to left.

    Phone numbers, Latin names and links then read and dial correctly (Unicode UAX #9). Text that
    already stands between isolates, tags and entities are left alone; numbers that open a list
    line stay bare. Text in a left-to-right language is returned unchanged.
    """
    if direction(language) == "ltr":
        return light_html
    parts = _LEFT_ALONE.split(light_html)
    for i in range(0, len(parts), 2):
        parts[i] = _LTR_RUN.sub(lambda m: f"{LRI}{m[0]}{PDI}", parts[i])
    return "".join(parts)
