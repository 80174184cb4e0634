"""The stores and journals under test, the databases they lie in and the clock they go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.errors import StorageError
from bot.storage import schema
from bot.storage.database import open_database
from bot.storage.journal import Journal
from bot.storage.memory import MemoryStore
from bot.storage.memory_journal import MemoryJournal
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_journal import SqlJournal
from bot.storage.store import Store
from bot.storage.transactions import Transactions
from tests.postgres import Postgres

EXPIRY = dt.timedelta(minutes=30)
RETENTION = dt.timedelta(days=90)
LEASE = dt.timedelta(minutes=2)
SECRET = "the key of the tests"
TICK = dt.timedelta(microseconds=1)

# The ways to keep things that share a contract, and those of them that are SQL.
SQL = ("sqlite", "postgresql")
ALL = ("memory", *SQL)


class FakeClock:
    """Tell the time that a test sets."""

    def __init__(self) -> None:
        self.now = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        """Return the time set."""
        return self.now

    def advance(self, step: dt.timedelta) -> None:
        """Let time pass."""
        self.now += step


@dataclass(frozen=True, slots=True)
class Room:
    """Hold a store and a journal that keep things in one place."""

    store: Store
    journal: Journal


async def open_store(
    database: str,
    session_expiry: dt.timedelta,
    retention: dt.timedelta,
    clock: FakeClock,
    secret: str = SECRET,
) -> SqlStore:
    """Open a store in a database of its own or of others."""
    pseudonym = pseudonyms(secret)
    return SqlStore(
        await open_database(database, pseudonym),
        pseudonym,
        session_expiry=session_expiry,
        retention=retention,
        clock=clock,
    )


async def refusal(database: str, clock: FakeClock, secret: str = SECRET) -> str:
    """Return the one line with which a database is refused."""
    try:
        store = await open_store(database, EXPIRY, RETENTION, clock, secret)
    except StorageError as error:
        line = str(error)
    else:
        # Left open it would keep the tests from ending.
        await store.close()
        pytest.fail("the database was opened")
    assert "\n" not in line
    return line


async def open_journal(database: str, clock: FakeClock) -> SqlJournal:
    """Open a journal as a process of its own would; `close_journal` ends it."""
    pseudonym = pseudonyms(SECRET)
    return journal_in(await open_database(database, pseudonym), clock)


async def rows(kept: SqlStore | SqlJournal, sql: str) -> list[tuple[Any, ...]]:
    """Return what a statement finds in the database of a store or journal."""
    found = await kept._transactions.execute(text(sql))
    return [tuple(row.values()) for row in found]


async def close_journal(journal: SqlJournal) -> None:
    """Release a journal's connections."""
    await journal._transactions.close()


def journal_in(transactions: Transactions, clock: FakeClock) -> SqlJournal:
    """Return a journal that shares a database's connections, as the one of another process."""
    return SqlJournal(transactions, pseudonyms(SECRET), lease=LEASE, clock=clock)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a database may be made, in a folder that isn't there yet."""
    return tmp_path / "new" / "majlis.db"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_postgres(postgres: Postgres) -> str:
    """Make a PostgreSQL database with its tables once: that takes longer than most tests."""
    url = await postgres.new_database()
    await (await open_database(url, pseudonyms(SECRET))).close()
    return url


@pytest.fixture
async def postgres_database(migrated_postgres: str) -> str:
    """Empty the PostgreSQL database, or skip the test where there is no PostgreSQL."""
    transactions = await open_database(migrated_postgres, pseudonyms(SECRET))
    tables = ", ".join(schema.metadata.tables)
    await transactions.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    await transactions.close()
    return migrated_postgres


@pytest.fixture
async def new_postgres_database(postgres: Postgres) -> AsyncIterator[str]:
    """Make a PostgreSQL database without any tables."""
    url = await postgres.new_database()
    yield url
    await postgres.drop_database(url)


@pytest.fixture(params=SQL)
def database(request: pytest.FixtureRequest) -> str:
    """Return the text of MAJLIS_DATABASE for an empty database of each kind in turn."""
    return _database(request, "postgres_database")


@pytest.fixture(params=SQL)
def new_database(request: pytest.FixtureRequest) -> str:
    """Return the same for a database that hasn't even tables."""
    return _database(request, "new_postgres_database")


@pytest.fixture
async def sql_store(path: Path, clock: FakeClock) -> AsyncIterator[SqlStore]:
    """Open a store in a new SQLite file."""
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    yield store
    await store.close()


@pytest.fixture
async def any_sql_store(database: str, clock: FakeClock) -> AsyncIterator[SqlStore]:
    """Open a store in a new database of each kind in turn."""
    store = await open_store(database, EXPIRY, RETENTION, clock)
    yield store
    await store.close()


@pytest.fixture
def sql_journal(any_sql_store: SqlStore, clock: FakeClock) -> SqlJournal:
    """Return a journal in the database of `any_sql_store`."""
    return journal_in(any_sql_store._transactions, clock)


@pytest.fixture
def other_journal(any_sql_store: SqlStore, clock: FakeClock) -> SqlJournal:
    """Return the journal of another process, in the same database."""
    return journal_in(any_sql_store._transactions, clock)


@pytest.fixture(params=ALL)
def kind(request: pytest.FixtureRequest) -> str:
    """Return the database of each way to keep things, or nothing for memory."""
    return "" if request.param == "memory" else _database(request, "postgres_database")


@pytest.fixture
async def room(kind: str, clock: FakeClock) -> AsyncIterator[Room]:
    """Open each kind of store, with its journal."""
    if kind:
        store = await open_store(kind, EXPIRY, RETENTION, clock)
        opened = Room(store, journal_in(store._transactions, clock))
    else:
        memory = MemoryStore(EXPIRY, RETENTION, clock)
        opened = Room(memory, MemoryJournal(memory, clock))
    yield opened
    await opened.store.close()


@pytest.fixture
def store(room: Room) -> Store:
    """Return each kind of store in turn."""
    return room.store


@pytest.fixture
def journal(room: Room) -> Journal:
    """Return each kind of journal in turn; it keeps memories in `store`."""
    return room.journal


def _database(request: pytest.FixtureRequest, postgres: str) -> str:
    return str(request.getfixturevalue("path" if request.param == "sqlite" else postgres))
