"""What an editor is told about a text, and what keeps it from being published."""

from dataclasses import replace

import pytest

from content.findings import findings, showable, stops
from content.placeholders import published_placeholders


@pytest.fixture
def ids(library):
    return [answer.id for answer in library.of_language("en")]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "title is empty"),
        ("title", "x" * 29, "At most 28 characters, now 29"),
        ("title", "Call {number.police}", "no facts in braces"),
        ("body", "Call {org.iom.phon}", "{org.iom.phon}: no such fact"),
        ("body", "Call {number.nobody}", "{number.nobody}: no such fact"),
        ("body", "Call {org.nobody.phone}", "no such entry"),
        ("body", "Call {Org.iom.phone}", "brace"),
        ("body", "Call {number.police", "brace"),
        ("body", " ", "text is empty"),
        ("body", "word " * 200, "At most 900 characters"),
        ("sources", (), "No source"),
        ("related", ("nothing",), "nothing can't be"),
        ("related", ("food",), "food can't be"),
    ],
)
def test_what_cannot_be_shown_is_stopped(library, ids, field, value, words):
    food = library.get("food", "en")
    assert stops(food, library.directory, ids) == []
    [stop] = stops(replace(food, **{field: value}), library.directory, ids)
    assert stop.stops and stop.field == field and words in stop.message


def test_a_fact_that_is_not_published_is_stopped(library, ids):
    facts = {
        f"org.{key}.{field}"
        for key, entry in library.directory.data["organisations"].items()
        for field, fact in entry.items()
        if isinstance(fact, dict) and "value" in fact and not fact["publish"]
    }
    assert facts
    for name in facts:
        text = replace(library.get("food", "en"), body=f"Ask {{{name}}}")
        [stop] = stops(text, library.directory, ids)
        assert "not to be published" in stop.message and name in stop.message
        assert name not in published_placeholders(library.directory, "en")


def test_what_should_be_mended_does_not_stop(library, ids):
    farsi = library.get("food", "fa")
    text = replace(farsi, body=farsi.body + "\nشماره 033 955 200")
    found = findings(text, library.get("food", "en"), library.directory, ids)
    assert any("typed by hand" in one.message for one in found)
    assert not any(one.stops for one in found)


def test_a_preview_can_always_be_made(library, ids):
    text = replace(
        library.get("food", "ar"), body="{org.iom.phon} {number.police}", related=("food", "x")
    )
    shown = showable(text, library.directory, ids)
    assert shown.body == "⟦org.iom.phon⟧ {number.police}"
    assert shown.related == ("food",)


def test_every_placeholder_that_is_offered_has_a_value(library):
    for language in ("fa", "en"):
        offered = published_placeholders(library.directory, language)
        assert offered["number.police"] == library.directory.number("police")
        assert all(offered.values())
        for name, value in offered.items():
            assert library.directory.fill(f"{{{name}}}", language) == value
