"""Versions of answers and facts: four eyes, no overwriting, undo."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import versions
from store.content_state import revision
from store.versions import Thing, VersionError

PHONE = Thing("fact", "organisations.iom.phone")
UNTIL = dt.date(2027, 5, 1)


async def write(session, value: str, by: str = "ana", edits: int = 0):
    row = await versions.save(session, PHONE, {"value": value}, base="0" * 16, edits=edits, by=by)
    await versions.ask_review(session, row)
    return row


async def test_what_is_published_needs_a_second_person(each_database):
    async with each_database.transaction() as session:
        row = await write(session, "1")
        with pytest.raises(VersionError, match="second person"):
            await versions.publish(session, row, "ana", UNTIL, edits=1)
        assert await versions.in_force(session, PHONE) is None
        await versions.publish(session, row, "emir", UNTIL, edits=1)
        found = await versions.in_force(session, PHONE)
        assert (found.body, found.reviewed_by, found.valid_until) == ({"value": "1"}, "emir", UNTIL)
        assert await revision(session) == 1


async def test_a_change_after_the_review_was_opened_is_not_published(each_database):
    async with each_database.transaction() as session:
        row = await write(session, "1")
        await versions.save(session, PHONE, {"value": "2"}, base=None, edits=1, by="ana")
        await versions.ask_review(session, row)
        with pytest.raises(VersionError, match="changed since"):
            await versions.publish(session, row, "emir", UNTIL, edits=1)


async def test_two_editors_do_not_overwrite_each_other(each_database):
    async with each_database.transaction() as session:
        await versions.save(session, PHONE, {"value": "1"}, base=None, edits=0, by="ana")
        with pytest.raises(VersionError, match="Somebody else"):
            await versions.save(session, PHONE, {"value": "2"}, base=None, edits=0, by="emir")
        again = await versions.save(session, PHONE, {"value": "2"}, base=None, edits=1, by="emir")
        assert (again.written_by, again.edits) == ("emir", 2)


async def test_who_saved_last_is_the_writer_who_may_not_publish(each_database):
    async with each_database.transaction() as session:
        row = await write(session, "1", "ana")
        await write(session, "2", "emir", edits=1)
        with pytest.raises(VersionError, match="second person"):
            await versions.publish(session, row, "emir", UNTIL, edits=2)
        await versions.publish(session, row, "ana", UNTIL, edits=2)


async def test_undo_brings_back_the_version_before_and_then_the_file(each_database):
    async with each_database.transaction() as session:
        for value in ("1", "2"):
            row = await write(session, value)
            await versions.publish(session, row, "emir", UNTIL, edits=1)
        assert (await versions.undo(session, PHONE, "ana", "wrong")).body == {"value": "1"}
        assert await versions.undo(session, PHONE, "ana", "wrong too") is None
        with pytest.raises(VersionError, match="Nothing is published"):
            await versions.undo(session, PHONE, "ana", "again")
        states = [row.state for row in await versions.history(session, PHONE)]
        assert states == ["withdrawn", "withdrawn"]
        assert await revision(session) == 4


async def test_a_refused_version_goes_back_with_the_reason(each_database):
    async with each_database.transaction() as session:
        row = await write(session, "1")
        with pytest.raises(VersionError, match="what has to change"):
            await versions.refuse(session, row, "emir", " ")
        await versions.refuse(session, row, "emir", "the source is missing")
        assert (row.state, row.comment) == ("draft", "the source is missing")
        with pytest.raises(VersionError):
            await versions.publish(session, row, "emir", UNTIL, edits=1)
        await versions.drop(session, row, "ana")
        assert await versions.working_on(session, PHONE) is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("save", "ask", "refuse", "publish", "drop", "undo")),
        st.sampled_from(("ana", "emir")),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_happens_one_version_is_in_force_and_two_people_saw_it(database, steps):
    thing = Thing("fact", f"numbers.{len(steps)}-{hash(tuple(steps))}")
    async with database.transaction() as session:
        for step, who in steps:
            row = await versions.working_on(session, thing)
            edits = row.edits if row else 0
            try:
                if step == "save":
                    await versions.save(session, thing, {}, base=None, edits=edits, by=who)
                elif step == "undo":
                    await versions.undo(session, thing, who, "why")
                elif row is None:
                    continue
                elif step == "ask":
                    await versions.ask_review(session, row)
                elif step == "refuse":
                    await versions.refuse(session, row, who, "why")
                elif step == "drop":
                    await versions.drop(session, row, who)
                else:
                    await versions.publish(session, row, who, UNTIL, edits=edits)
            except VersionError:
                pass
            rows = await versions.history(session, thing)
            assert sum(row.state == "published" for row in rows) <= 1
            assert sum(row.state in versions.OPEN for row in rows) <= 1
            shown = [row for row in rows if row.state in ("published", "replaced", "withdrawn")]
            assert all(row.reviewed_by not in (None, row.written_by) for row in shown)
