"""Entries of "you said, we did" in the store, on SQLite and on PostgreSQL."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.changes import STATES, all_changes, published_changes
from store.tables import ChangeRow

ROWS = st.lists(
    st.tuples(
        st.integers(1, 12), st.sampled_from([None, "lipa", "usivak"]), st.sampled_from(STATES)
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, centre=st.sampled_from([None, "lipa", "usivak"]))
async def test_pages_together_are_the_published_entries_once_each_own_centre_then_newest(
    each_database, rows, centre
):
    async with each_database.transaction() as session:
        for row in await all_changes(session):
            await session.delete(row)
        for month, where, state in rows:
            session.add(
                ChangeRow(
                    month=dt.date(2026, month, 1),
                    centre=where,
                    said={"en": "s", "fa": "س"},
                    did={"en": "d"},
                    state=state,
                    written_by="ana",
                )
            )
    read, page, more = [], 0, True
    async with each_database.transaction() as session:
        while more:
            found, more = await published_changes(session, centre, page, 3)
            read += found
            page += 1
        assert len(await all_changes(session)) == len(rows)
    assert all(row.said == {"en": "s", "fa": "س"} for row in read)
    assert len({row.id for row in read}) == len(read)
    assert len(read) == sum(state == "published" for _m, _w, state in rows)
    keys = [(centre is None or row.centre != centre, -row.month.month) for row in read]
    assert keys == sorted(keys)
