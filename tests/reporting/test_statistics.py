"""What is counted, on SQLite and on PostgreSQL."""

import datetime as dt

import pytest

from reporting.disclosure import Group
from reporting.selection import NOT_GIVEN, Selection, SelectionError, select_feedback
from reporting.statistics import LONGER, Topic, statistics, volume
from store.tables import ReportRow
from tests.reporting.support import fill, item

MARCH = Selection(dt.date(2025, 3, 1), dt.date(2025, 3, 1))
LATER = dt.date(2025, 4, 20)


def day(n: int) -> dt.date:
    return dt.date(2025, 3, n)


async def count(database, selection: Selection, as_of: dt.date = LATER):
    async with database.reading() as connection:
        found = await statistics(connection, selection, as_of)
        assert await volume(connection, selection) == found.total
    return found


async def test_items_are_counted_by_each_column_with_their_cell_keys(each_database):
    await fill(
        each_database,
        item(cell_key=1, code="food_quality", coded_by="omar"),
        item(cell_key=20, centre=None, language="fa", code="food_quality"),
        item(cell_key=300, type="praise", channel="telegram", category="staff", given_on=day(31)),
        item(cell_key=4000, given_on=dt.date(2025, 4, 1)),
        item(cell_key=5000, given_on=dt.date(2025, 2, 28)),
    )
    found = await count(each_database, MARCH)
    assert found.total == Group(3, 321)
    assert found.by_day == {day(12): Group(2, 21), day(31): Group(1, 300)}
    assert found.by_type == {"complaint": Group(2, 21), "praise": Group(1, 300)}
    assert found.by_centre == {"lipa": Group(2, 301), NOT_GIVEN: Group(1, 20)}
    assert found.by_language == {"ar": Group(2, 301), "fa": Group(1, 20)}
    assert found.by_channel == {"web": Group(2, 21), "telegram": Group(1, 300)}
    assert found.by_topic == {
        Topic("food", "food_quality"): Group(2, 21),
        Topic("staff", None): Group(1, 300),
    }
    assert found.confirmed == Group(1, 1)


async def test_response_times_fall_into_bands_and_only_what_is_open_can_be_overdue(each_database):
    answered = {0: "same day", 1: "1–2 days", 2: "1–2 days", 3: "3–7 days", 7: "3–7 days",
                8: "8–14 days", 14: "8–14 days", 15: LONGER}  # fmt: skip
    await fill(
        each_database,
        *(item(given_on=day(2), answered_on=day(2 + n), status="answered") for n in answered),
        item(given_on=day(1), status="closed"),
        item(given_on=day(13), status="new", code="food_quality"),
        item(given_on=day(12), status="in_progress", code="food_quality"),
        item(given_on=day(1), waiting_since=day(19), status="in_progress"),
    )
    found = await count(each_database, MARCH, as_of=day(20))
    expected = {band: sum(b == band for b in answered.values()) for band in answered.values()}
    assert {band: group.n for band, group in found.by_response.items()} == expected
    assert (found.done.n, found.open.n, found.overdue.n) == (9, 3, 1)
    assert {topic.code: group.n for topic, group in found.open_by_topic.items()} == {
        "food_quality": 2,
        None: 1,
    }


async def test_a_topic_comes_from_the_code_or_else_from_the_area_of_the_form(each_database):
    await fill(
        each_database,
        item(type="rumour", category="information", code="asylum_waiting"),
        item(type="rumour", category="other", code="a code of an old frame"),
        item(category="health"),
    )
    found = await count(each_database, MARCH)
    assert set(found.rumours_by_topic) == {Topic("asylum", "asylum_waiting"), Topic("other", None)}
    assert Topic("health", None) in found.by_topic


async def test_sensitive_items_are_in_one_number_a_month_with_reports_and_in_nothing_else(
    each_database,
):
    await fill(
        each_database,
        item(sensitive=True, cell_key=7, code="staff_sea", centre="usivak", type="rumour"),
        item(),
    )
    async with each_database.transaction() as session:
        session.add(
            ReportRow(given_on=day(3), kind="gbv", language="fa", body=b"", id="0" * 31 + "b")
        )
        session.add(ReportRow(given_on=dt.date(2025, 4, 1), kind="gbv", language="fa", body=b""))
    for selection in (MARCH, Selection(MARCH.first, MARCH.last, centre="lipa", language="ar")):
        found = await count(each_database, selection)
        assert found.total.n == 1 and set(found.by_centre) == {"lipa"}
        assert not found.rumours_by_topic
        assert found.sensitive == {MARCH.first: Group(2, 7 + 11)}


async def test_filters_narrow_down_and_combine(each_database):
    await fill(
        each_database,
        item(),
        item(centre=None),
        item(language="fr"),
        item(type="question"),
    )
    for filters, n in (
        ({}, 4),
        ({"centre": "lipa"}, 3),
        ({"centre": NOT_GIVEN}, 1),
        ({"language": "fr", "type": "complaint"}, 1),
        ({"language": "fr", "type": "question"}, 0),
    ):
        chosen = select_feedback(LATER, {"lipa"}, first="2025-03", last="2025-03", **filters)
        assert (await count(each_database, chosen)).total.n == n, filters


def test_a_period_is_whole_months_and_by_default_the_last_three():
    chosen = select_feedback(dt.date(2025, 1, 15), ())
    assert (chosen.first, chosen.end) == (dt.date(2024, 11, 1), dt.date(2025, 2, 1))
    assert [f"{m:%Y-%m}" for m in chosen.months] == ["2024-11", "2024-12", "2025-01"]
    again = select_feedback(dt.date(2025, 1, 15), (), first="2024-11", last="2025-01")
    assert again == chosen and chosen.query() == "from=2024-11&to=2025-01"


@pytest.mark.parametrize(
    "filters",
    [
        {"first": "2025-3"},
        {"first": "2025-13"},
        {"last": "0001-01"},
        {"first": "٢٠٢٥-٠٣"},
        {"last": "2025-05"},
        {"first": "2025-04", "last": "2025-03"},
        {"first": "2020-04", "last": "2025-04"},
        {"centre": "nowhere"},
        {"language": "de"},
        {"type": "novel"},
    ],
)
def test_a_filter_that_is_not_known_is_refused(filters):
    with pytest.raises(SelectionError):
        select_feedback(LATER, {"lipa"}, **filters)


async def test_a_long_read_holds_up_no_writer_and_sees_one_state(each_database):
    await fill(each_database, item())
    async with each_database.reading() as connection:
        assert (await volume(connection, MARCH)).n == 1
        await fill(each_database, item())
        assert (await volume(connection, MARCH)).n == 1
    async with each_database.reading() as connection:
        assert (await volume(connection, MARCH)).n == 2
