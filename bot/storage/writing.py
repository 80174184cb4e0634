"""How memories get into the tables, many at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, delete, insert

from bot.storage import schema
from bot.storage.pseudonyms import Pseudonym
from bot.storage.rows import Row, row_of
from bot.storage.store import Memory, Recanted
from bot.storage.transactions import Transactions

_LOGS = frozenset({schema.utterances, schema.misses})


class Writer:
    """Write memories in the caller's transaction, one statement a table."""

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._pseudonym = pseudonym
        self._clock = clock
        tables = (schema.sessions, schema.feedback, schema.exchanges)
        self._statements = {table: transactions.upsert(table) for table in tables} | {
            log: insert(log) for log in _LOGS
        }

    def write(self, connection: Connection, memories: Iterable[Memory]) -> None:
        """Write memories; of two with the same key the later one stays."""
        now = self._clock()
        rows: dict[str, list[Row]] = {}
        for memory in memories:
            if isinstance(memory, Recanted):
                self._recant(connection, memory)
                continue
            table, row = row_of(memory, self._pseudonym, now)
            rows.setdefault(table.name, []).append(row)
        for name, found in rows.items():
            connection.execute(self._statements[schema.metadata.tables[name]], found)

    def _recant(self, connection: Connection, recanted: Recanted) -> None:
        """Delete what an earlier update recorded; within one there is nothing to take back."""
        misses = schema.misses.c
        connection.execute(
            delete(schema.misses).where(
                misses.user_id == self._pseudonym(recanted.user),
                misses.text == recanted.text,
                misses.cause == recanted.cause,
            )
        )
