"""What a check finds, and all kinds of it with their level."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

Level = Literal["error", "warning"]

#: Every kind of finding. A warning is what comes by the mere passing of time, or what an editor may
#: have a reason for; everything else is an error.
KINDS: dict[str, Level] = {
    # files and front matter
    "missing": "error",
    "unreadable": "error",
    "unknown_file": "error",
    "status": "error",
    "source": "error",
    "dates": "error",
    "title_length": "error",
    "body_length": "error",
    "empty": "error",
    # facts and placeholders
    "placeholder_unknown": "error",
    "placeholder_unpublished": "error",
    "placeholder_broken": "error",
    "placeholder_differs": "error",
    "number_differs": "error",
    "typed_number": "error",
    "typed_address": "error",
    "directory": "error",
    # freshness
    "expired": "warning",
    "expires_soon": "warning",
    "outdated": "error",
    "not_compared": "error",
    # markup and right to left
    "markup_unbalanced": "error",
    "markup_unsupported": "error",
    "link_scheme": "error",
    "bidi_control": "error",
    "not_isolated": "error",
    "title_direction": "error",
    # letters and translation
    "digits": "error",
    "wrong_letters": "error",
    "wrong_language": "error",
    "wrong_punctuation": "error",
    "french_space": "warning",
    "stray_character": "error",
    "untranslated": "error",
    "translation_missing": "error",
    "tags_differ": "error",
    # reading level
    "reading_level": "warning",
    # links
    "dead_link": "error",
}


@dataclass(frozen=True)
class Finding:
    """Something to mend: of which kind, how bad, where, and what.

    ``line`` counts from 1: in the file where there is a ``path``, else in the ``field`` of the text
    (``title``, ``body``, ``related`` …).
    """

    kind: str
    message: str
    line: int = 1
    field: str = "body"
    path: Path | None = None

    @property
    def level(self) -> Level:
        """How bad findings of this kind are."""
        return KINDS[self.kind]

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.path else f"{self.field}, line {self.line}"
        return f"{where}: {self.level}: {self.message} [{self.kind}]"

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return {
            "kind": self.kind,
            "level": self.level,
            "path": str(self.path) if self.path else None,
            "line": self.line,
            "field": self.field,
            "message": self.message,
        }


def moved(
    findings: Iterable[Finding], path: Path, line: int = 1, prefix: str = ""
) -> Iterator[Finding]:
    """Findings on a text, told where that text stands: it begins on a line of a file."""
    for finding in findings:
        yield replace(
            finding, path=path, line=line + finding.line - 1, message=prefix + finding.message
        )
