"""Ways of writing that are read to different degrees of certainty. Standard library only."""

from __future__ import annotations

from nlu.transliterate import LANGUAGES

#: Native Arabic script, French and English, and Arabic, Farsi, Pashto or Urdu in Latin letters.
GROUPS = ("Arab", "Latn", "romanised")


def group_of(script: str, language: str | None) -> str:
    """Return which of GROUPS a message of this script and language belongs to."""
    if script == "Arab":
        return "Arab"
    return "romanised" if language in LANGUAGES else "Latn"
