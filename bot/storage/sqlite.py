"""SQLite: one connection in a thread of its own, a transaction at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import aiosqlite
from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.remedies import storage_error
from bot.storage.transactions import Result, Transactions

BUSY_SECONDS = 2
"""How long SQLite waits for another process to finish writing."""

_PRAGMAS = (
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "journal_mode=WAL",
    # What was taken from Telegram must outlive a power cut too.
    "synchronous=FULL",
    # What is forgotten leaves no trace in the file.
    "secure_delete=ON",
    "foreign_keys=ON",
)


class SqliteTransactions(Transactions):
    """Run transactions one after the other: SQLite has one writer at a time.

    Each goes to the connection's thread as a whole. Statement by statement, it would wait for the
    interpreter's lock thirty times a message.
    """

    def __init__(self, url: URL, connection: _Connection, engine: Engine) -> None:
        self._url = url
        self._connection = connection
        self._engine = engine

    @property
    def is_shared(self) -> bool:
        """Return False."""
        return False

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Do some work in a transaction; what a cancelled caller began ends in the thread."""
        try:
            return await self._connection.run(lambda: self._transact(work))
        except (SQLAlchemyError, OSError, OverflowError) as error:
            raise storage_error(error, self._url) from error

    async def tidy(self) -> None:
        """Leave no copy of what was deleted, in about a second per 100 MB; raises StorageError."""
        try:
            await self._connection.run(self._connection.rewrite)
        except sqlite3.Error as error:
            raise storage_error(error, self._url) from error

    async def close(self) -> None:
        """Release the connection after all that was begun before."""
        await self._connection.close()

    def _transact(self, work: Callable[[Connection], Result]) -> Result:
        with self._engine.begin() as connection:
            return work(connection)


async def open_sqlite(url: URL) -> SqliteTransactions:
    """Open a SQLite database; raises StorageError with the remedy if that can't be done."""
    [name], options = url.get_dialect()().create_connect_args(url)
    uri = bool(options.get("uri"))
    connection = _Connection(lambda: sqlite3.connect(name, uri=uri), iter_chunk_size=1)
    try:
        await connection
        await connection.run(connection.opened)
    except sqlite3.Error as error:
        await connection.close()
        raise storage_error(error, url) from error
    engine = create_engine(
        "sqlite://", creator=connection.opened, poolclass=StaticPool, hide_parameters=True
    )
    return SqliteTransactions(url, connection, engine)


class _Connection(aiosqlite.Connection):
    """Let whole functions run in the connection's thread."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""
        result: Result = await self._execute(work)  # type: ignore[no-untyped-call]
        return result

    def opened(self) -> sqlite3.Connection:
        """Return the connection, set up, and opened anew if it was closed; for its thread."""
        try:
            return self._prepared()
        except sqlite3.ProgrammingError:
            self._connection = self._connector()
            return self._prepared()

    def rewrite(self) -> None:
        """Write the database anew and empty the write-ahead log into it; for its thread.

        Pages that SQLite parted or joined keep copies of what was on them. Raises sqlite3.Error,
        also where a reader holds on to the log.
        """
        self._conn.execute("VACUUM").close()
        with closing(self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as cursor:
            if cursor.fetchone()[0]:
                held = sqlite3.OperationalError("a reader holds the log")
                held.sqlite_errorname = "SQLITE_BUSY"
                raise held

    def _prepared(self) -> sqlite3.Connection:
        for pragma in _PRAGMAS:
            self._conn.execute(f"PRAGMA {pragma}").close()
        return self._conn
