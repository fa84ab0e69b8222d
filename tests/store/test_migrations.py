"""A database that is in use is brought up to date without losing what stands in it."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from store.case_tables import CaseRow
from store.cases.messages import messages_of
from store.cases.opening import queue
from store.database import MIGRATIONS
from store.staff import find_account


def migrate(connection, step, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    step(config, revision)


async def test_cases_and_accounts_from_before_the_handoff_are_kept(each_database, keys):
    async with each_database.engine.connect() as connection:
        await connection.run_sync(migrate, command.downgrade, "0006")
        for case, danger, status, closed_at in (
            ("a", "true", "queued", "NULL"),
            ("b", "false", "taken", "NULL"),
            ("c", "false", "closed", "'2026-11-20 10:00:00'"),
        ):
            row = f"'{case}', '2026-11-20 09:00:00', 'person {case}', 'ps', {danger}, :body"
            await connection.execute(
                text(
                    "INSERT INTO cases "
                    "(id, opened_at, pseudonym, language, danger, body, status, closed_at) "
                    f"VALUES ({row}, '{status}', {closed_at})"
                ),
                {"body": keys.cases.seal("زما خبره")},
            )
        await connection.execute(
            text(
                "INSERT INTO case_messages (case_id, from_person, body, at, delivery) "
                "VALUES ('b', false, :body, '2026-11-20 09:30:00', 'delivered')"
            ),
            {"body": keys.cases.seal("سلام")},
        )
        await connection.execute(
            text(
                "INSERT INTO deliveries (pseudonym, channel, address, until) "
                "VALUES ('person a', 'telegram', :address, '2027-01-01')"
            ),
            {"address": keys.delivery.seal("1")},
        )
        await connection.execute(
            text(
                "INSERT INTO staff (name, role, password_hash, must_change, failed) "
                "VALUES ('mira', 'counsellor', 'x', false, 0)"
            )
        )
        await connection.commit()
    await each_database.open()
    async with each_database.transaction() as session:
        waiting = await queue(session)
        assert [(one.id, one.status, one.channel) for one in waiting] == [
            ("a", "queued", "telegram"),
            ("b", "queued", "web"),  # nobody is known to have it: it is given out again
        ]
        assert all(one.languages == ["ps"] and one.unanswered_since for one in waiting)
        assert keys.cases.open(waiting[0].body) == "زما خبره"
        assert (await session.get(CaseRow, "c")).status == "closed"
        [message] = await messages_of(session, keys, "b")
        assert (message.text, message.row.kind, message.row.delivery) == (
            "سلام",
            "text",
            "delivered",
        )
        mira = await find_account(session, "mira")
        assert mira.active and mira.languages == [] and mira.capacity == 20 and mira.totp is None
