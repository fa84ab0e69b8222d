"""Letters: those of the language, its punctuation, Western digits, nothing invisible."""

import re
import unicodedata
from collections.abc import Iterator

from content.checks.finding import Finding
from content.directory import PLACEHOLDER
from content.languages import LANGUAGES, direction

_ARABIC_ONLY, _URDU_ONLY = "كيىة", "ےھہٹڈڑںۂۓ"
_PASHTO_ONLY = "ټډړږښڼځڅېۍګ"
_FARSI_KEYBOARD = "کگپچژی"
#: Letters that a language doesn't write, with whose they are.
_FOREIGN: dict[str, tuple[tuple[str, str], ...]] = {
    "fa": ((_ARABIC_ONLY, "Arabic"), (_URDU_ONLY, "Urdu"), (_PASHTO_ONLY, "Pashto")),
    "ur": ((_ARABIC_ONLY + "ه", "Arabic"), (_PASHTO_ONLY, "Pashto")),
    "ps": (("كةى", "Arabic"), (_URDU_ONLY, "Urdu")),
    "ar": ((_FARSI_KEYBOARD, "Farsi"), (_URDU_ONLY, "Urdu"), (_PASHTO_ONLY, "Pashto")),
}
#: Letters of which any longer text of the language has some.
_OWN = {"fa": _FARSI_KEYBOARD, "ur": "ےہٹڈڑںھ", "ps": _PASHTO_ONLY, "ar": "ةىيكأإؤ"}
#: Letters of Arabic script from which a text must show whose it is.
_LONG = 40
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_LETTER = "[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]"
_LATIN_PUNCTUATION = re.compile(f"(?<={_LETTER}) ?[,;?](?!\\w)")
#: French keeps these signs on the line of their word by a no-break space.
_FRENCH_SPACE = re.compile(r"\w\**[»)]? \**[?!:;»]|« ")
_OTHER_DIGITS = re.compile("[٠-٩۰-۹]")
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
#: Between letters; before a number or a name it is how Arabic joins a short word to it.
_STRETCHED = re.compile(f"\u0640(?={_LETTER})")
#: Category Cf without the joiners that these languages write with, and the directional controls.
_JOINERS, _CONTROLS = "\u200c\u200d", re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def check_letters(text: str, language: str) -> Iterator[Finding]:
    """A text in one language; placeholders in it are left alone."""
    for number, line in enumerate(PLACEHOLDER.sub("0", text).splitlines(), 1):
        if _OTHER_DIGITS.search(line):
            yield Finding("digits", "digits must be Western digits", number)
        for letters, whose in _FOREIGN.get(language, ()):
            if foreign := re.search(f"[{letters}]", line):
                message = f"letters of another language's keyboard: {foreign[0]} is {whose}"
                yield Finding("wrong_letters", message, number)
        if direction(language) == "ltr" and (foreign := _ARABIC_SCRIPT.search(line)):
            message = f"letters of another language's keyboard: {foreign[0]}"
            yield Finding("wrong_letters", message, number)
        if direction(language) == "rtl" and (sign := _LATIN_PUNCTUATION.search(line)):
            message = f"Latin punctuation after Arabic script: {sign[0].strip()}"
            yield Finding("wrong_punctuation", message, number)
        if language == "fr" and (sign := _FRENCH_SPACE.search(line)):
            message = f"an ordinary space that must be a no-break space: {sign[0]}"
            yield Finding("french_space", message, number)
        stray = _STRETCHED.findall(line) + [sign for sign in line if _stray(sign)]
        if stray:
            message = f"a sign that is not written by hand: U+{ord(stray[0]):04X}"
            yield Finding("stray_character", message, number)
    yield from _language(text, language)


def _stray(sign: str) -> bool:
    """Old shapes of letters, marks of a bad copy and what can't be seen."""
    if sign in _JOINERS or _CONTROLS.match(sign):  # controls are the isolation's matter
        return False
    return sign == "\ufffd" or bool(_FORMS.match(sign)) or unicodedata.category(sign) in (
        "Cf", "Cc", "Co", "Cn"
    )  # fmt: skip


def _language(text: str, language: str) -> Iterator[Finding]:
    """Whether a longer text in Arabic script has any letter that tells its language."""
    own = _OWN.get(language)
    if own and len(_ARABIC_SCRIPT.findall(text)) >= _LONG and not re.search(f"[{own}]", text):
        name = LANGUAGES[language].own_name
        yield Finding("wrong_language", f"seems not to be {name}: none of its letters {own}")
