"""What supervisors see, targets and shifts in the store, on SQLite and on PostgreSQL."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.case_tables import CaseRow, TargetRow
from store.cases.messages import add_message, lock_case
from store.cases.moving import close, rate, take
from store.cases.opening import add_case
from store.local_time import hour_key, local, read_hour_key
from store.presence import leave, touch
from store.shifts import (
    DAY,
    Shift,
    ShiftError,
    check_apart,
    open_hours,
    planned,
    ranges,
    read_shift,
    set_shifts,
    shifts_of,
)
from store.staff import add_staff
from store.supervision.live import state_now
from store.supervision.past import by_month, counted, demand, kept_cases
from store.supervision.targets import (
    anything_to_note,
    missed,
    not_told,
    set_targets,
    target_values,
    to_tell,
    told,
)
from store.tables import now, today


async def opened(database, keys, pseudonym="p", minutes=0, **more) -> str:
    """A case opened some minutes ago; its id."""
    more = {"language": "ps", "centre": None, "danger": False, "text": "x"} | more
    async with database.transaction() as session:
        case = await add_case(session, keys, pseudonym=pseudonym, **more)
        case.opened_at = case.waiting_since = now() - dt.timedelta(minutes=minutes)
        case.unanswered_since = case.opened_at
    return case.id


async def counsellor(database, name, *languages) -> None:
    """An account that is connected."""
    async with database.transaction() as session:
        row = await add_staff(session, name, "counsellor", "correct horse battery")
        row.languages = list(languages)
    async with database.transaction() as session:
        await touch(session, [name])


async def state(database):
    async with database.reading() as connection:
        return await state_now(connection)


async def missing(database) -> dict[str, int]:
    """How many cases miss each target."""
    async with database.reading() as connection:
        found = missed(await state_now(connection), await target_values(connection))
    return {name: len(cases) for name, cases in found.items() if cases}


async def look(database) -> dict[str, int]:
    """One look of the alerts that is sent; how many cases it tells of by target."""
    async with database.reading() as connection:
        found = missed(await state_now(connection), await target_values(connection))
        wanted = await anything_to_note(connection, found)
    async with database.transaction() as session:
        due = await to_tell(session, found)
    assert wanted or not due
    async with database.transaction() as session:
        await told(session, due)
    return {name: len(ids) for name, ids in due.items()}


async def answer(database, keys, case_id, by) -> None:
    async with database.transaction() as session:
        await take(session, keys, case_id, by)
        case = await lock_case(session, case_id)
        await add_message(session, keys, case, "hello", from_person=False, author=by)


async def test_the_state_now_has_every_open_case_by_language_status_and_age(each_database, keys):
    await counsellor(each_database, "ana", "ps")
    await counsellor(each_database, "bo", "fa")
    old = await opened(each_database, keys, "a", minutes=90)
    await opened(each_database, keys, "b", minutes=3000, language="ar")
    danger = await opened(each_database, keys, "c", minutes=1, danger=True)
    gone = await opened(each_database, keys, "d")
    async with each_database.transaction() as session:
        await take(session, keys, old, "ana")
        await close(session, keys, gone, None, "left")
        await leave(session, "bo")
    found = await state(each_database)
    assert [case.id for case in found.cases][0] == danger and len(found.cases) == 3
    assert found.ages() == {
        ("ar", "queued"): [0, 0, 0, 0, 1],
        ("ps", "queued"): [1, 0, 0, 0, 0],
        ("ps", "taken"): [0, 0, 1, 0, 0],
    }
    assert 2999 < found.longest_wait.total_seconds() / 60 < 3001
    loads = {one.name: (one.taken, one.unanswered, one.state) for one in found.counsellors}
    assert loads == {"ana": (1, 1, "there"), "bo": (0, 0, "away")}
    await answer(each_database, keys, old, "ana")
    assert (await state(each_database)).counsellors[0].unanswered == 0


async def test_a_supervisor_who_has_a_case_is_seen_and_counts_for_no_danger(each_database, keys):
    case_id = await opened(each_database, keys)
    async with each_database.transaction() as session:
        boss = await add_staff(session, "boss", "supervisor", "correct horse battery")
        boss.languages = ["ps"]
    assert (await state(each_database)).counsellors == ()
    async with each_database.transaction() as session:
        await touch(session, ["boss"])
        await take(session, keys, case_id, "boss")
    await opened(each_database, keys, "q", danger=True)
    [load] = (await state(each_database)).counsellors
    assert (load.name, load.taken, load.state) == ("boss", 1, "no new cases")
    assert await missing(each_database) == {"danger_nobody": 1}


async def test_cases_miss_targets_by_what_they_wait_for_and_dangers_apart(each_database, keys):
    await counsellor(each_database, "ana", "ps")
    await opened(each_database, keys, "a", minutes=12)
    assert await missing(each_database) == {"waiting": 1}
    async with each_database.transaction() as session:
        await set_targets(session, {"waiting": 20, "first_reply": 11})
    assert await missing(each_database) == {"first_reply": 1}
    await opened(each_database, keys, "b", minutes=3, danger=True)
    await opened(each_database, keys, "c", danger=True, language="fa")
    assert await missing(each_database) == {
        "first_reply": 1,
        "danger_wait": 1,
        "danger_nobody": 1,
    }
    taken = await opened(each_database, keys, "d", minutes=60 * 73)
    await answer(each_database, keys, taken, "ana")
    async with each_database.transaction() as session:
        case = await session.get(CaseRow, taken)
        case.unanswered_since = now() - dt.timedelta(minutes=31)
    found = await missing(each_database)
    assert (found["unanswered"], found["close"], found["first_reply"]) == (1, 1, 1)


@pytest.mark.parametrize("value", [0, -1, 1441])
async def test_a_target_that_can_not_be_is_refused_with_its_bounds(database, value):
    with pytest.raises(ValueError, match="from 1 to 1440 minutes"):
        async with database.transaction() as session:
            await set_targets(session, {"waiting": value})
    with pytest.raises(ValueError, match="language"):
        async with database.transaction() as session:
            await set_targets(session, {"danger_nobody": 5})


async def test_a_missed_target_is_told_once_again_after_an_hour_or_when_it_was_met(
    each_database, keys
):
    first = await opened(each_database, keys, "a", minutes=12)
    assert await look(each_database) == {"waiting": 1}
    await opened(each_database, keys, "b", minutes=12)
    assert await look(each_database) == {}
    async with each_database.transaction() as session:
        row = await session.get(TargetRow, "waiting")
        row.alerted_at = now() - dt.timedelta(minutes=61)
    assert await look(each_database) == {"waiting": 2}
    async with each_database.transaction() as session:
        for case_id in [case.id for case in (await state(each_database)).cases]:
            await close(session, keys, case_id, None, "left")
    assert await look(each_database) == {}
    await opened(each_database, keys, "c", minutes=12)
    assert await look(each_database) == {"waiting": 1}
    assert first


async def test_each_danger_is_told_at_once_and_again_if_it_waits_again(each_database, keys):
    await counsellor(each_database, "ana", "ps", "fa")
    first = await opened(each_database, keys, "a", minutes=3, danger=True)
    assert await look(each_database) == {"danger_wait": 1}
    assert await look(each_database) == {}
    await opened(each_database, keys, "b", minutes=3, danger=True)
    assert await look(each_database) == {"danger_wait": 2}
    await answer(each_database, keys, first, "ana")
    assert await look(each_database) == {}
    async with each_database.transaction() as session:
        case = await session.get(CaseRow, first)
        case.status, case.waiting_since = "queued", now() - dt.timedelta(minutes=3)
    assert await look(each_database) == {"danger_wait": 2}
    async with each_database.transaction() as session:
        await leave(session, "ana")
    assert await look(each_database) == {"danger_nobody": 2}


async def test_of_two_who_look_one_tells_and_what_was_not_sent_is_told_again(each_database, keys):
    await opened(each_database, keys, "a", minutes=12)
    async with each_database.reading() as connection:
        found = missed(await state_now(connection), await target_values(connection))
    async with each_database.transaction() as session:
        due = await to_tell(session, found)
    async with each_database.transaction() as session:
        assert list(due) == ["waiting"] and await to_tell(session, found) == {}
        await not_told(session, due)
    async with each_database.transaction() as session:
        assert await to_tell(session, found) == due


async def test_medians_are_of_five_cases_at_least_and_by_week_and_language(each_database, keys):
    for n in range(6):
        case_id = await opened(each_database, keys, f"p{n}", language="fa" if n == 5 else "ps")
        async with each_database.transaction() as session:
            case = await session.get(CaseRow, case_id)
            case.first_reply_at = case.opened_at + dt.timedelta(minutes=n)
            case.status, case.closed_at = "closed", case.opened_at + dt.timedelta(hours=n)
    async with each_database.reading() as connection:
        every, farsi = await kept_cases(connection), await kept_cases(connection, "fa")
    assert every.languages["ps"].first_reply.median == 2
    assert every.languages["ps"].to_close.median == 120
    assert every.languages["fa"].first_reply.cases == 1
    assert every.languages["fa"].first_reply.median is None
    this_week = list(every.weeks.values())[-1]
    assert this_week.first_reply.cases == 6 and this_week.first_reply.most == 4.5
    assert list(farsi.weeks.values())[-1].first_reply.cases == 1
    assert len(every.weeks) == 8


async def test_counts_stay_by_month_when_the_cases_are_gone_and_hours_have_no_day(
    each_database, keys
):
    for n in range(3):
        case_id = await opened(each_database, keys, f"p{n}", topic="asylum" if n else None)
        async with each_database.transaction() as session:
            await take(session, keys, case_id, "ana")
            case = await lock_case(session, case_id)
            await add_message(session, keys, case, "x", from_person=False, author="ana")
            await close(session, keys, case_id, "ana", "solved")
            await rate(session, case_id, f"p{n}", n + 3)
            await session.delete(await session.get(CaseRow, case_id))
    month = today().replace(day=1)
    async with each_database.reading() as connection:
        found = await counted(connection, month - dt.timedelta(days=31))
        nothing = await counted(connection, month - dt.timedelta(days=31), "fr")
    assert by_month(found, "case_opened", lambda _topic: "all")[month] == {"all": 3}
    assert by_month(found, "case_reply")[month] == {"5m": 3}
    assert by_month(found, "case_closed")[month] == {"solved": 3}
    assert by_month(found, "case_rating")[month] == {"3": 1, "4": 1, "5": 1}
    assert sum(map(sum, demand(found))) == 3 and nothing == []


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1)))
def test_an_hour_is_read_as_it_was_written(at):
    there = local(at)
    assert read_hour_key(hour_key(there)) == (there.weekday(), there.hour)
    assert there.utcoffset() in (dt.timedelta(hours=1), dt.timedelta(hours=2))


@given(st.text(max_size=6))
def test_a_key_that_is_no_hour_is_none(key):
    found = read_hour_key(key)
    assert found is None or (0 <= found[0] < 7 and 0 <= found[1] < 24)


TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


@given(st.integers(0, 6), TIMES, TIMES)
def test_a_shift_lasts_at_most_a_day_and_is_planned_as_long_as_it_lasts(weekday, begins, ends):
    if begins == ends != "00:00":
        with pytest.raises(ShiftError, match="can't end when it begins"):
            read_shift(weekday, begins, ends)
        return
    shift = read_shift(weekday, begins, ends)
    assert 0 < shift.ends - shift.begins <= DAY
    hours = sum(map(sum, planned([shift])))
    whole = shift.ends // 60 - -(-shift.begins // 60)
    assert hours == max(0, whole)


@given(st.text(max_size=5))
def test_what_is_no_time_is_refused_with_the_day(text):
    try:
        shift = read_shift(1, text, "23:59")
    except ShiftError as error:
        assert "Tuesday" in str(error)
    else:
        assert shift.times.startswith(text)


@pytest.mark.parametrize(
    "shifts, apart",
    [
        ([Shift(0, 480, 960), Shift(0, 960, 1200)], True),
        ([Shift(0, 480, 960), Shift(0, 900, 1200)], False),
        ([Shift(0, 1320, 1800), Shift(1, 300, 600)], False),
        ([Shift(6, 1320, 1800), Shift(0, 300, 600)], False),
        ([Shift(6, 1320, 1800), Shift(0, 360, 600)], True),
        ([Shift(day, 0, 1440) for day in range(7)], True),
        ([Shift(0, 480, 960), Shift(0, 480, 960)], False),
        ([Shift(3, 480, 960)], True),
    ],
)
def test_shifts_of_one_person_may_touch_and_not_overlap_also_over_the_week_end(shifts, apart):
    if apart:
        check_apart(shifts)
    else:
        with pytest.raises(ShiftError, match="at the same time"):
            check_apart(shifts)


def test_a_night_from_sunday_goes_on_on_monday_and_is_told_in_hours():
    grid = planned([read_shift(6, "22:00", "06:00"), read_shift(0, "08:30", "12:00")])
    assert grid[6][22:] == [1, 1] and grid[0][:6] == [1] * 6
    assert ranges(grid[0]) == [(0, 6, 1), (6, 9, 0), (9, 12, 1), (12, 24, 0)]
    assert ranges(grid[3]) == [(0, 24, 0)]


def test_an_hour_is_open_that_is_open_for_a_part_and_all_are_where_none_are_known():
    hours = open_hours({0: ((540, 750),), 4: ((540, 600), (1380, 1440))})
    assert [hour for hour in range(24) if hours[0][hour]] == [9, 10, 11, 12]
    assert [hour for hour in range(24) if hours[4][hour]] == [9, 23]
    assert sum(map(sum, hours)) == 6 and sum(map(sum, open_hours(None))) == 168


async def test_shifts_are_replaced_as_a_whole(each_database):
    async def of(name):
        async with each_database.transaction() as session:
            return (await shifts_of(session, [name]))[name]

    async with each_database.transaction() as session:
        await set_shifts(session, "ana", [Shift(2, 480, 960), Shift(0, 480, 960)])
        await set_shifts(session, "bo", [Shift(1, 0, 60)])
    async with each_database.transaction() as session:
        await set_shifts(session, "ana", [Shift(4, 1320, 1800)])
    assert await of("ana") == [Shift(4, 1320, 1800)] and await of("bo") == [Shift(1, 0, 60)]
    with pytest.raises(ShiftError):
        async with each_database.transaction() as session:
            await set_shifts(session, "ana", [Shift(0, 0, 60), Shift(0, 30, 90)])
    assert await of("ana") == [Shift(4, 1320, 1800)]
