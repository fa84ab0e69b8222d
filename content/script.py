"""In which of a person's languages a message seems to be written, by its letters alone.

A hint for fonts, direction and the label beside a message, where no model was asked. Letters that
only one language writes decide; else the first of the person's languages with that script.
"""

import re
from collections.abc import Sequence

from content.languages import LANGUAGES, direction

_ARABIC, _LATIN = re.compile("[؀-ۿݐ-ݿﭐ-﷿ﹰ-﻿]"), re.compile("[A-Za-zÀ-ɏ]")
#: Letters of one language's keyboard only, the surest first.
_OWN = (
    ("ps", re.compile("[ټډړږښڼځڅېۍ]")),
    ("ur", re.compile("[ٹڈڑںھہےۓ]")),
    ("fa", re.compile("[پچژگکی]")),
    ("ar", re.compile("[ةىيكأإؤ]")),
)


def written_in(text: str, spoken: Sequence[str]) -> str | None:
    """The likeliest language code of a text by somebody who speaks these, or None: can't be told.

    Arabic script that none of ``spoken`` is written in is told by its letters; Latin letters are
    the person's French or English if they speak one, else not told (it may be Latin-letter Urdu).
    """
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if not arabic and not latin:
        return None
    wanted = "rtl" if arabic >= latin else "ltr"
    known = [code for code in spoken if code in LANGUAGES and direction(code) == wanted]
    if wanted == "ltr":
        return known[0] if known else None
    if len(known) == 1:
        return known[0]
    counts = {code: len(letters.findall(text)) for code, letters in _OWN}
    for code in ("ps", "ur"):
        if counts[code] and (not known or code in known):
            return code
    by_letters = "fa" if counts["fa"] > counts["ar"] else "ar"
    if by_letters in known or not known:
        return by_letters
    return known[0]
