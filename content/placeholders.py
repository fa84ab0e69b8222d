"""The published facts of the directory by the placeholders that name them, for who writes."""

from collections.abc import Iterator

from content.directory import Directory

_SECTIONS = {"org": "organisations", "centre": "centres", "town": "towns"}


def published_placeholders(directory: Directory, language: str) -> dict[str, str]:
    """Placeholder (without braces) → its value in a language, in the directory's order."""
    found = {}
    for placeholder in _all(directory):
        value = directory.published(placeholder, language)
        if value is not None:
            found[placeholder] = value
    return found


def _all(directory: Directory) -> Iterator[str]:
    for key in directory.data.get("numbers") or {}:
        yield f"number.{key}"
    for kind, section in _SECTIONS.items():
        for key, entry in (directory.data.get(section) or {}).items():
            yield f"{kind}.{key}.name"
            if entry.get("names"):
                yield f"{kind}.{key}.called"
            for field, fact in entry.items():
                if isinstance(fact, dict) and "value" in fact:
                    yield f"{kind}.{key}.{field}"
