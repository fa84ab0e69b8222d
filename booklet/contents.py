"""Gathers what a booklet in one language holds from the answers and the directory, as they are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import segno

from booklet.document import Contact, Document, Entry, Line, Link, Number, Run, Section
from booklet.runs import blocks, line, words
from content.answers import Answer, Library
from content.directory import CONTACTS, Directory
from content.languages import direction
from content.sentences import _, day, sentence

#: The emergency numbers of the first page: the directory's key and the sentence that names it.
EMERGENCY = {
    "ambulance": _("🚑 Ambulance: {number}"),
    "police": _("👮 Police: {number}"),
    "civil_protection": _("⛑ Civil protection (mines, floods): {number}"),
    "fire": _("🚒 Fire: {number}"),
}
#: Other numbers of the directory that stand under "whom to call".
HELP_LINES = {
    "domestic_violence_fbih": _("Violence at home: help line in the Federation"),
    "domestic_violence_rs": _("Violence at home: help line in Republika Srpska"),
}
_WAYS = {
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "web": _("Web page"),
}
_WORDS = {
    "name": _("Rahnuma"),
    "subtitle": _("Free information for migrants in Bosnia and Herzegovina"),
    "free": _("This booklet is free. Copy it and pass it on."),
    "numbers": _("In danger, call"),
    "contents": _("What is inside"),
    "contacts": _("Whom to call, where to go"),
    "contacts_note": _("A number does not work, or an office has moved? Please tell staff."),
    "chat": _("Ask more in the chat"),
    "chat_note": _("Free, without your name. A person is one button away."),
    "sources": _("Where this comes from"),
}


@dataclass(frozen=True)
class Part:
    """A heading (a fixed sentence) and the answers under it, in their order.

    ``always``: they are shown whatever their status, as in the chat.
    """

    id: str
    title: str
    intents: tuple[str, ...]
    always: bool = False


@dataclass(frozen=True)
class Places:
    """Where the chat is: the bot's name on Telegram (without @), the web chat's address."""

    bot: str | None = None
    web: str | None = None

    def links(self, language: str, centre: str | None = None) -> tuple[Link, ...]:
        """Links with their QR codes; they carry a centre's id if one is given."""
        found = []
        if self.bot:
            address = f"https://t.me/{self.bot}"
            if centre:
                address += f"?start=centre_{centre}"
            found.append(_link("Telegram", address))
        if self.web:
            address = f"{self.web.rstrip('/')}/"
            if centre:
                address += "?" + urlencode({"centre": centre})
            found.append(_link(sentence(language, "Web page"), address))
        return tuple(found)


def _link(label: str, address: str) -> Link:
    # level M is read also from creased or dirty paper
    code = segno.make_qr(address, error="m")
    return Link(label, address, code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True))


def emergency_numbers(directory: Directory, language: str) -> tuple[Number, ...]:
    """The emergency numbers; raises UnknownPlaceholder if one is not published."""
    return tuple(
        Number(label(language, text), directory.number(key)) for key, text in EMERGENCY.items()
    )


def label(language: str, text: str) -> str:
    """What a number is called: "🚑 Ambulance: {number}" without its picture and number."""
    return words(sentence(language, text).partition("{number}")[0]).rstrip(" :：\u00a0")


def gather(
    library: Library,
    language: str,
    parts: Sequence[Part],
    *,
    operator: str,
    places: Places,
    today: dt.date,
    only_reviewed: bool = False,
) -> Document:
    """The booklet's content. Each answer stands once, under the first part that has it."""
    shown: list[Answer] = []
    sections = []
    seen: set[str] = set()
    for part in parts:
        entries = []
        for intent in part.intents:
            answer = library.get(intent, language) or library.get(intent, "en")
            if answer is None or intent in seen:
                continue
            if not part.always and only_reviewed and not answer.trusted(today):
                continue
            seen.add(intent)
            shown.append(answer)
            entries.append(_entry(library, answer, today))
        if entries:
            title = words(sentence(language, part.title))
            sections.append(Section(part.id, title, tuple(entries)))
    fixed = {name: line(sentence(language, text), language) for name, text in _WORDS.items()}
    made = sentence(language, "As of {day}", day=day(language, today))
    fixed["made"] = line(made, language)
    return Document(
        language,
        _name(operator, language),
        today,
        fixed,
        emergency_numbers(library.directory, language),
        tuple(sections),
        _contacts(library.directory, language),
        places.links(language),
        _sources(shown, library.directory),
    )


def _name(text: str, language: str) -> Line:
    """A name that may be in Latin letters: as a whole then, with its full stop at the right end."""
    latin = direction(language) == "rtl" and text.isascii()
    return (Run(text, latin=True),) if latin else line(text, language)


def _entry(library: Library, answer: Answer, today: dt.date) -> Entry:
    language = answer.language
    notes = [sentence(language, "As of {day}", day=day(language, answer.checked))]
    if answer.status == "draft":
        notes.append(sentence(language, "Not yet checked by a specialist. Please ask staff."))
    if answer.expired(today):
        notes.append(sentence(language, "This text may be out of date. Please ask staff."))
    return Entry(
        answer.id,
        line(answer.title, language),
        blocks(library.directory.fill(answer.body, language), language),
        line(" · ".join(notes), language),
        language,
    )


def _contacts(directory: Directory, language: str) -> tuple[Contact, ...]:
    found = []
    called_ways = {way: sentence(language, text) for way, text in _WAYS.items()}
    for key, text in HELP_LINES.items():
        number = directory.published(f"number.{key}", language)
        if number:
            way = ("phone", called_ways["phone"], number)
            found.append(Contact(line(sentence(language, text), language), (way,)))
    for key, ways in directory.organisations().items():
        called = directory.value(f"org.{key}.called", language)
        called = called[:1].upper() + called[1:]
        own = ways["name"]
        # the name as it stands on the door, where the language's own name is another
        name = called if own.lower() in called.lower() else f"{called} · {own}"
        rows = tuple((way, called_ways[way], ways[way]) for way in CONTACTS if way in ways)
        found.append(Contact(line(name, language), rows))
    return tuple(found)


def _sources(answers: list[Answer], directory: Directory) -> tuple[str, ...]:
    """The sources of all that is shown, each once: of the texts, then of numbers and addresses."""
    found = [source for answer in answers for source in answer.sources]
    facts: list[Any] = [directory.data["numbers"].get(key) for key in (*EMERGENCY, *HELP_LINES)]
    for key in directory.organisations():
        entry = directory.data["organisations"][key]
        facts += [entry.get(way) for way in CONTACTS]
    found += [fact["source"] for fact in facts if fact and fact.get("publish")]
    return tuple(dict.fromkeys(found))
