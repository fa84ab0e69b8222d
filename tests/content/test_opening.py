"""The opening hours of the counsellors' desk: reading, being open, and saying so."""

import datetime as dt
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.answers import CONTENT
from content.check import check_content
from content.directory import Directory
from content.languages import LANGUAGES
from content.opening import OpeningError, read_opening

WEEK = {"mon": ["08:00-12:00", "13:00-16:00"], "tue": ["08:00-16:00"], "wed": ["08:00-16:00"]}


def hours(**more):
    fact = {"source": "s", "checked": dt.date(2026, 1, 1), "publish": True}
    return read_opening({"timezone": "Europe/Sarajevo", "week": WEEK} | fact | more)


def test_of_our_own_desk_no_hours_are_known():
    assert Directory.load().opening is None
    assert hours(publish=False) is None


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ("2026-11-30 06:59", False),  # a Monday in winter: 07:59 in Sarajevo
        ("2026-11-30 07:00", True),
        ("2026-11-30 11:30", False),  # the pause
        ("2026-11-30 14:59", True),
        ("2026-11-30 15:00", False),
        ("2026-07-06 06:00", True),  # summer time
        ("2026-12-06 10:00", False),  # Sunday
    ],
)
def test_it_is_open_by_the_clock_of_the_place(utc, is_open):
    assert hours().is_open(dt.datetime.fromisoformat(utc)) is is_open


def test_the_next_opening_passes_over_days_that_are_closed():
    at = dt.datetime(2026, 12, 2, 20)  # Wednesday evening
    assert hours().next_opening(at).isoformat() == "2026-12-07T08:00:00+01:00"
    closed = hours(closed_on=[dt.date(2026, 12, 7)])
    assert closed.next_opening(at).isoformat() == "2026-12-08T08:00:00+01:00"


@given(at=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)))
def test_at_the_next_opening_it_is_open_and_a_minute_before_it_was_not(at):
    opening = hours()
    opens = opening.next_opening(at)
    assert opens > at.replace(tzinfo=dt.UTC) and opening.is_open(opens)
    assert not opening.is_open(opens - dt.timedelta(minutes=1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_week_is_said_in_each_language_with_equal_days_together(language):
    words = hours().in_words(language)
    assert words.count("08:00–16:00") == 1 and words.count("–") >= 3
    moment = hours().moment(language, dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC))
    assert "08:00" in moment and "30" in moment
    monday = {
        "ar": "الاثنين",
        "fa": "دوشنبه",
        "ps": "دونۍ",
        "ur": "پیر",
        "fr": "lundi",
        "en": "Monday",
    }
    assert moment.startswith(monday[language])


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Base"},
        {"timezone": None},
        {"week": {"monday": ["08:00-16:00"]}},
        {"week": {"mon": ["16:00-08:00"]}},
        {"week": {"mon": ["8-16"]}},
        {"week": {"mon": ["08:00-12:00", "11:00-16:00"]}},
        {"week": {}},
        {"closed_on": ["someday"]},
        {"source": ""},
    ],
)
def test_hours_that_make_no_sense_are_refused(wrong):
    with pytest.raises(OpeningError):
        hours(**wrong)


def test_the_content_check_finds_wrong_hours(tmp_path):
    shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__*"))
    path = tmp_path / "content" / "directory.yml"
    text = path.read_text(encoding="utf-8").replace("week: {}", 'week: {mon: ["9-5"]}', 1)
    path.write_text(text, encoding="utf-8")
    assert any("9-5" in str(finding) for finding in check_content(tmp_path / "content"))
