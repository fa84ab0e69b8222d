"""What is read out when an answer is recorded, and whether a recording still says the same."""

import hashlib

from content.answers import Library
from content.markup import to_text

#: The Unicode isolates and marks that steer writing directions; nobody reads them out.
_UNSPOKEN = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))


def spoken_text(library: Library, intent: str, language: str) -> str:
    """Title and text of an answer with the facts filled in. Raises KeyError if there is none."""
    answer = library.get(intent, language)
    if answer is None:
        raise KeyError(intent)
    text = f"{answer.title}\n\n{to_text(library.html(intent, language))}"
    return text.translate(_UNSPOKEN)


def spoken_hash(library: Library, intent: str, language: str) -> str:
    """A hash of the words to be read out (16 hex digits): it changes with the text and with every
    number in it. Raises KeyError if there is no such answer."""
    words = " ".join(spoken_text(library, intent, language).split())
    return hashlib.sha256(words.encode()).hexdigest()[:16]
