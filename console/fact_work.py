"""What is being done about the directory's facts, in words for the editors' pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from content.facts import Fact
from content.languages import LANGUAGES
from content.overlay import digest, fact_at, of_fact
from store.content_tables import ContentVersionRow
from store.versions import OPEN

#: Fields of a fact in the order of the form, and what staff read for them.
LABELS = {
    "value": "Value",
    "week": "Hours",
    "closed_on": "Days without anybody",
    "timezone": "Time zone",
    "names": "In words",
    "source": "Source",
    "source_date": "Date of the source",
    "checked": "Day checked",
    "confidence": "Confidence",
    "publish": "People see it",
    "note": "Note for staff",
}


@dataclass(frozen=True)
class Work:
    """The versions of a fact, the newest first."""

    versions: Sequence[ContentVersionRow] = field(default_factory=tuple)

    @property
    def open(self) -> ContentVersionRow | None:
        """The version that somebody works on or that waits for a second person."""
        return next((row for row in self.versions if row.state in OPEN), None)

    @property
    def published(self) -> ContentVersionRow | None:
        """The version that lies over the file."""
        return next((row for row in self.versions if row.state == "published"), None)

    def file_changed(self, files: dict[str, Any], path: str) -> bool:
        """Whether the file says now what no version began with or says: somebody has changed it
        there too."""
        if self.open is None and self.published is None:
            return False
        there = fact_at(files, path)
        if there is None:
            return False
        known = {row.base for row in self.versions} | {digest(row.body) for row in self.versions}
        return digest(of_fact(there)) not in known

    def states(self, files: dict[str, Any], path: str) -> list[str]:
        """What is being done about it, for the list."""
        found = []
        if row := self.open:
            what = "waits for review" if row.state == "review" else "being edited"
            found.append(f"{what} ({row.written_by})")
        if row := self.published:
            found.append(f"published over the file ({row.reviewed_by})")
        if self.file_changed(files, path):
            found.append("the file has changed too")
        return found or ["as in the file"]


def by_path(rows: Sequence[ContentVersionRow]) -> dict[str, Work]:
    """Versions of all facts (the oldest first) by path."""
    found: dict[str, list[ContentVersionRow]] = {}
    for row in rows:
        found.setdefault(row.key, []).insert(0, row)
    return {key: Work(versions) for key, versions in found.items()}


def in_fields(body: dict[str, Any] | None) -> dict[str, str]:
    """A fact's version as lines for staff: what, and how it stands."""
    found: dict[str, str] = {}
    for key, label in LABELS.items():
        value = (body or {}).get(key)
        if key == "names":
            for code, word in (value or {}).items():
                found[f"{label}, {LANGUAGES[code].own_name}"] = word
        elif key == "publish":
            if body is not None:
                found[label] = "yes" if value else "no"
        elif value not in (None, "", [], {}):
            found[label] = _in_words(value)
    return found


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{day} {', '.join(spans)}" for day, spans in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def difference(before: dict[str, Any] | None, after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What differs between two versions: label, before, after; the source first, since who reviews
    looks there first."""
    old, new = in_fields(before), in_fields(after)
    labels = [LABELS["source"], *(label for label in {**old, **new} if label != LABELS["source"])]
    return [
        (label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def form_values(body: dict[str, Any]) -> dict[str, str]:
    """A fact's version as the fields of the form (content/fact_form.py)."""
    found = {
        key: str(body.get(key, "")) for key in ("value", "source", "source_date", "confidence")
    }
    found |= {"checked": str(body.get("checked") or ""), "note": str(body.get("note") or "")}
    found["publish"] = "yes" if body.get("publish") else ""
    found |= {f"names_{code}": word for code, word in (body.get("names") or {}).items()}
    found |= {f"day_{day}": ", ".join(map(str, s)) for day, s in (body.get("week") or {}).items()}
    found["closed_on"] = "\n".join(map(str, body.get("closed_on") or ()))
    return found


def empty_of(fact: Fact) -> bool:
    """Whether a fact is not there yet."""
    return fact.data.get("value") == ""
