"""PostgreSQL: a pool of connections, for any number of processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StorageError
from bot.storage.remedies import place, storage_error
from bot.storage.transactions import Result, Transactions

_CONNECT_SECONDS = 5


class PostgresTransactions(Transactions):
    """Run transactions side by side, each on a connection of the engine's pool."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def is_shared(self) -> bool:
        """Return True."""
        return True

    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Do some work in a transaction, in a task that outlives a cancelled caller."""
        task = asyncio.create_task(self._transact(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def tidy(self) -> None:
        """Do nothing: PostgreSQL vacuums by itself."""

    async def close(self) -> None:
        """Release the connections when what runs has ended."""
        if self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()

    async def _transact(self, work: Callable[[Connection], Result]) -> Result:
        try:
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)
        except (SQLAlchemyError, OSError, OverflowError) as error:
            raise storage_error(error, self._engine.url) from error


def open_postgres(url: URL, patience: float | None = None) -> PostgresTransactions:
    """Return a database that isn't connected yet; a statement may take `patience` seconds.

    Raises StorageError if the database's driver isn't installed.
    """
    try:
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"timeout": _CONNECT_SECONDS, "command_timeout": patience},
        )
    except ModuleNotFoundError as error:
        message = (
            f"{place(url)} needs the driver {error.name}: install it with `pip install "
            f"{error.name}` or name a file in MAJLIS_DATABASE."
        )
        raise StorageError(message) from error
    return PostgresTransactions(engine)
