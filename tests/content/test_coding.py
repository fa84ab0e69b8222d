"""The coding frame, and what it suggests."""

import shutil

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.feedback import AREAS
from actions.feedback import TYPES as FORM_TYPES
from content.coding import FRAME, TYPES, FrameError, frame, read_frame, suggest
from content.intents import danger_intents


def test_every_type_and_area_of_the_form_leads_into_the_frame():
    assert set(FORM_TYPES) <= set(TYPES)
    led = set().union(*(category.areas for category in frame().categories.values()))
    assert led <= set(AREAS)
    assert set(AREAS) - led == set()


def test_what_the_protection_desk_must_see_is_sensitive_whatever_type_it_is_given():
    sensitive = [code for code in frame().codes.values() if code.sensitive]
    assert all(set(code.types) == set(TYPES) for code in sensitive)
    covered = set().union(*(code.intents for code in sensitive))
    wanted = {"sea_report", "gbv", "trafficking", "border_violence", "violence", "suicide_risk"}
    assert wanted | {"child_alone"} <= covered
    assert wanted <= danger_intents()


@pytest.mark.parametrize(
    ("kind", "area", "text", "understood", "code"),
    [
        (
            "complaint",
            "food",
            "the meat was rotten",
            ("feedback_complaint", "food"),
            "food_quality",
        ),
        ("complaint", "hygiene", "", (), "hygiene_other"),
        ("suggestion", "other", "کاش وای فای قوی‌تر شود", ("phone_internet",), "daily_internet"),
        ("complaint", "staff", "…", ("sea_report",), None),
    ],
)
def test_intent_words_and_area_suggest_a_code(kind, area, text, understood, code):
    found = suggest(kind, area, text, understood)
    if code:
        assert found.id == code
    else:
        assert found.sensitive


def test_nothing_is_suggested_where_nothing_speaks_for_a_code():
    assert suggest("complaint", "other", "xyzzy") is None


@given(st.sampled_from(TYPES), st.sampled_from(sorted(AREAS)), st.text(max_size=80))
def test_a_suggestion_always_fits_the_type(kind, area, text):
    found = suggest(kind, area, text)
    assert found is None or kind in found.types


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["types"].pop(), "the types must be"),
        (lambda d: d["categories"][0]["codes"][0]["label"].pop("ps"), "a label is missing"),
        (lambda d: d["categories"][0]["codes"][0].update(intents=["weather"]), "unknown intent"),
        (lambda d: d["categories"][0]["codes"][0].update(types=["rant"]), "unknown type"),
        (lambda d: d["categories"][0]["codes"][0].update(id="food_other"), "same id"),
        (lambda d: d["categories"][0]["codes"].pop(), "one code for the rest"),
        (lambda d: d.pop("categories"), "not a coding frame"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused_with_what_is_wrong(tmp_path, change, words):
    path = tmp_path / "coding_frame.yml"
    shutil.copy(FRAME, path)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(FrameError, match=words):
        read_frame(path)
