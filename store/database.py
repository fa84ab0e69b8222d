"""The connection to SQLite or PostgreSQL, transactions, and migrations at start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

#: Seconds to wait for one's turn to write on SQLite.
LONGEST_TURN = 20.0
MIGRATIONS = Path(__file__).parent / "migrations"
#: Errors that mean "the database can't be used now"; asyncpg raises OSError when it is gone.
DATABASE_ERRORS = (DBAPIError, PoolTimeout, OSError)


def async_url(url: str) -> str:
    """The URL with the asynchronous driver: ``sqlite:`` → aiosqlite, ``postgres(ql):`` → asyncpg.

    Raises ValueError for any other kind of database, sqlalchemy.exc.ArgumentError if malformed.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    kind = parsed.get_backend_name()
    if kind not in drivers:
        raise ValueError(f"DATABASE_URL: {kind} is not supported; use sqlite or postgresql")
    return parsed.set(drivername=drivers[kind]).render_as_string(hide_password=False)


class Database:
    """An engine and its sessions; ``await open()`` before use, ``await close()`` after."""

    def __init__(self, url: str):
        self.url = async_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._writing = asyncio.Lock()
        self.engine = self._engine()
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        # on SQLite a transaction sees one state anyway
        one_state = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(reading=True, **one_state)

    def _engine(self) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                self.url, pool_pre_ping=True, pool_size=10, hide_parameters=True
            )
        file = make_url(self.url).database
        if file and file != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        # hide_parameters: an error message must not carry what a person wrote into a log
        engine = create_async_engine(self.url, hide_parameters=True)

        @event.listens_for(engine.sync_engine, "connect")
        def connected(connection, _record):
            # autocommit in the driver: SQLAlchemy's "begin" below is then the only BEGIN
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def begun(connection):
            # take the write lock at once: a read that turns into a write could fail half-way
            reading = connection.get_execution_options().get("reading", False)
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

        return engine

    async def open(self) -> None:
        """Bring the schema up to date. Raises one of DATABASE_ERRORS if that fails."""
        async with self.engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed as a whole, or not at all if an error leaves it.

        On SQLite one at a time: never open one inside another. Raises one of DATABASE_ERRORS.
        """
        async with self._turn(), self._sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        # SQLite has one write lock, and who waits for it looks again and again: under load some
        # waited for seconds while others came and went. Here they wait in line.
        if not self.is_sqlite:
            yield
            return
        try:
            async with asyncio.timeout(LONGEST_TURN):
                await self._writing.acquire()
        except TimeoutError as error:
            raise PoolTimeout("the database is busy") from error
        try:
            yield
        finally:
            self._writing.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for long reads: it sees one state throughout and holds up no writer."""
        async with self._reader.connect() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[AsyncSession]:
        """As ``reading``, with a session whose rows are objects; what is changed is not kept."""
        async with self.reading() as connection, AsyncSession(connection) as session:
            yield session

    async def alive(self) -> bool:
        """Whether a query works now."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except DATABASE_ERRORS:
            return False
        return True


def _upgrade(connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
