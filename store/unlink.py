"""PostgreSQL keeps with each row the transaction that wrote it, and rows in the order of writing.

A feedback item is written in the transaction that also keeps where its writer is in the
conversation: the hidden column ``xmin`` of both rows is the same, and the order of rows tells what
was written after what. Here such rows are written once more in a transaction of their own, and the
tables laid out by their random ids; what lay there before is gone with it.

SQLite keeps no transactions with its rows. Its tables of this kind are ordered by their random ids.
"""

from sqlalchemy import text

from store.database import Database

#: Tables in which nothing may lead to a person, and a column to write again as it is.
TABLES = {
    "feedback": "channel",
    "survey_answers": "question",
    "reports": "kind",
    "unclear": "state",
}
#: Rows that share their transaction with more than so many others were written together here.
_TOGETHER = 20


async def unlink(database: Database) -> int:
    """Take from the tables what leads to their writers; returns how many rows were new.

    A table with new rows is locked while it is laid out anew: about a second for 100,000 rows.
    Raises one of DATABASE_ERRORS.
    """
    if database.engine.dialect.name != "postgresql":
        return 0
    found = 0
    for table, column in TABLES.items():
        few = f"SELECT xmin::text FROM {table} GROUP BY 1 HAVING count(*) <= {_TOGETHER}"
        again = f"UPDATE {table} SET {column} = {column} WHERE xmin::text IN ({few})"
        async with database.transaction() as session:
            written = (await session.execute(text(again))).rowcount
        if written:
            async with database.transaction() as session:
                await session.execute(text(f"CLUSTER {table} USING {table}_pkey"))
        found += written
    return found
