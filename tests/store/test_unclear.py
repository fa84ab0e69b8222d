"""Unclear messages in the store, on SQLite and on PostgreSQL."""

import datetime as dt

from alembic import command
from alembic.config import Config
from sqlalchemy import Date, bindparam, func, inspect, select, text

from store.database import MIGRATIONS, Database
from store.feedback import feedback_by_code
from store.keys import Keys
from store.people import Person, load_person, save_person
from store.retention import run_retention
from store.tables import UnclearRow, today
from store.unclear import (
    Labelled,
    add_unclear,
    drop_unclear,
    label_unclear,
    labelled_sentences,
    list_unclear,
    unclear_counts,
)


async def keep(session, keys, words="وين اكل", language="ar", script="Arab", guess="food"):
    return await add_unclear(
        session, keys, language=language, script=script, text=words, guess=guess
    )


async def test_a_message_is_kept_encrypted_with_its_day_only_and_nothing_of_its_writer(
    each_database, keys
):
    async with each_database.transaction() as session:
        row = await keep(session, keys)
        assert type(row.kept_on) is dt.date and row.kept_on == today()
        assert "وين".encode() not in row.body and keys.unclear.open(row.body) == "وين اكل"
    for other in (keys.cases, keys.state, keys.protection):
        assert other is not keys.unclear
    assert {column.name for column in UnclearRow.__table__.columns} == {
        "id",
        "kept_on",
        "language",
        "script",
        "body",
        "guess",
        "label",
        "labelled_by",
        "state",
    }


async def test_messages_stand_in_the_order_of_random_ids_not_as_they_came(each_database, keys):
    async with each_database.transaction() as session:
        came = [(await keep(session, keys, f"sentence {n}")).id for n in range(20)]
    async with each_database.transaction() as session:
        shown = [row.id for row, _text in await list_unclear(session, keys, "new")]
        assert shown == sorted(came) and shown != came
        if each_database.is_sqlite:
            # the table itself has no number that grows with each row
            found = await session.execute(text("PRAGMA table_list('unclear')"))
            assert found.mappings().one()["wr"] == 1, "WITHOUT ROWID"


async def test_labelling_dropping_and_counting(each_database, keys):
    async with each_database.transaction() as session:
        first = await keep(session, keys, "bread where")
        second = await keep(session, keys, "my friend Ali", language="fa")
        await keep(session, keys, "another", language="fa")
        label_unclear(first, intent="food", language="ur", staff="sara")
        drop_unclear(second, staff="sara")
    async with each_database.transaction() as session:
        assert await unclear_counts(session, "new") == {"fa": 1}
        assert await unclear_counts(session, "labelled") == {"ur": 1}
        assert await labelled_sentences(session, keys) == [
            Labelled("ur", "Arab", "food", "bread where")
        ]
        assert await labelled_sentences(session, keys, "fa") == []
        [(row, words)] = await list_unclear(session, keys, "new", "fa")
        assert words == "another" and row.label is None
        gone = await session.get(UnclearRow, second.id)
        assert (gone.body, gone.state, gone.labelled_by) == (b"", "dropped", "sara")


async def test_what_another_key_sealed_is_shown_as_unreadable_and_not_exported(each_database, keys):
    async with each_database.transaction() as session:
        row = await keep(session, Keys("another secret of at least 32 characters"))
        [(_row, words)] = await list_unclear(session, keys, "new")
        assert words is None
        label_unclear(row, intent="food", language="ar", staff="sara")
        await session.flush()
        assert await labelled_sentences(session, keys) == []


async def test_retention_takes_them_after_their_days_labelled_or_not(each_database, keys):
    async with each_database.transaction() as session:
        for days, labelled in ((31, False), (31, True), (30, False), (0, True)):
            row = await keep(session, keys)
            row.kept_on = today() - dt.timedelta(days=days)
            if labelled:
                label_unclear(row, intent="food", language="ar", staff="sara")
    async with each_database.transaction() as session:
        gone = await run_retention(
            session,
            conversation_days=30,
            case_days=30,
            feedback_days=365,
            unclear_days=30,
            report_days=730,
        )
        assert gone["unclear"] == 2
        assert (await session.execute(select(func.count(UnclearRow.id)))).scalar_one() == 2


async def migrate(database: Database, revision: str) -> None:
    def run(connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        move = command.downgrade if revision == "0001" else command.upgrade
        move(config, revision)

    async with database.engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()


async def test_a_database_of_the_first_schema_gets_the_table_and_keeps_its_data(
    each_database, keys
):
    await migrate(each_database, "0001")
    async with each_database.engine.connect() as connection:
        assert not await connection.run_sync(lambda c: inspect(c).has_table("unclear"))
    async with each_database.transaction() as session:
        await save_person(session, keys, Person("p" * 64, "web", "ps", flow={"text": "زما خبره"}))
        # as the first schema had it: the code's own table has columns that came later
        await session.execute(
            text(
                "INSERT INTO feedback (id, given_on, language, channel, type, category, text,"
                " code_hash, status) VALUES (:id, :day, 'ar', 'web', 'complaint', 'food', :text,"
                " '1', 'new')"
            ).bindparams(bindparam("day", type_=Date)),
            {"id": "f" * 32, "day": today(), "text": "الأكل بارد"},
        )
    await each_database.open()
    async with each_database.transaction() as session:
        assert (await load_person(session, keys, "p" * 64, "web")).flow == {"text": "زما خبره"}
        item = await feedback_by_code(session, "1")
        assert (item.text, item.sensitive, item.code) == ("الأكل بارد", False, None)
        await keep(session, keys)
        indexes = {
            index["name"]
            for index in await (await session.connection()).run_sync(
                lambda c: inspect(c).get_indexes("unclear")
            )
        }
    assert indexes == {"ix_unclear_kept_on", "ix_unclear_state"}


async def test_a_state_of_before_knows_nothing_of_unclear_messages(database, keys):
    async with database.transaction() as session:
        await save_person(session, keys, Person("p" * 64, "web"))
        row = (await session.execute(text("SELECT pseudonym FROM people"))).one()
        sealed = keys.state.seal('{"flow": {}, "yes": null, "no": null, "misunderstood": 1}')
        await session.execute(text("UPDATE people SET state = :state"), {"state": sealed})
    async with database.transaction() as session:
        person = await load_person(session, keys, row[0], "web")
    assert (person.misunderstood, person.told_unclear, person.quiet_until) == (1, False, None)
