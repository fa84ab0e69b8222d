"""What is taken out of feedback before it is stored, and how much of it on labelled messages."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.redaction import MARKS, redact
from content.languages import LANGUAGES
from nlu.normalise import western_digits

HERE = Path(__file__).parent
#: Messages by writers who saw neither the program nor the development set; nobody has read them
#: to mend a rule.
HELD_OUT = HERE / "redaction_held_out"
#: Messages by which the rules were made.
DEVELOPMENT = HERE / "redaction_dev"
_LABEL = re.compile(r"\[\[(\w+):(.*?)\]\]")
_MARK = re.compile("|".join(map(re.escape, MARKS)))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call +387 61 123-456 now", "call [number] now"),
        ("رقمي ٠٦١١٢٣٤٥٦", "رقمي [number]"),
        ("رقمي٠٦١١٢٣٤٥٦", "رقمي[number]"),
        ("شماره ۰۹۱۲ ۳۴۵ ۶۷۸۹ است", "شماره [number] است"),
        ("passport AB1234567", "passport [number]"),
        ("my case is DK 914/25", "my case is [number]"),
        ("to BA39 1290 0794 0102 8494 please", "to [number] please"),
        ("write me@example.org or @my_name", "write [email] or [handle]"),
        ("see https://t.me/somebody please", "see [link] please"),
        ("facebook.com/some.page says so", "[link] says so"),
        ("I was born 12.03.2009 in Kabul", "I was born [date] in Kabul"),
        ("متولد ۱۳۸۷/۵/۲ هستم", "متولد [date] هستم"),
        ("je suis né le 12 mai 2008", "je suis né le [date]"),
    ],
)
def test_numbers_addresses_and_dates_of_birth_go(text, kept):
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "3 days, room 12, 45 people",
        "since 2023/2024 we wait",
        "it costs 150 000 toman",
        "on the 15.12.2099 at 10:30",
        "la loi 11/16 et 14 jours",
        "bus 27, 2.50 KM, 124 and 122",
    ],
)
def test_ordinary_numbers_stay(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hello my name is ahmad karimi and i wait", "hello my name is [name] and i wait"),
        ("The guard called Dragan pushed me", "The guard called [name] pushed me"),
        ("I'm Bishnu from Nepal", "I'm [name] from Nepal"),
        ("اسمي ياسر الحمداني من العراق", "اسمي [name] من العراق"),
        ("نام مه جاوید اس", "نام مه [name] اس"),
        ("زما نوم احسان الله دی", "زما نوم [name] دی"),
        ("یو ګارډ چې میرزا نومیږي", "یو ګارډ چې [name] نومیږي"),
        ("میرا نام عدنان بٹ ہے", "میرا نام [name] ہے"),
        ("wo Mirsad naam ka guard", "wo [name] naam ka guard"),
        ("je m'appelle Ibrahima Sow, je viens", "je m'appelle [name], je viens"),
        ("smiti Yassine men casa", "smiti [name] men casa"),
    ],
)
def test_stated_names_go(text, kept):
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "my name is not on the list",
        "I am hungry and I am tired",
        "اسمي مو بالقائمة",
        "أنا من سوريا",
        "من مریض هستم",
        "نام مه د لست نیست",
        "زه وږی یم",
        "میرا نام لسٹ میں نہیں ہے",
        "je suis fatigué",
        "mon nom n'est pas sur la liste",
    ],
)
def test_words_after_an_announcement_that_are_no_names_stay(text):
    assert redact(text) == text


@given(st.text(max_size=60), st.integers(10**6, 10**13), st.text(max_size=60))
def test_no_long_number_survives_in_any_text(before, number, after):
    assert str(number) not in redact(f"{before} {number} {after}")


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text):
    once = redact(text)
    assert redact(once) == once


@given(st.text(alphabet="abcهیاسم [nameuobr]\x00٣1", max_size=60))
def test_marks_written_by_a_person_do_no_harm(text):
    once = redact(text)
    assert "\x00" not in once
    assert redact(once) == once


def _labelled(folder: Path):
    """Yield (language, text, [(kind, start, end)]) of all messages of a folder."""
    for code in LANGUAGES:
        for line in yaml.safe_load((folder / f"{code}.yml").read_text(encoding="utf-8")):
            spans, text, last = [], "", 0
            for match in _LABEL.finditer(line):
                text += line[last : match.start()]
                spans.append((match[1], len(text), len(text) + len(match[2])))
                text += match[2]
                last = match.end()
            yield code, text + line[last:], spans


def _removed(text: str) -> list[tuple[int, int]]:
    """What redaction takes out of `text`, as (start, end)."""
    source, found, at = western_digits(text), [], 0
    kept = _MARK.split(redact(text))
    for number, part in enumerate(kept):
        if number == 0:
            start = 0
        elif number == len(kept) - 1:
            start = len(source) - len(part)
        else:
            start = source.index(part, at + 1)
        if number:
            found.append((at, start))
        assert source.startswith(part, start)
        at = start + len(part)
    return found


@pytest.mark.parametrize(
    ("folder", "names", "numbers"), [(HELD_OUT, 0.85, 0.98), (DEVELOPMENT, 0.84, 0.97)]
)
def test_enough_is_found_and_not_too_much_on_labelled_messages(folder, names, numbers):
    asked, met = Counter(), Counter()
    taken = rightly = 0
    for _code, text, spans in _labelled(folder):
        removed = _removed(text)
        for kind, start, end in spans:
            kind = "names" if kind == "name" else "numbers and handles"
            asked[kind] += 1
            covered = sum(max(0, min(end, e) - max(start, s)) for s, e in removed)
            met[kind] += covered == end - start
        taken += len(removed)
        rightly += sum(any(s < e2 and s2 < e for _, s2, e2 in spans) for s, e in removed)
    figures = {kind: met[kind] / asked[kind] for kind in asked} | {"precision": rightly / taken}
    print({name: round(value, 3) for name, value in figures.items()}, dict(asked))
    assert figures["numbers and handles"] >= numbers
    assert figures["names"] >= names
    assert figures["precision"] >= 0.95


def test_the_labelled_messages_hold_no_label_that_the_measure_does_not_know():
    kinds = {kind for _, _, spans in _labelled(HELD_OUT) for kind, _, _ in spans}
    assert kinds == {
        "phone", "email", "link", "handle", "document", "iban", "card", "birth", "name",
    }  # fmt: skip
