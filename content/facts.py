"""The facts of the directory one by one: where each stands, what it is, who names it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from content.answers import Answers
from content.canned_replies import canned_replies
from content.directory import CONTACTS, PLACEHOLDER, Directory, UnknownPlaceholder
from content.markup import isolate
from content.overlay import DESK_HOURS, fact_at

#: Sections that hold facts, and how placeholders call them.
SECTIONS = {"numbers": "number", "organisations": "org", "centres": "centre", "towns": "town"}
#: What an entry of a section may have beside what it has.
FIELDS = {
    "organisations": (*CONTACTS, "hours"),
    "centres": ("place", "address", "phone", "hours"),
}
#: Numbers that the program itself tells: in the emergency message and in the bot's description.
NEEDED = ("ambulance", "police", "civil_protection", "fire")


@dataclass(frozen=True)
class Fact:
    """A fact as it is now; ``path`` as in ``organisations.iom.phone``, ``name`` of its entry."""

    path: str
    section: str
    name: str
    field: str
    data: dict[str, Any]

    @property
    def placeholder(self) -> str | None:
        """How answers name it; None for the desk's hours, which no answer names."""
        return placeholder(self.path)

    @property
    def simple(self) -> bool:
        """Whether the value is text, and so can be changed in a form."""
        return self.path == DESK_HOURS or isinstance(self.data.get("value"), str)

    @property
    def hidden_because(self) -> str | None:
        """Why people don't see it, in words for staff; None if they do."""
        data = self.data
        if not data.get("publish"):
            why = {"old": "the source is old", "inferred": "it is only a conclusion"}
            reason = why.get(data.get("confidence", ""))
            return f"not to be published ({reason})" if reason else "not to be published"
        if not data.get("source"):
            return "it has no source"
        return None if data.get("checked") else "it has no day of checking"

    def age(self, today: dt.date) -> int | None:
        """Days since it was compared with its source; None if that never was."""
        checked = self.data.get("checked")
        return (today - checked).days if isinstance(checked, dt.date) else None


def all_facts(data: dict[str, Any]) -> Iterator[Fact]:
    """Every fact of the directory's data, in the order of the file."""
    desk = fact_at(data, DESK_HOURS)
    if desk is not None:
        yield Fact(DESK_HOURS, "desk", "Counsellors' desk", "hours", desk)
    for path in (f"numbers.{key}" for key in data.get("numbers") or {}):
        if (found := fact(data, path)) is not None:
            yield found
    for section in list(SECTIONS)[1:]:
        for key, entry in (data.get(section) or {}).items():
            for field in entry:
                if (found := fact(data, f"{section}.{key}.{field}")) is not None:
                    yield found


def fact(data: dict[str, Any], path: str) -> Fact | None:
    """The fact at a path; None if there is none, or the path leads elsewhere."""
    section, *rest = path.split(".")
    found = fact_at(data, path)
    if found is None:
        return None
    if path == DESK_HOURS:
        return Fact(path, "desk", "Counsellors' desk", "hours", found)
    if section == "numbers" and len(rest) == 1:
        name = rest[0].replace("_", " ").capitalize().replace("fbih", "FBiH").replace(" rs", " RS")
        return Fact(path, section, name, "phone", found)
    if section in SECTIONS and len(rest) == 2:
        return Fact(path, section, data[section][rest[0]]["name"], rest[1], found)
    return None


def may_be_added(data: dict[str, Any], path: str) -> Fact | None:
    """An empty fact for a field that an entry may have and has not; None for any other path."""
    section, *rest = path.split(".")
    if len(rest) != 2 or rest[1] not in FIELDS.get(section, ()):
        return None
    entry = (data.get(section) or {}).get(rest[0])
    if entry is None or rest[1] in entry:
        return None
    empty = {"value": "", "source": "", "confidence": "stated", "publish": False}
    return Fact(path, section, entry["name"], rest[1], empty)


def addable(data: dict[str, Any], section: str, key: str) -> list[str]:
    """The fields that an entry may have and has not."""
    paths = (f"{section}.{key}.{field}" for field in FIELDS.get(section, ()))
    return [found.field for path in paths if (found := may_be_added(data, path))]


def placeholder(path: str) -> str | None:
    """``organisations.iom.phone`` as answers name it: ``org.iom.phone``."""
    section, _, rest = path.partition(".")
    kind = SECTIONS.get(section)
    return f"{kind}.{rest}" if kind else None


def named_by(answers: Answers) -> dict[str, list[tuple[str, str]]]:
    """For each placeholder the answers that have it: (language, intent), in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for (language, intent), answer in answers.items():
        for name in sorted(set(PLACEHOLDER.findall(answer.body))):
            found.setdefault(name, []).append((language, intent))
    return found


def missed(answers: Answers, data: dict[str, Any], path: str) -> list[str]:
    """Who could not say what they say if the directory's data were these, for one fact.

    Answers as ``en/food``, ready replies as ``ready reply phone_iom``, and the program's own
    messages. Empty if nobody misses it.
    """
    name = placeholder(path)
    if name is None or _known(Directory(data), name):
        return []
    found = [f"{language}/{intent}" for language, intent in named_by(answers).get(name, ())]
    found += [
        f"ready reply {reply.id}"
        for reply in canned_replies().values()
        if any(name in PLACEHOLDER.findall(text) for text in reply.text.values())
    ]
    if name in {f"number.{key}" for key in NEEDED}:
        found.append("the emergency message")
    return found


def _known(directory: Directory, name: str) -> bool:
    try:
        directory.value(name, "en")
    except UnknownPlaceholder:
        return False
    return True


@dataclass(frozen=True)
class LineChange:
    """A line of an answer that will be another: ``before`` and ``after`` as people read them."""

    language: str
    intent: str
    before: str
    after: str


def changed_lines(
    answers: Answers, now: dict[str, Any], then: dict[str, Any], path: str
) -> list[LineChange]:
    """The lines of answers that another fact at a path changes.

    Facts that can't be shown stay as ``{placeholder}``: what is refused is found by ``missed``.
    """
    name = placeholder(path)
    before, after = Directory(now), Directory(then)
    found = []
    for language, intent in named_by(answers).get(name or "", ()):
        for line in answers[language, intent].body.splitlines():
            if "{" + str(name) + "}" in line:
                old, new = _filled(before, line, language), _filled(after, line, language)
                if old != new:
                    found.append(LineChange(language, intent, old, new))
    return found


def _filled(directory: Directory, line: str, language: str) -> str:
    filled = PLACEHOLDER.sub(lambda m: directory.published(m[1], language) or m[0], line)
    return isolate(filled, language)  # as in the chat: a number keeps its order in Arabic script
