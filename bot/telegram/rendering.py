"""From a reply to what Telegram accepts: parts of at most 4,096 characters, and a keyboard."""

import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from actions.reply import Choice, Reply

#: Telegram counts UTF-16 units after entities; we cut earlier, by characters of the whole text.
LONGEST = 3800
#: Labels up to this length stand two in a row: longer ones would be cut on a small phone.
SHORT_LABEL = 17
#: Labels up to this length (a single emoji) stand five in a row.
TINY_LABEL, TINY_ROW = 2, 5
_TAG = re.compile(r"<(/?)(b|i|u|s|code|a)(?:\s[^>]*)?>")


def parts(html: str) -> list[str]:
    """The message in parts that Telegram takes, cut at paragraphs or lines; tags balanced."""
    done: list[str] = []
    rest = html
    while len(rest) > LONGEST:
        cut = _cut(rest)
        head, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        opened = _open_tags(head)
        done.append(head + "".join(f"</{name}>" for name, _tag in reversed(opened)))
        rest = "".join(tag for _name, tag in opened) + rest
    return [*done, rest]


def _cut(text: str) -> int:
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, LONGEST // 2, LONGEST)
        if at > 0 and not _inside_tag(text, at):
            return at
    # no gap: cut anywhere but inside a tag or an entity
    at = LONGEST
    while at > 1 and (_inside_tag(text, at) or "&" in text[max(0, at - 8) : at]):
        at -= 1
    return at if at > 1 else LONGEST


def _inside_tag(text: str, at: int) -> bool:
    return text.rfind("<", 0, at) > text.rfind(">", 0, at)


def _open_tags(html: str) -> list[tuple[str, str]]:
    stack: list[tuple[str, str]] = []
    for match in _TAG.finditer(html):
        if not match[1]:
            stack.append((match[2], match[0]))
        elif stack and stack[-1][0] == match[2]:
            stack.pop()
    return stack


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """The choices as an inline keyboard; None if there are none."""
    if not reply.choices:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(choice.label, callback_data=choice.value) for choice in row]
            for row in rows(reply.choices)
        ]
    )


def rows(choices: list[Choice]) -> list[list[Choice]]:
    """Choices in rows, in their order: two short labels or five emojis beside each other, a long
    label alone."""
    out: list[list[Choice]] = []
    for choice in choices:
        if len(choice.label) <= TINY_LABEL:
            row = out[-1] if out and len(out[-1]) < TINY_ROW else []
            if row and all(len(other.label) <= TINY_LABEL for other in row):
                row.append(choice)
                continue
        short = len(choice.label) <= SHORT_LABEL
        if short and out and len(out[-1]) == 1 and len(out[-1][0].label) <= SHORT_LABEL:
            out[-1].append(choice)
        else:
            out.append([choice])
    return out
