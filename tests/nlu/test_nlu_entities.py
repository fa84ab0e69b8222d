"""Places, dates, phone numbers and codes in messages: what is found, where, and never an error."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.dates import dates, from_solar
from nlu.entities import codes, entities, phones
from nlu.normalise import normalise
from nlu.places import Gazetteer, folded_words, same

_TODAY = dt.date(2026, 11, 23)  # a Monday
_PLACES = Gazetteer.of_directory(
    {
        "centres": {
            "lipa": {"name": "Lipa", "names": {"fa": "لیپا"}, "aliases": ["lipa camp", "ليبا"]},
            "usivak": {"name": "Ušivak", "names": {"ar": "أوشيفاك"}},
        },
        "towns": {
            "sarajevo": {"name": "Sarajevo", "names": {"ar": "سراييفو", "fa": "سارایوو"}},
            "banja_luka": {"name": "Banja Luka"},
            "lipa_town": {"name": "Lipa"},
        },
        "borders": {"croatia": {"name": "Croatian border", "aliases": ["مرز کرواسی"]}},
        "rivers": {},
    }
)
_WORDS = [
    "lipa", "Lipa's", "بليبا", "لیپا", "d'Ušivak", "Banja Luka", "سراييفو", "tomorrow", "بكرا",
    "فردا", "۱۲ حمل", "12.3.", "١٢/٣", "in 3 days", "بعد ٣ أيام", "+387 33 955 200", "۰۶۱ ۲۳۴ ۵۶۷",
    "123-456-789", "غداء", "l'", "’", "\u200c", "\u200f", "ﷺ", "😭", "2nd", "may", "-", ".", "/",
]  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=120),
    st.text(alphabet=st.characters(blacklist_categories=()), max_size=60),  # lone surrogates too
    st.text(alphabet="0123456789٠١٢٣۴۵+-()/. abلیپا", max_size=60),
    st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=4)), max_size=12).map(" ".join),
)
_LANGUAGES = st.sampled_from([None, "ar", "fa", "ps", "ur", "fr", "en", "xx"])
_ZEROS = "٠۰०০０"


def _all(text, language=None):
    return [(e.kind, e.value) for e in entities(text, _PLACES, _TODAY, language)]


@settings(max_examples=300, deadline=None)
@given(_TEXTS, _LANGUAGES, st.sampled_from([None, _TODAY]))
def test_positions_are_inside_the_text_and_hold_what_was_found(text, language, today):
    found = entities(text, _PLACES, today, language)
    assert [e.start for e in found] == sorted(e.start for e in found)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        written = text[one.start : one.end]
        assert one.value and normalise(written)
        if one.kind in ("centre", "town", "border", "river"):
            # the piece alone is found as the same place
            assert one.value in {p.value for p in _PLACES.find(written)}
        if one.kind == "feedback_code":
            assert len(one.value) == 9 and one.value.isdecimal()
        if one.kind == "phone":
            assert 7 <= len(one.value.removeprefix("+")) <= 15


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_words_lie_in_the_text_and_fold_to_themselves(text):
    for word in folded_words(text):
        assert word.folded in normalise(text[word.start : word.end]).split()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([w for w in _WORDS if any(map(str.isdecimal, w))]), max_size=5),
    st.sampled_from(_ZEROS),
)
def test_digits_of_all_scripts_give_the_same_values(words, zero):
    # "2nd" is only written in Western digits
    text = ", ".join(w for w in words if w != "2nd")
    western = text.translate({ord(z) + n: str(n) for z in _ZEROS for n in range(10)})
    other = western.translate({ord(str(n)): chr(ord(zero) + n) for n in range(10)})
    assert _all(other, "fa") == _all(western, "fa")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Where is Lipa camp?", [("centre", "lipa")]),
        ("Lipa's food", [("centre", "lipa")]),
        ("وين مخيم بليبا", [("centre", "lipa")]),
        ("رايح لسراييفو", [("town", "sarajevo")]),
        ("از سارایوو به لیپا", [("town", "sarajevo"), ("centre", "lipa")]),
        ("banja  luka", [("town", "banja_luka")]),
        ("près d’Ušivak", [("centre", "usivak")]),
        ("USIVAK!!", [("centre", "usivak")]),
        ("نزدیک مرز کرواسی", [("border", "croatia")]),
        ("philippa", []),
        ("ca va sava", []),
    ],
)
def test_places_as_people_write_them(text, places):
    assert _all(text) == places


def test_an_arabic_head_is_no_part_of_the_place():
    [place] = _PLACES.find("  وبليبا؟")
    assert (place.start, place.end) == (4, 8)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("today", "en", "2026-11-23"),
        ("tommorow", "en", "2026-11-24"),
        ("day after tomorrow", "en", "2026-11-25"),
        ("in two weeks", "en", "2026-12-07"),
        ("3 days ago", "en", "2026-11-20"),
        ("on Friday", "en", "friday"),
        ("aujourd’hui", "fr", "2026-11-23"),
        ("avant-hier", "fr", "2026-11-21"),
        ("dans 3 jours", "fr", "2026-11-26"),
        ("le 1er mars 2027", "fr", "2027-03-01"),
        ("il y a 3 jours", "fr", "2026-11-20"),
        ("بكرا", "ar", "2026-11-24"),
        ("امبارح", "ar", "2026-11-22"),
        ("بعد يومين", "ar", "2026-11-25"),
        ("قبل ٣ أيام", "ar", "2026-11-20"),
        ("يوم الأحد", "ar", "sunday"),
        ("١٢/٣/٢٠٢٧", "ar", "2027-03-12"),
        ("١٥ كانون الأول", "ar", "2026-12-15"),
        ("mbare7", "ar", "2026-11-22"),
        ("پس‌فردا", "fa", "2026-11-25"),
        ("۳ روز پیش", "fa", "2026-11-20"),
        ("سه‌شنبه", "fa", "tuesday"),
        ("۲۵ دی ۱۴۰۴", "fa", "2026-01-15"),
        ("۱۴۰۵/۱/۱", "fa", "2026-03-21"),
        ("۱۰ قوس", "fa", "2026-12-01"),
        ("diruz", "fa", "2026-11-22"),
        ("سبا", "ps", "2026-11-24"),
        ("۵ ورځې مخکې", "ps", "2026-11-18"),
        ("په ۱۰ لیندۍ", "ps", "2026-12-01"),
        ("آج", "ur", "2026-11-23"),
        ("کل", "ur", "کل"),
        ("۳ دن بعد", "ur", "2026-11-26"),
        ("3 din pehle", "ur", "2026-11-20"),
        ("۱۵ دسمبر", "ur", "2026-12-15"),
        ("12.3.", "en", "2027-03-12"),
        ("12. 3. 2026", "en", "2026-03-12"),
        ("2026-12-01", "en", "2026-12-01"),
        ("March 12, 2027", "en", "2027-03-12"),
    ],
)
def test_dates_of_six_languages(text, language, value):
    assert [d.value for d in dates(text, _TODAY, language)] == [value]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("كل شي", "ar"),  # "all", in Urdu also yesterday or tomorrow
        ("همه کل", "fa"),
        ("وين غداء", "ar"),  # lunch
        ("open 24/7", "en"),
        ("12.5 KM", "en"),
        ("31/2", "en"),
        ("30.2.2026", "en"),
        ("به من بده", "fa"),  # "give me", in Urdu Wednesday
        ("nan chahiye", "ur"),  # bread, in Pashto today
        ("سرطان دارم", "fa"),  # cancer, and a month
    ],
)
def test_words_that_are_no_dates(text, language):
    assert dates(text, _TODAY, language) == []


def test_without_today_a_date_that_depends_on_it_stays_as_written():
    found = dates("tomorrow or 12.3. or 1.3.2027")
    assert [d.value for d in found] == ["tomorrow", "12.3.", "2027-03-01"]


@pytest.mark.parametrize(
    ("solar", "gregorian"),
    [
        ((1399, 12, 30), dt.date(2021, 3, 20)),  # a leap day
        ((1400, 1, 1), dt.date(2021, 3, 21)),
        ((1403, 1, 1), dt.date(2024, 3, 20)),
        ((1403, 12, 30), dt.date(2025, 3, 20)),
        ((1404, 7, 1), dt.date(2025, 9, 23)),
        ((1357, 11, 22), dt.date(1979, 2, 11)),
        ((1404, 12, 30), None),
        ((1404, 7, 31), None),
        ((1404, 13, 1), None),
    ],
)
def test_solar_hijri_dates(solar, gregorian):
    assert from_solar(*solar) == gregorian


@given(st.integers(1250, 1550), st.integers(1, 12))
def test_the_months_of_the_solar_calendar_follow_each_other(year, month):
    last = max(day for day in range(29, 32) if from_solar(year, month, day))
    after = from_solar(year, month + 1, 1) if month < 12 else from_solar(year + 1, 1, 1)
    assert after - from_solar(year, month, last) == dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("call +387 (0)33 955-200", ["+38733955200"]),
        ("٠٠٣٨٧ ٦١ ١٢٣ ٤٥٦", ["+38761123456"]),
        ("۰۶۱ ۱۲۳ ۴۵۶ زنگ بزن", ["061123456"]),
        ("061/123-456", ["061123456"]),
        ("122", []),
        ("12.3.2026", []),
        ("2025-2026", []),
        ("10.000.000 KM", []),
        ("AB1234567", []),
        ("1" * 16, []),
        ("123-456-789", []),  # a feedback code
    ],
)
def test_phone_numbers(text, values):
    assert [p.value for p in phones(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("my code is ۱۲۳-۴۵۶-۷۸۹, of 2 days ago", ["123456789"]),
        ("123 456 789", ["123456789"]),
        ("061 234 567", ["061234567"]),  # may be a phone as well
        ("+387 061 234 567", []),
        ("1234567890", []),
        ("12-3456-789", []),
    ],
)
def test_feedback_codes(text, values):
    assert [c.value for c in codes(text)] == values


def test_a_phone_number_is_not_shown_where_objects_are_printed():
    [phone] = phones("+38761123456")
    assert "61123456" not in repr(phone)


def test_same_ignores_spaces_alone():
    assert same("Banja\u200c  Luka", "banja luka") and not same("Banja", "banja luka")
