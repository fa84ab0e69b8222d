"""Notices in the store: when they take place, and the life of a broadcast."""

import contextlib
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from store.local_time import from_local, local
from store.notice_tables import BroadcastOutboxRow, BroadcastRow, NoticeRow, SubscriptionRow
from store.notices import broadcasts, sending
from store.notices.states import OPEN, STATES, STEPS, NotPossible, after
from store.notices.subscriptions import unsubscribe
from store.notices.times import over, times
from store.tables import now
from tests.support.notices import put_notice, put_subscriber

#: Clock times of every year and hour, but for the hour that does not exist in spring.
LOCAL = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2035, 1, 1)).filter(
    lambda at: not (at.month == 3 and at.hour in (2, 3))
)


@given(starts=LOCAL, minutes=st.integers(1, 600), weeks=st.integers(0, 60))
def test_a_series_keeps_its_weekday_and_local_hour_over_a_year(starts, minutes, weeks):
    until = (starts + dt.timedelta(weeks=weeks)).date()
    end = from_local(starts + dt.timedelta(minutes=minutes))
    if end <= from_local(starts):
        return  # over the hour that comes twice
    found = times(from_local(starts), end, until)
    assert len(found) == min(weeks, 52) + 1
    assert over(from_local(starts), end, until) == found[-1][1]
    for n, (begins, _ends) in enumerate(found):
        here = local(begins).replace(tzinfo=None)
        moved = here.month == 3 and here.hour in (2, 3)  # the missing hour
        assert moved or here == starts + dt.timedelta(weeks=n)
    assert found == sorted(found)


@given(state=st.sampled_from(STATES), steps=st.lists(st.sampled_from(STEPS), max_size=8))
def test_a_broadcast_that_ended_never_goes_on(state, steps):
    for step in steps:
        try:
            then = after(state, step)
        except NotPossible:
            continue
        assert state in OPEN and then != state
        assert (step == "resume") == (then == "running")
        state = then


DEEDS = st.lists(
    st.sampled_from(
        ["pause", "resume", "cancel", "send", "fail", "later", "crash", "leave", "withdraw", "over"]
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
async def test_whatever_happens_the_numbers_add_up_and_nobody_gets_it_twice(
    each_database, keys, deeds
):
    async with each_database.transaction() as session:
        for table in (NoticeRow, BroadcastRow, BroadcastOutboxRow, SubscriptionRow):
            await session.execute(delete(table))
    people = [await put_subscriber(each_database, keys, n) for n in range(6)]
    notice_id = await put_notice(each_database)
    async with each_database.transaction() as session:
        broadcast_id = (await broadcasts.start(session, notice_id, "ana")).id
    got: list[str] = []
    for deed in deeds:
        await _do(each_database, deed, notice_id, broadcast_id, people, got)
        async with each_database.looking() as session:
            [state] = await broadcasts.progress(session, notice_id)
        assert state.row.sent == len(got) == len(set(got))
        assert state.row.sent + state.row.failed + state.waiting + state.left == 6
        assert state.open or state.waiting == 0
        assert state.open == (state.row.ended_at is None)


async def _do(database, deed, notice_id, broadcast_id, people, got) -> None:
    async with database.transaction() as session:
        if deed in ("pause", "resume", "cancel"):
            with contextlib.suppress(NotPossible):
                await broadcasts.take_step(session, broadcast_id, deed)
        elif deed == "leave":
            await unsubscribe(session, people[0])
        elif deed == "withdraw":
            await broadcasts.withdraw(session, await session.get(NoticeRow, notice_id))
        elif deed == "over":
            (await session.get(NoticeRow, notice_id)).over = now()
    if deed in ("send", "fail", "later", "crash"):
        async with database.transaction() as session:
            claimed = await sending.claim(session, 2)
        for one in claimed:
            async with database.transaction() as session:
                if await sending.to_send(session, one) is None:
                    continue
                if deed == "send":
                    await sending.sent(session, one)
                    got.append(one.pseudonym)
                elif deed == "fail":
                    await sending.failed(session, one)
                elif deed == "later":
                    await sending.try_again(session, one, 0)
    async with database.looking() as session:
        found = await broadcasts.to_end(session)
    for ended, step in found:
        async with database.transaction() as session:
            await broadcasts.take_step(session, ended, step)


async def test_a_message_is_counted_once_also_where_two_processes_sent_it(each_database, keys):
    await put_subscriber(each_database, keys, 1)
    await put_subscriber(each_database, keys, 2)
    notice_id = await put_notice(each_database)
    async with each_database.transaction() as session:
        await broadcasts.start(session, notice_id, "ana")
        [one, _other] = await sending.claim(session, 2)
    for _ in range(2):
        async with each_database.transaction() as session:
            await sending.sent(session, one)
    async with each_database.looking() as session:
        [state] = await broadcasts.progress(session, notice_id)
    assert (state.row.sent, state.waiting) == (1, 1)


async def test_claims_are_not_given_twice(each_database, keys):
    for n in range(4):
        await put_subscriber(each_database, keys, n)
    notice_id = await put_notice(each_database)
    async with each_database.transaction() as session:
        await broadcasts.start(session, notice_id, "ana")
    got = []
    for _ in range(3):
        async with each_database.transaction() as session:
            got += await sending.claim(session, 2)
    assert len(got) == len({one.id for one in got}) == 4


async def test_one_process_at_a_time_has_the_right_to_send(each_database):
    async with each_database.transaction() as session:
        assert await sending.hold(session, "a") and not await sending.hold(session, "b")
        assert await sending.hold(session, "a")


async def test_without_subscribers_a_broadcast_is_done_at_once(each_database):
    notice_id = await put_notice(each_database)
    async with each_database.transaction() as session:
        row = await broadcasts.start(session, notice_id, "ana")
        assert (row.state, row.total) == ("done", 0)
    with pytest.raises(NotPossible):
        async with each_database.transaction() as session:
            await broadcasts.take_step(session, row.id, "resume")
