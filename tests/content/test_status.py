"""How an answer stands in a language."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.answers import Answer
from content.source_hash import source_hash
from content.status import STATUSES, file_changed, statuses

TODAY = dt.date(2026, 12, 1)
ENGLISH = Answer(
    id="food",
    language="en",
    title="Food",
    status="reviewed",
    checked=dt.date(2026, 11, 1),
    valid_until=dt.date(2027, 5, 1),
    sources=("x",),
    related=(),
    body="Ask at the info desk.",
)
FARSI = replace(ENGLISH, language="fa", title="غذا", made_from=source_hash(ENGLISH))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("reviewed",)),
        ({"status": "draft"}, ("draft",)),
        ({"made_from": "0" * 12}, ("outdated", "reviewed")),
        ({"made_from": ""}, ("not compared", "reviewed")),
        ({"made_from": None, "status": "draft"}, ("not compared", "draft")),
        ({"valid_until": dt.date(2026, 12, 31)}, ("expiring", "reviewed")),
        ({"valid_until": dt.date(2027, 1, 1)}, ("reviewed",)),
        ({"valid_until": TODAY}, ("expiring", "reviewed")),
        ({"valid_until": dt.date(2026, 11, 30)}, ("expired", "reviewed")),
        (
            {"valid_until": dt.date(2026, 11, 30), "made_from": "0" * 12, "status": "draft"},
            ("expired", "outdated", "draft"),
        ),
    ],
)
def test_all_that_is_true_of_a_translation_is_said_the_most_urgent_first(change, expected):
    assert statuses(replace(FARSI, **change), ENGLISH, TODAY) == expected


def test_what_is_not_written_is_missing_and_english_is_compared_with_nothing():
    assert statuses(None, ENGLISH, TODAY) == ("missing",)
    assert statuses(ENGLISH, ENGLISH, TODAY) == ("reviewed",)
    assert statuses(replace(FARSI, made_from="0" * 12), None, TODAY) == ("reviewed",)


@given(word=st.sampled_from(ENGLISH.body.split()))
def test_every_other_word_of_the_english_text_makes_its_translations_outdated(word):
    changed = replace(ENGLISH, body=ENGLISH.body.replace(word, "other"))
    assert "outdated" in statuses(FARSI, changed, TODAY)
    blanks = replace(ENGLISH, body=ENGLISH.body.replace(" ", "  ") + "\n\n")
    assert "outdated" not in statuses(FARSI, blanks, TODAY)


def test_every_status_has_its_meaning():
    assert all(STATUSES.values())


def test_a_file_that_no_version_knows_of_has_changed():
    assert file_changed("a", {"b", "c"})
    assert not file_changed("a", {"a", "c"})
    assert not file_changed(None, {"b"})
