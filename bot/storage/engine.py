"""How Majlis connects: the settings of each kind of database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StorageError
from bot.storage.remedies import place

BUSY_SECONDS = 10
"""How long SQLite waits for another process to finish writing."""

_CONNECT_SECONDS = 10


def new_engine(url: URL) -> AsyncEngine:
    """Return an engine that hides personal text in its errors; nothing is connected yet.

    Raises StorageError if the database's driver isn't installed.
    """
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite_engine(url)
        return create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"timeout": _CONNECT_SECONDS},
        )
    except ModuleNotFoundError as error:
        message = (
            f"{place(url)} needs the driver {error.name}: install it with `pip install "
            f"{error.name}` or name a file in MAJLIS_DATABASE."
        )
        raise StorageError(message) from error


def _sqlite_engine(url: URL) -> AsyncEngine:
    # SQLite has one writer at a time: waiting in line here is quicker than polling its lock.
    engine = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - DB-API
    cursor = connection.cursor()
    try:
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            # What was taken from Telegram must outlive a power cut too.
            "synchronous=FULL",
            # What is forgotten leaves no trace in the file.
            "secure_delete=ON",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()
