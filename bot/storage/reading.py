"""A database that is only read: by commands that tell what a bot has kept, while it runs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StorageError
from bot.storage.database import connect, engine_url
from bot.storage.migrations import REVISIONS
from bot.storage.remedies import place, storage_error
from bot.storage.sqlite import BUSY_SECONDS
from bot.storage.transactions import Result, Transactions

_SERVER_SECONDS = 60.0


class NoDatabaseError(StorageError):
    """Report that a SQLite database isn't there."""


@asynccontextmanager
async def reading(database: str) -> AsyncIterator[Transactions]:
    """Yield the database that MAJLIS_DATABASE names, as it is, for reading.

    Raises NoDatabaseError if there is none, and StorageError with the remedy if it can't be read or
    is none of this program's revision.
    """
    url = engine_url(database)
    transactions = await _open(url)
    try:
        await transactions.run(lambda connection: _check(connection, url))
        yield transactions
    finally:
        await transactions.close()


class _Reading(Transactions):
    """Read from a SQLite file, which is opened anew each time and never written."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self._url = url
        self._engine = engine

    @property
    def is_shared(self) -> bool:
        """Return False: it is SQLite."""
        return False

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Do some reading, all of it from the same moment's state."""
        try:
            return await asyncio.to_thread(self._read, work)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise storage_error(error, self._url) from error

    async def tidy(self) -> None:
        """Do nothing: nothing was deleted."""

    async def close(self) -> None:
        """Do nothing: no connection stays open."""

    def _read(self, work: Callable[[Connection], Result]) -> Result:
        with self._engine.connect() as connection:
            connection.execute(text("BEGIN"))
            return work(connection)


async def _open(url: URL) -> Transactions:
    if url.get_backend_name() != "sqlite":
        return await connect(url, _SERVER_SECONDS)
    address = f"{_file(url).absolute().as_uri()}?mode=ro"

    def connection() -> sqlite3.Connection:
        return sqlite3.connect(address, BUSY_SECONDS, uri=True, isolation_level=None)

    engine = create_engine("sqlite://", creator=connection, poolclass=NullPool)
    return _Reading(url, engine)


def _file(url: URL) -> Path:
    name = url.database or ""
    path = Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)
    try:
        if name and path.is_file():
            return path
    except OSError as error:
        message = f"The database {path} can't be read ({error.strerror}): get the right to do so."
        raise StorageError(message) from error
    message = (
        f"There is no database {name}: correct MAJLIS_DATABASE, or run the command in the bot's "
        "folder."
    )
    raise NoDatabaseError(message)


def _check(connection: Connection, url: URL) -> None:
    """Raise StorageError unless the tables are as this program knows them."""
    found = None
    if inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found == REVISIONS[-1]:
        return
    remedy = "update Majlis" if found and found not in REVISIONS else "start the bot on it once"
    message = f"{place(url)} isn't of the revision that this program reads: {remedy}."
    raise StorageError(message)
