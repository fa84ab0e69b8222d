"""One form for all the ways in which people write the same thing.

Standard library only: the NLU components use it in their environment, the service in its own
(Python 3.10 to 3.13).
"""

import re
import unicodedata

# Letters that stand for one another, because keyboards differ or because people write them so.
# The form need not be correct spelling in any language: it only has to be the same for the same
# word. Letters with hamza or madda (أ إ آ ؤ ئ ۀ ۓ) need no entry: they lose it as a mark.
_ARABIC_FOLD = {
    "ی": "ىيېۍےێۑٮ",  # yeh of Arabic, Farsi, Pashto, Urdu, Kurdish
    "ک": "كڪګگڭڬݢ",  # kaf; gaf is often typed as kaf, and Pashto ګ is on few keyboards
    "ه": "ةہھەۃۂ",  # heh; teh marbuta is often typed as heh
    "ا": "ٱٲٳ",
    "و": "ۋۏۆۇۈ",
    "ن": "ںڼڻ",
    "ت": "ټٹ",
    "د": "ډڈ",
    "ر": "ړڑڕ",
    "ز": "ځ",
    "س": "څ",
    "ش": "ښ",
    "ژ": "ږ",
    "ف": "ڤڢ",
    "ق": "ڨ",
    "ل": "ڵ",
    "پ": "ٻ",
}
_LATIN_FOLD = {
    "d": "đð",
    "l": "ł",
    "o": "ø",
    "i": "ı",
    "ae": "æ",
    "oe": "œ",
    "ss": "ß",
    "th": "þ",
}
_FOLD = {
    ord(letter): base
    for table in (_ARABIC_FOLD, _LATIN_FOLD)
    for base, letters in table.items()
    for letter in letters
}
# A lone hamza is often left out, tatweel only stretches a word, and the Arabic apostrophe-like
# letters (ʿ ʾ ʼ) of transliteration are left out more often than not.
_FOLD.update(dict.fromkeys(map(ord, "ءـʿʾʼʻ"), ""))

# Digits that stand for Arabic letters inside Latin-letter words ("3andi", "mar7aba", "2al").
_ARABIZI = {"2": "", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "q"}
_ARABIZI_WORD = re.compile(r"(?<![a-z0-9])(?=[a-z0-9]*[a-z][a-z0-9]*[a-z])[a-z0-9]+(?![a-z0-9])")
_ARABIZI_DIGIT = re.compile(r"(?<![0-9])[2356789](?![0-9])")

# French l', d', qu' …: two words. Elsewhere an apostrophe is dropped ("don't", "ma3'loum").
_ELISION = re.compile(r"(?<![a-z])(qu|[cdjlmnst])['’`´](?=[a-z])")
_APOSTROPHE = re.compile(r"['’`´]")

_LATIN_RUN = re.compile(r"([a-z])\1+")
_LONG_RUN = re.compile(r"([^\W\da-z])\1{2,}")
_ALEF_RUN = re.compile("ا{2,}")
_SYMBOL_RUN = re.compile(r"([^\w\s])(?:\s*\1)+")
_SPACES = re.compile(r"\s+")

_FOUR_ALIKE = re.compile(r"(.)\1{3,}")
_UNSEEN = re.compile("[\u0640\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NO_TEXT = frozenset(("Cc", "Cs", "Co", "Cn"))

_KEPT = frozenset("LNZ")  # letters, numbers, spaces
_ROUNDS = 8  # far more than any real text needs to come to rest (two)


# Words with which people open a message, whatever they then ask, as they are written in the six
# languages and in Latin letters.
_GREETING = re.compile(
    r"(?:"
    r"(?:السلام|سلام|اسلام)\s?(?:و\s)?(?:عليكم|علیکم|علیکوم)"
    r"(?:\s?و\s?رحم[ةهت]\s?الل?ه(?:\s?و\s?بر[كک]اته)?)?"
    r"|سلامونه|سلام|مرحبا|مرحباً|هلا|هلو|الو|اهلا|أهلا|صباح\s(?:الخير|النور)|مساء\s(?:الخير|النور)"
    r"|درود|وقت\s?بخیر|وقتتون\s?بخیر|صبح\s?بخیر|روز\s?بخیر|شب\s?بخیر|خسته\s?نباشی[دن]"
    r"|ستړي\s?م[هۀ]\s?شې?|ہیلو|آداب"
    r"|(?:a?s+|es+)alam\w*(?:[\s-]?(?:o|u|wa))?[\s-]?a?lai?ku?m|salam\s?al[aei]+[yi]?kou?m|salaa?m|slm|slam"
    r"|hello|helo|hallo|hi|hey|good\s(?:morning|evening|afternoon|day)|dear\s(?:sir|madam)"
    r"|bonjour|bjr|bonsoir|bsr|salut|slt|cc|coucou|mar7aba|marhaba"
    r")(?!\w)[\s,.!،؛:…-]*",
    re.IGNORECASE,
)
_ASKS = 3  # what follows a greeting must have so many words to be the message itself


def without_greeting(text: str) -> str:
    """Return `text` without the greeting that opens it, if something is said after it.

    "Hello, where is the doctor?" asks for the doctor; "hello my friend" greets. At most three
    greetings in a row are dropped. Text without one is returned as it is.
    """
    rest = text
    for _ in range(3):
        greeting = _GREETING.match(rest)
        if not greeting or not greeting[0].strip():
            break
        rest = rest[greeting.end() :]
    return rest if len(rest.split()) >= _ASKS else text


def western_digits(text: str) -> str:
    """Return `text` with every decimal digit (٣ ۳ ३ …) as 0–9 and nothing else changed."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text
    )


def script_of(text: str) -> str:
    """Return "Arab" or "Latn", the script that `text` is meant in.

    People mix Latin names and words into Arabic-script text more than the other way round, so
    a third of Arabic letters is enough. Text with neither script is "Latn".
    """
    arabic = latin = 0
    for c in unicodedata.normalize("NFKC", text):
        if not c.isalpha():
            continue
        if "\u0600" <= c <= "\u06ff" or "\u0750" <= c <= "\u077f" or "\u08a0" <= c <= "\u08ff":
            arabic += 1
        elif c < "\u0250" or "\u1e00" <= c <= "\u1eff":
            latin += 1
    return "Arab" if arabic and 2 * arabic >= latin else "Latn"


def is_foreign(text: str) -> bool:
    """Return whether most letters are of a script that none of our languages is written in."""
    names = [unicodedata.name(c, "") for c in text if c.isalpha()]
    ours = sum(name.startswith(("ARABIC ", "LATIN ", "MODIFIER ")) for name in names)
    return len(names) > 2 * ours


def clean(text: str, limit: int = 1200) -> str:
    """Return `text` as a sentence encoder should see it: as written, but tidy.

    Control characters, lone surrogates, tatweel and bidi marks go, spaces become one, a
    character written more than three times in a row is cut to three. Of a text longer than
    `limit` characters the first and the last half are kept: people tell their story first and
    ask at the end. Idempotent for a fixed `limit`.
    """
    text = "".join(" " if unicodedata.category(c) in _NO_TEXT else c for c in text)
    text = _UNSEEN.sub("", text)
    text = _SPACES.sub(" ", _FOUR_ALIKE.sub(r"\1\1\1", text)).strip()
    if len(text) > limit:
        half = (limit - 1) // 2
        text = text[:half].rstrip() + " " + text[-half:].lstrip()
    return text


def normalise(text: str) -> str:
    """Return the form of `text` for matching and n-grams.

    Lower case, no marks, no punctuation, single spaces, Western digits, letter variants and
    Latin spellings folded. Idempotent: normalise(normalise(x)) == normalise(x). Any string is
    good input; one without letters, digits or symbols gives "".
    """
    for _ in range(_ROUNDS):
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


def _fold_once(text: str) -> str:
    """One round: composed form, letters, Latin words, what is not a word, runs."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _ELISION.sub(r"\1 ", text)
    text = _APOSTROPHE.sub("", text)
    text = western_digits(unicodedata.normalize("NFD", text).translate(_FOLD))
    text = unicodedata.normalize("NFC", "".join(map(_one, text)))
    text = _ARABIZI_WORD.sub(_without_arabizi, text)
    text = _LATIN_RUN.sub(r"\1", text)
    text = _LONG_RUN.sub(r"\1", text)
    text = _ALEF_RUN.sub("ا", text)
    text = _SYMBOL_RUN.sub(r"\1", text)
    return _SPACES.sub(" ", text).strip()


def _one(c: str) -> str:
    """Keep letters, digits and pictures; drop marks and joiners; the rest parts words."""
    category = unicodedata.category(c)
    if category[0] in _KEPT:
        return c
    if category in ("Mn", "Me", "Cf", "Sk"):  # diacritics, ZWNJ and bidi marks, skin tones
        return ""
    return f" {c} " if category == "So" else " "  # an emoji is a word of its own


def _without_arabizi(word: re.Match) -> str:
    return _ARABIZI_DIGIT.sub(lambda digit: _ARABIZI[digit[0]], word[0])
