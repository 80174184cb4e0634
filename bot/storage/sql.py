"""The store in a SQL database: SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Executable, RowMapping, Select, Table, delete, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import rows, schema
from bot.storage.ages import cutoff
from bot.storage.remedies import storage_error
from bot.storage.store import Exchange, Feedback, Heard, Miss, Session

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


class SqlStore:
    """Keep everything in the database behind `engine`, whose tables exist already.

    `clock` returns the present instant with its time zone.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        session_expiry: dt.timedelta,
        retention: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._engine = engine
        self._session_expiry = session_expiry
        self._retention = retention
        self._clock = clock

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session of a person in a chat, or None if there is none or it expired."""
        table = schema.sessions
        row = await self._first(
            select(table).where(
                table.c.chat_id == chat,
                table.c.user_id == user,
                table.c.at >= cutoff(self._clock(), self._session_expiry),
            )
        )
        return rows.session_of(row) if row else None

    async def save_session(self, session: Session) -> None:
        """Store a session over the one before and start its time anew."""
        await self._upsert(schema.sessions, rows.session_row(session) | {"at": self._clock()})

    async def record(self, heard: Heard) -> None:
        """Append to the utterance log."""
        await self._write(insert(schema.utterances).values(rows.utterance_row(heard)))

    async def add_miss(self, miss: Miss) -> None:
        """Append to the misses."""
        await self._write(insert(schema.misses).values(rows.miss_row(miss)))

    async def vote(self, feedback: Feedback) -> None:
        """Store a vote in place of the same person's earlier one on the message."""
        await self._upsert(schema.feedback, rows.feedback_row(feedback))

    async def remember(self, exchange: Exchange) -> None:
        """Store which message answered which, in place of an earlier link of the question."""
        await self._upsert(schema.exchanges, rows.exchange_row(exchange))

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Return the exchange that a question's message began, or None."""
        table = schema.exchanges
        row = await self._first(
            select(table).where(table.c.chat_id == chat, table.c.question_id == question)
        )
        return rows.exchange_of(row) if row else None

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Return the latest exchange that an answer's message ended, or None."""
        table = schema.exchanges
        row = await self._first(
            select(table)
            .where(table.c.chat_id == chat, table.c.answer_id == answer)
            .order_by(table.c.at.desc(), table.c.question_id.desc())
            .limit(1)
        )
        return rows.exchange_of(row) if row else None

    async def prune(self) -> int:
        """Delete what is past its retention, expired sessions too, and return how many rows."""
        now = self._clock()
        ages = dict.fromkeys(schema.metadata.tables.values(), self._retention)
        ages[schema.sessions] = min(self._session_expiry, self._retention)
        async with self._transaction() as connection:
            gone = 0
            for table, age in ages.items():
                old = delete(table).where(table.c.at < cutoff(now, age))
                gone += (await connection.execute(old)).rowcount
            return gone

    async def close(self) -> None:
        """Release the connections."""
        await self._engine.dispose()

    async def _first(self, query: Select[*tuple[object, ...]]) -> RowMapping | None:
        async with self._transaction() as connection:
            return (await connection.execute(query)).mappings().first()

    async def _write(self, statement: Executable) -> None:
        async with self._transaction() as connection:
            await connection.execute(statement)

    async def _upsert(self, table: Table, row: rows.Row) -> None:
        statement = _insert(table, self._engine.dialect.name).values(row)
        keys = [column.name for column in table.primary_key]
        rest = {name: statement.excluded[name] for name in row if name not in keys}
        await self._write(statement.on_conflict_do_update(index_elements=keys, set_=rest))

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise storage_error(error, self._engine.url) from error


def _insert(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 40 ms that SQLite needn't spend

    return postgresql.insert(table)
