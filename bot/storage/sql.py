"""The store in a SQL database: SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
)

from bot.storage import rows, schema
from bot.storage.ages import cutoff
from bot.storage.batching import Batcher
from bot.storage.forgetting import deeds_of, forget
from bot.storage.handovers import AboutCases, about_cases
from bot.storage.journal import DONE_UPDATES_STAY
from bot.storage.preferences import Preferences
from bot.storage.pseudonyms import Pseudonym
from bot.storage.sql_versions import LAST_ABOUT_FILES
from bot.storage.store import Deed, Exchange, Kept, Memory, Preference, Session
from bot.storage.transactions import Transactions
from bot.storage.writing import Writer

_ABOUT = (schema.sessions, schema.utterances, schema.misses, schema.feedback)

_DIGESTS_STAY = dt.timedelta(days=2)
"""They are due for a day, and not again after /forgetme, so they go by themselves."""

_s = schema.sessions.c
_SESSIONS = select(schema.sessions).where(
    tuple_(_s.chat_id, _s.user_id).in_(bindparam("people", expanding=True)),
    _s.at >= bindparam("fresh"),
)

_Person = tuple[int, int]


class SqlStore:
    """Keep everything in a database; ids of chats and people under their pseudonyms.

    `clock` returns the present instant with its time zone.
    """

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        *,
        session_expiry: dt.timedelta,
        retention: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym
        self._session_expiry = session_expiry
        self._retention = retention
        self._clock = clock
        self._writer = Writer(transactions, pseudonym, clock)
        self._preferences = Preferences(transactions, pseudonym, clock)
        self._session: Batcher[_Person, Session | None] = Batcher(self._read_sessions)

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session of a person in a chat, or None if there is none or it expired."""
        return await self._session((chat, user))

    async def preference(self, user: int) -> Preference | None:
        """Return what a person chose, or None; reading it counts as use, once a day."""
        return await self._preferences(user)

    async def keep(self, memories: Sequence[Memory]) -> None:
        """Store all of them or none."""
        await self._transactions.run(lambda connection: self._writer.write(connection, memories))

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Return the exchange that a question's message began, or None."""
        return await self._exchange(chat, schema.exchanges.c.question_id == question)

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Return the latest exchange that an answer's message ended, or None."""
        return await self._exchange(chat, schema.exchanges.c.answer_id == answer)

    async def kept_about(self, user: int) -> Kept:
        """Return all that is kept about a person, in whatever chat."""
        queries = [
            select(table).where(self._is_of(table, user)).order_by(table.c.at, *table.primary_key)
            for table in _ABOUT
        ]

        person = self._pseudonym(user)

        def read(
            connection: Connection,
        ) -> tuple[list[Sequence[RowMapping]], AboutCases, tuple[Deed, ...]]:
            found = [connection.execute(query).mappings().all() for query in queries]
            return found, about_cases(connection, person), deeds_of(connection, person)

        found, (handovers, hopes), deeds = await self._transactions.run(read)
        sessions, heard, misses, feedback = found
        return Kept(
            tuple(rows.session_of(row, row["chat_id"], user) for row in sessions),
            tuple(rows.heard_of(row, user) for row in heard),
            tuple(rows.miss_of(row, user) for row in misses),
            tuple(rows.feedback_of(row, user) for row in feedback),
            handovers,
            hopes,
            deeds,
            await self.preference(user),
        )

    async def forget(self, user: int) -> int:
        """Delete all that is kept about a person and return how many rows went.

        What they taught or put live stays, without their name.
        """
        person = self._pseudonym(user)
        gone = await self._transactions.run(lambda connection: forget(connection, person))
        await self._transactions.tidy()
        return gone

    async def prune(self) -> int:
        """Delete what is past its retention, expired sessions too, and return how many rows.

        What was announced last stays.
        """
        now = self._clock()
        tables = (*_ABOUT, schema.exchanges, schema.drafts, schema.wishes)
        ages = dict.fromkeys((table.name for table in tables), self._retention)
        ages["sessions"] = ages["drafts"] = min(self._session_expiry, self._retention)
        doomed = [(table, table.c.at < cutoff(now, ages[table.name])) for table in tables]
        closed_at = schema.cases.c.closed_at
        is_old = closed_at < cutoff(now, self._retention)
        # One that is open stays, however old, with all of it: somebody waits for an answer.
        staying = select(schema.cases.c.id).where(or_(closed_at.is_(None), ~is_old))
        doomed.append((schema.relays, schema.relays.c.case_id.not_in(staying)))
        doomed.append((schema.cases, is_old))
        doomed.append((schema.preferences, self._preferences.are_unused()))
        done = schema.updates.c.done_at < cutoff(now, DONE_UPDATES_STAY)
        doomed.append((schema.updates, done))
        doomed.append((schema.digests, schema.digests.c.free_at < cutoff(now, _DIGESTS_STAY)))
        return await self._delete([*doomed, (schema.publications, self._outdated(now))])

    async def close(self) -> None:
        """Release the connections."""
        await self._transactions.close()

    async def _read_sessions(self, people: Sequence[_Person]) -> list[Session | None]:
        hidden = [(self._pseudonym(chat), self._pseudonym(user)) for chat, user in people]
        fresh = cutoff(self._clock(), self._session_expiry)
        found = await self._transactions.execute(_SESSIONS, {"people": hidden, "fresh": fresh})
        by_key = {(row["chat_id"], row["user_id"]): row for row in found}
        return [
            rows.session_of(by_key[key], *person) if key in by_key else None
            for key, person in zip(hidden, people, strict=True)
        ]

    async def _exchange(self, chat: int, which: ColumnElement[bool]) -> Exchange | None:
        table = schema.exchanges
        found = await self._transactions.execute(
            select(table)
            .where(table.c.chat_id == self._pseudonym(chat), which)
            .order_by(table.c.at.desc(), table.c.question_id.desc())
            .limit(1)
        )
        return rows.exchange_of(found[0], chat) if found else None

    async def _delete(self, doomed: Iterable[tuple[Table, ColumnElement[bool]]]) -> int:
        statements = [delete(table).where(which) for table, which in doomed]

        def run(connection: Connection) -> int:
            return sum(connection.execute(each).rowcount for each in statements)

        return await self._transactions.run(run)

    def _outdated(self, now: dt.datetime) -> ColumnElement[bool]:
        """Return which publications may go: never the last ones, which say what is live."""
        table = schema.publications
        latest = select(func.max(table.c.id)).scalar_subquery()
        is_old = table.c.at < cutoff(now, self._retention)
        return and_(is_old, table.c.id != latest, table.c.id != func.coalesce(LAST_ABOUT_FILES, 0))

    def _is_of(self, table: Table, user: int) -> ColumnElement[bool]:
        return table.c.user_id == self._pseudonym(user)
