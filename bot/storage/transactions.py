"""Transactions on an engine, with every error translated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Executable, RowMapping, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.remedies import storage_error

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_Result = TypeVar("_Result")


class Transactions:
    """Open transactions on a database whose tables exist already."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def is_shared(self) -> bool:
        """Tell whether several processes may use this database at a time."""
        return self._engine.dialect.name != "sqlite"

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Commit at the end of the block, or roll back on an error.

        Raises StorageError with the remedy for whatever the database reports.
        """
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise storage_error(error, self._engine.url) from error

    async def run(self, work: Callable[[AsyncConnection], Awaitable[_Result]]) -> _Result:
        """Do some work in a transaction, which ends by itself even if the caller is cancelled.

        A cancelled one would hold the lock of a SQLite database until its connection is found.
        """
        task = asyncio.create_task(self._run(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def execute(
        self, statement: Executable, parameters: Mapping[str, object] | None = None
    ) -> Sequence[RowMapping]:
        """Run one statement in a transaction of its own and return its rows."""

        async def work(connection: AsyncConnection) -> Sequence[RowMapping]:
            result = await connection.execute(statement, parameters)
            return result.mappings().all() if result.returns_rows else ()

        return await self.run(work)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that can say what to do about a row that exists."""
        if not self.is_shared:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 40 ms that SQLite needn't spend

        return postgresql.insert(table)

    def upsert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that takes the place of the row with the same key."""
        statement = self.insert(table)
        rest = {each.name: each for each in statement.excluded if not each.primary_key}
        return statement.on_conflict_do_update(index_elements=table.primary_key, set_=rest)

    async def close(self) -> None:
        """Release the connections when what runs has ended."""
        if self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()

    async def _run(self, work: Callable[[AsyncConnection], Awaitable[_Result]]) -> _Result:
        async with self.begin() as connection:
            return await work(connection)
