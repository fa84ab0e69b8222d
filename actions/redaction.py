"""Takes out of a feedback text what could tell who wrote it or whom it names.

Numbers, addresses and handles only; names are a matter of language and come with their own rules.
"""

import re

from nlu.normalise import western_digits

_RULES = (
    ("[email]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[link]", re.compile(r"(?:https?://|www\.|t\.me/|wa\.me/)\S+", re.IGNORECASE)),
    ("[name]", re.compile(r"(?<!\w)@\w{3,}")),
    # Telephone, passport, card and account numbers: letters may stand before the digits
    ("[number]", re.compile(r"(?<!\w)\+?[A-Za-z]{0,3}[- ]?\d(?:[ ./()-]{0,2}\d){5,}(?!\w)")),
)
_MARK = re.compile("\x00(\\d)\x00")


def redact(text: str) -> str:
    """The text with e-mails, links, @names and long numbers replaced by what they were.

    Digits of all scripts count as digits; they come back as Western digits.
    """
    text = western_digits(text).replace("\x00", "")
    for n, (_name, pattern) in enumerate(_RULES):
        # a mark without digits or letters, so that no later rule finds it again
        text = pattern.sub(f"\x00{n}\x00", text)
    return _MARK.sub(lambda m: _RULES[int(m[1])][0], text)
