"""The mark that tells which English text a translation was made from."""

import hashlib
import unicodedata

from content.answers import Answer


def source_hash(answer: Answer) -> str:
    """Twelve hex digits of an answer's title and body as written.

    Another word, number or placeholder changes it; blanks, empty lines and how a letter is composed
    don't. Translations carry it as ``made_from``.
    """
    lines = unicodedata.normalize("NFC", f"{answer.title}\n{answer.body}").splitlines()
    text = "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
