"""Which language a person is answered in: first the phone's, then what they write, always theirs
to choose."""

from bot.conversation.incoming import Incoming
from bot.conversation.nlu_client import Parse
from content.languages import DEFAULT_LANGUAGE, LANGUAGES, direction, from_phone
from nlu.normalise import is_foreign
from store.people import Person

#: Confidence of the language identifier from which writing switches the language …
SWITCH = 0.70
#: … and when the person has chosen another language by button: several words, and surely.
SWITCH_CHOSEN, CHOSEN_WORDS = 0.90, 3

#: What the language identifier calls a language that is not ours, and from which confidence and
#: number of words on it is believed: single words are alike in many languages.
OTHER, OTHER_SURE, OTHER_WORDS = "other", 0.80, 2


def from_channel(person: Person, incoming: Incoming) -> None:
    """Before anything was written or chosen: the channel's hint."""
    hint = from_phone(incoming.language)
    if hint and not person.language_chosen and not person.greeted:
        person.language = hint
    if incoming.centre and person.centre is None:
        person.centre = incoming.centre


def from_writing(person: Person, parse: Parse | None, text: str) -> str | None:
    """Follow the language of a message; returns the language before, if it changed."""
    if parse is None or parse.language not in LANGUAGES or parse.language == person.language:
        return None
    sure = parse.language_confidence
    if person.language_chosen:
        if sure < SWITCH_CHOSEN or len(text.split()) < CHOSEN_WORDS:
            return None
    elif sure < SWITCH and not _unreadable(person, parse):
        return None
    before, person.language = person.language, parse.language
    return before


def is_other(person: Person, parse: Parse | None, text: str) -> bool:
    """Whether a message is in a language that we do not answer in; the person then gets English.

    Not for somebody who chose a language: they have their buttons already.
    """
    if parse is None or parse.language != OTHER or person.language_chosen:
        return False
    many = len(text.split()) >= OTHER_WORDS or is_foreign(text)
    if not many or parse.language_confidence < OTHER_SURE:
        return False
    person.language = DEFAULT_LANGUAGE
    return True


def _unreadable(person: Person, parse: Parse) -> bool:
    """Whether the person writes Arabic script and would get an answer in Latin letters.

    Then the likeliest of the four languages is better than English, however unsure ("سلام").
    """
    return parse.script == "Arab" and direction(person.language) == "ltr"
