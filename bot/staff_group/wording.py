"""What the group reads, in English: names of topics, first messages, lines, buttons."""

from collections.abc import Iterable
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.staff_group.rules import is_private, only_in_console
from content.directory import Directory
from content.markup import isolate
from content.script import written_in
from reporting.overview import language_name
from store.case_tables import CaseRow
from store.cases.messages import Message
from store.cases.moving import OUTCOMES
from store.cases.opening import About
from store.group import WAITS
from store.tables import now

#: Telegram's longest name of a topic is 128 characters; a long name of ours is cut before.
_LONGEST_PART = 40
COMMANDS = "/note /close /transfer /back /canned /who"
ONLY_CONSOLE = "🔒 This case is only in the console. Please open it there."
NOW_ONLY_CONSOLE = "🔒 From now on this case is only in the console. Please go on there at once."
NOT_LINKED = (
    "I don't know this phone, so nothing is passed on. To link it: in the console, on your page "
    "“Phone”, press “Use my phone”, then send me the code in a private chat."
)
TEXT_ONLY = "Only text goes from here to the person. Please send files in the console."
TAKE_FIRST = "Nothing was sent. Press Take first."
AGAIN = "🔁 You may have this already:"
NOT_SHOWN = "⚠️ Something could not be shown here. Please look into the console."
NOT_DELIVERED = "⚠️ A reply could not be delivered to the person."


def topic_name(case: CaseRow, directory: Directory) -> str:
    """The name of a case's topic: no name of the person, none of their words."""
    if case.assigned_to:
        parts = ["🧑 " + case.assigned_to[:_LONGEST_PART], case.language]
    else:
        parts = [("🆘 " if case.danger else "⏳ ") + case.language]
        if centre := _centre(case, directory):
            parts.append(centre[:_LONGEST_PART])
    return " · ".join([*parts, case.id[:4]])


def introduction(case: CaseRow, directory: Directory) -> str:
    """The first message of a topic."""
    also = [language_name(code) for code in case.languages if code != case.language]
    minutes = max(0, int((now() - case.waiting_since).total_seconds() // 60))
    centre = _centre(case, directory)
    lines = [
        "🆘 Danger" if case.danger else "",
        f"Language: {language_name(case.language)}"
        + (f" (also {', '.join(also)})" if also else ""),
        f"Centre: {centre}" if centre else "",
        f"About: {case.topic.replace('_', ' ')}" if case.topic and not is_private(case) else "",
        f"Waits for {minutes} min",
        ONLY_CONSOLE if only_in_console(case) else "",
    ]
    return "\n".join(line for line in lines if line)


def _centre(case: CaseRow, directory: Directory) -> str:
    """The name of the person's centre, empty where it may not be told."""
    known = case.centre in directory.centres and not is_private(case)
    return directory.centres[case.centre].name if known and case.centre else ""


def about_lines(about: About) -> list[str]:
    """What the person said when asking."""
    lines = [f"Called: {about.name}"] if about.name else []
    if about.text:
        lines.append(f"What it is about:\n{_words(about.text)}")
    return lines + [f"Shared from before:\n{text}" for text in about.shared]


def event_line(what: dict[str, Any], author: str | None, case: CaseRow, here: str | None) -> str:
    """The line for what was done with a case, empty for what the group needn't know.

    ``here``: who took the case in its topic.
    """
    who, kind = author or "The person", what.get("what")
    if kind == "taken":
        if author != here:
            return f"🧑 {who} has taken this case in the console. It is not shown here."
        return (
            f"🧑 {who} has this case. What {who} writes here goes to the person; for the staff "
            f"alone: /note. Others: {COMMANDS}"
        )
    if kind == "transferred":
        return f"➡️ {who} passed it on to {what.get('to') or 'the desk ' + str(what.get('desk'))}."
    if kind == "given back":
        return f"↩️ It waits again: {who} gave it back."
    if kind == "closed":
        return f"✔️ {who} closed it: {what.get('outcome')}." if author else "✔️ The person left."
    if kind == "reopened":
        return f"🔓 {who} opened it again. It waits."
    if kind == "unreachable":
        return "⚠️ The person can't be reached any more (they blocked the bot, or erased it)."
    return ""


def _words(text: str) -> str:
    """Words of a talk; a telephone number in right-to-left text reads in its order."""
    language = written_in(text, ())
    return isolate(text, language) if language else text


def said(message: Message) -> str:
    """A text as the group reads it; who wrote stands on a line of its own, so that the direction of
    the line below is that of the text."""
    if message.row.from_person:
        return f"👤 {_words(message.text)}"
    if message.row.kind == "note":
        return f"📝 {message.row.author} (note)\n{_words(message.text)}"
    return f"🧑 {message.row.author}\n{_words(message.text)}"


def take_buttons(case: CaseRow) -> InlineKeyboardMarkup | None:
    """Take and Pass under a case that waits; None where it may not be taken from the group."""
    if case.status not in WAITS or only_in_console(case):
        return None
    return buttons([("Take", "g:take"), ("Pass", "g:pass")], across=2)


def outcome_buttons() -> InlineKeyboardMarkup:
    """What became of a case that is closed."""
    return buttons([(one.capitalize(), f"g:close:{one}") for one in OUTCOMES if one != "left"])


def buttons(labelled: Iterable[tuple[str, str]], across: int = 1) -> InlineKeyboardMarkup:
    """Buttons of labels and values, so many in a row."""
    every = [InlineKeyboardButton(label, callback_data=value) for label, value in labelled]
    return InlineKeyboardMarkup([every[i : i + across] for i in range(0, len(every), across)])
