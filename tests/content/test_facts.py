"""Facts one by one: who names them, what a change does, what may be written."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.answers import read_answers
from content.directory import Directory
from content.fact_form import FactProblem, dialled, problem_of, read_fact
from content.facts import (
    NEEDED,
    addable,
    all_facts,
    changed_lines,
    fact,
    may_be_added,
    missed,
)
from content.overlay import fact_at, of_fact, to_fact, with_fact

TODAY = dt.date(2026, 12, 1)
PHONE = "organisations.iom.phone"


@pytest.fixture(scope="module")
def data():
    return Directory.load().data


@pytest.fixture(scope="module")
def answers():
    return read_answers()


def form_of(found, **changes: str) -> dict[str, str]:
    body = of_fact(found.data)
    form = {key: str(value) for key, value in body.items() if isinstance(value, str)}
    form |= {f"names_{code}": word for code, word in body.get("names", {}).items()}
    return form | {"publish": "yes" if body.get("publish") else ""} | changes


def test_every_fact_of_the_file_can_be_saved_as_it_stands(data):
    facts = list(all_facts(data))
    assert len({one.path for one in facts}) == len(facts) > 40
    assert {one.field for one in facts if not one.simple} == {"point", "languages"}
    for one in filter(lambda fact: fact.simple, facts):
        assert read_fact(one, form_of(one), TODAY) == of_fact(one.data), one.path
        assert fact(data, one.path) == one


def test_why_people_do_not_see_a_fact(data):
    assert fact(data, PHONE).hidden_because is None
    assert "old" in fact(data, "organisations.bhmac.phone").hidden_because
    assert fact(data, PHONE).age(dt.date(2026, 11, 24)) == 2


def test_what_must_be_known_can_not_be_taken_away(data, answers):
    hidden = fact_at(data, PHONE) | {"publish": False}
    who = missed(answers, with_fact(data, PHONE, hidden), PHONE)
    assert {"ar/avrr_info", "en/avrr_info", "ur/avrr_info"} <= set(who)
    assert missed(answers, data, PHONE) == []
    for key in NEEDED:
        path = f"numbers.{key}"
        who = missed({}, with_fact(data, path, None), path)
        assert "the emergency message" in who


def test_ready_replies_need_facts_too(data):
    path = "organisations.vasa_prava.web"
    who = missed({}, with_fact(data, path, None), path)
    assert who and all(one.startswith("ready reply ") for one in who)


def test_the_lines_that_will_change_in_each_language(data, answers):
    then = with_fact(data, PHONE, fact_at(data, PHONE) | {"value": "+387 33 000 111"})
    lines = changed_lines(answers, data, then, PHONE)
    assert {one.language for one in lines} == {"ar", "fa", "ps", "ur", "fr", "en"}
    for one in lines:
        assert one.before.replace("+387 33 955 200", "+387 33 000 111") == one.after
        # in Arabic script the number is kept in its own order
        assert ("+387 33 000 111\u2069" in one.after) == (one.language not in ("fr", "en"))
    assert fact_at(data, PHONE)["value"] == "+387 33 955 200"


def test_fields_that_an_entry_may_have_can_be_added(data):
    assert "hours" in addable(data, "organisations", "unhcr_info_centre")
    assert may_be_added(data, PHONE) is None  # it is there
    assert may_be_added(data, "organisations.nobody.phone") is None
    assert may_be_added(data, "organisations.iom.names") is None
    for path in ("", "numbers", "numbers.police.value", "desk", "organisations.iom", "version"):
        assert fact(data, path) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "call us"),
        ("phone", "12"),
        ("phone", "+387 (33) 1"),
        ("phone", "٠٣٣ ٩٥٥ ٢٠٠"),
        ("phone", "33 955 200 +387"),
        ("phone", "+387  33 955"),
        ("phone", "1234567890123456"),
        ("email", "someone"),
        ("email", "a@b"),
        ("web", "javascript:alert(1)"),
        ("web", "http://example.org"),
        ("web", "two words.org"),
        ("address", "<b>Street</b>"),
        ("hours", "{number.police}"),
    ],
)
def test_what_can_not_be_a_value(field, value):
    assert problem_of(field, value)


def test_how_a_number_is_dialled():
    assert dialled("+387 33 955 200") == "+38733955200"
    assert dialled("0800 222 25") == "080022225"
    assert dialled("ask") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": ""}, "empty"),
        ({"source": ""}, "without a source"),
        ({"checked": ""}, "without it"),
        ({"checked": "2026-12-02"}, "yet to come"),
        ({"checked": "yesterday"}, "as 2026-11-22"),
        ({"confidence": "old"}, "not published"),
        ({"confidence": "sure"}, "choose one"),
        ({"source": "x" * 1001}, "at most 1000"),
        ({"note": "a\x07b"}, "can't be shown"),
    ],
)
def test_what_is_not_published(data, changes, said):
    found = fact(data, PHONE)
    with pytest.raises(FactProblem, match=said):
        read_fact(found, form_of(found, **changes), TODAY)


def test_the_hours_of_the_desk(data):
    found = fact(data, "desk.hours")
    form = {"source": "the shifts", "checked": "2026-12-01", "publish": "yes"}
    body = read_fact(
        found, form | {"day_mon": "08:00–12:00, 13:00 - 16:00", "closed_on": "2027-01-01"}, TODAY
    )
    assert body["week"] == {"mon": ["08:00-12:00", "13:00-16:00"]}
    assert body["closed_on"] == ["2027-01-01"]
    opening = Directory(with_fact(data, "desk.hours", to_fact(body))).opening
    assert opening.is_open(dt.datetime(2026, 12, 7, 8, 30))  # a Monday, UTC
    for wrong in ({"day_mon": "8-12"}, {"day_mon": "12:00-08:00"}, {"closed_on": "soon"}, {}):
        with pytest.raises(FactProblem):
            read_fact(found, form | wrong, TODAY)


@given(value=st.text(max_size=30), field=st.sampled_from(("phone", "email", "web")))
def test_what_is_taken_for_a_number_or_address_has_nothing_else_in_it(value, field):
    if problem_of(field, value) is None:
        assert value.isascii() and not set(value) & set("<>{}\"'")
        if field == "phone":
            assert dialled(value).lstrip("+").isdigit()
