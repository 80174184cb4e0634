"""Transactions on a database, whichever kind it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Executable, RowMapping, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Result = TypeVar("Result")


class Transactions(ABC):
    """Run transactions on a database, away from the event loop."""

    @property
    @abstractmethod
    def is_shared(self) -> bool:
        """Tell whether several processes may use this database at a time."""

    @abstractmethod
    async def run(self, work: Callable[[Connection], Result]) -> Result:
        """Do some work in a transaction; commit at its end, roll back on an error.

        Once begun, it ends by itself even if the caller is cancelled: one that stays open would
        hold the lock of the database. Raises StorageError with the remedy for whatever the
        database reports.
        """

    @abstractmethod
    async def tidy(self) -> None:
        """Let nothing of what was deleted stay behind in the database's files."""

    @abstractmethod
    async def close(self) -> None:
        """Release the connections when what runs has ended."""

    async def execute(
        self, statement: Executable, parameters: Mapping[str, object] | None = None
    ) -> Sequence[RowMapping]:
        """Run one statement in a transaction of its own and return its rows."""

        def work(connection: Connection) -> Sequence[RowMapping]:
            result = connection.execute(statement, parameters)
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
