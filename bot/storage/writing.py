"""How memories get into the tables, many at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import assert_never

from sqlalchemy import Connection, Delete, delete, insert

from bot.storage import schema
from bot.storage.pseudonyms import Pseudonym
from bot.storage.rows import Row, row_of
from bot.storage.store import Memory, Preference, Recanted, Retracted
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
        tables = (schema.sessions, schema.feedback, schema.exchanges, schema.preferences)
        self._statements = {table: transactions.upsert(table) for table in tables} | {
            log: insert(log) for log in _LOGS
        }

    def write(self, connection: Connection, memories: Iterable[Memory]) -> None:
        """Write memories; of two with the same key the later one stays."""
        now = self._clock()
        rows: dict[str, list[Row]] = {}
        for memory in memories:
            match memory:
                case Recanted() | Retracted() | Preference(language=None):
                    connection.execute(self._taking_back(memory))
                case _:
                    table, row = row_of(memory, self._pseudonym, now)
                    rows.setdefault(table.name, []).append(row)
        for name, found in rows.items():
            connection.execute(self._statements[schema.metadata.tables[name]], found)

    def _taking_back(self, memory: Recanted | Retracted | Preference) -> Delete:
        """Return what deletes what an earlier update recorded; within one there is nothing."""
        match memory:
            case Recanted(user, text, cause):
                m = schema.misses.c
                mine = (m.user_id == self._pseudonym(user), m.text == text, m.cause == cause)
                return delete(schema.misses).where(*mine)
            case Retracted(chat, message, user):
                f = schema.feedback.c
                chat, user = self._pseudonym(chat), self._pseudonym(user)
                vote = (f.chat_id == chat, f.message_id == message, f.user_id == user)
                return delete(schema.feedback).where(*vote)
            case Preference(user):
                own = schema.preferences.c.user_id == self._pseudonym(user)
                return delete(schema.preferences).where(own)
            case _:
                assert_never(memory)
