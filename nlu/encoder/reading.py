"""What the encoder is given to read of a message."""

from __future__ import annotations

from nlu.normalise import clean, without_greeting
from nlu.transliterate import LANGUAGES, transliterate


def tidy(text: str) -> str:
    """Return a message as the encoder should see it: clean, and without the greeting before it."""
    return clean(without_greeting(clean(text)))


def reading(tidied: str, language: str, script: str) -> str:
    """Return a tidied text; one in Latin letters also as its own script would have it.

    `language` and `script` as the language identifier names them. Both forms are given because
    each alone is read worse (``docs/nlu.md``).
    """
    if script != "Latn" or language not in LANGUAGES:
        return tidied
    return f"{tidied} / {transliterate(tidied, language)}"
