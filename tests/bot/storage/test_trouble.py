"""What happens when a database fails in the middle, and after."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

from bot.errors import StorageError
from bot.storage.database import connect, engine_url
from bot.storage.journal import Backlog
from bot.storage.migrations import _LOCK
from bot.storage.sql import SqlStore
from bot.storage.sqlite import SqliteTransactions
from bot.storage.store import Heard, Memory, Miss, Session
from tests.bot.storage.conftest import (
    EXPIRY,
    RETENTION,
    FakeClock,
    journal_in,
    open_store,
    rows,
)
from tests.bot.storage.test_journal import ALL, numbers, received

PAGE = 4096


def _much(clock: FakeClock) -> list[Memory]:
    """Return more than a few pages hold, of which the first would fit."""
    text = "where? " * PAGE
    return [Session(1, 2, "en"), Heard(1, 2, text, "en", "answer", (), clock())]


async def _fill_the_disk(store: SqlStore) -> None:
    """Let the file grow no more."""
    ((pages,),) = await rows(store, "PRAGMA page_count")
    await rows(store, f"PRAGMA max_page_count = {pages}")


async def _make_room(store: SqlStore) -> None:
    await rows(store, f"PRAGMA max_page_count = {2**30}")


async def test_a_full_disk_keeps_nothing_half(sql_store: SqlStore, clock: FakeClock) -> None:
    """One line says so, nothing of the call is kept, and with room again all is well."""
    await sql_store.keep([Session(7, 7, "en")])
    await _fill_the_disk(sql_store)
    for _ in range(3):
        with pytest.raises(StorageError, match="can't grow, the disk is full: make room") as caught:
            await sql_store.keep(_much(clock))
        assert "\n" not in str(caught.value)
    assert await sql_store.session(1, 2) is None
    assert await sql_store.session(7, 7) is not None
    await _make_room(sql_store)
    await sql_store.keep(_much(clock))
    assert await sql_store.session(1, 2) is not None
    assert len((await sql_store.kept_about(2)).heard) == 1


async def test_a_full_disk_leaves_updates_undone(sql_store: SqlStore, clock: FakeClock) -> None:
    """An update that can't be finished can be later; what needs no room finishes meanwhile."""
    journal = journal_in(sql_store._transactions, clock)
    await journal.take([received(1), received(2)])
    await journal.claim(ALL)
    await _fill_the_disk(sql_store)
    big, small = await asyncio.gather(
        journal.finish(1, _much(clock)), journal.finish(2), return_exceptions=True
    )
    assert isinstance(big, StorageError)
    assert small is None
    assert await journal.backlog() == Backlog(1, clock())
    await _make_room(sql_store)
    await journal.finish(1, _much(clock))
    assert await journal.backlog() == Backlog(0)


async def test_a_full_disk_takes_no_update_half(sql_store: SqlStore, clock: FakeClock) -> None:
    """Telegram is told nothing came, and sends all of them again."""
    journal = journal_in(sql_store._transactions, clock)
    await _fill_the_disk(sql_store)
    updates = [received(number) for number in range(1000)]
    with pytest.raises(StorageError, match="the disk is full"):
        await journal.take(updates)
    assert await journal.backlog() == Backlog(0)
    await _make_room(sql_store)
    await journal.take(updates)
    assert numbers(await journal.claim(ALL)) == list(range(1000))


async def test_a_database_that_became_read_only(sql_store: SqlStore, clock: FakeClock) -> None:
    """Writing fails by name, reading goes on, and both work when it is mended."""
    await sql_store.keep([Session(1, 2, "en")])
    journal = journal_in(sql_store._transactions, clock)
    await rows(sql_store, "PRAGMA query_only = ON")
    for refused in (
        sql_store.keep([Session(1, 2, "ar")]),
        sql_store.prune(),
        sql_store.forget(2),
        journal.take([received(1)]),
        journal.claim(1),
        journal.finish(1),
        journal.renew([1]),
        journal.release(),
        journal.take_over(),
        journal.defer(1, clock()),
    ):
        with pytest.raises(StorageError, match="can't be written: give Majlis the right"):
            await refused
    assert await sql_store.session(1, 2) == Session(1, 2, "en")
    await rows(sql_store, "PRAGMA query_only = OFF")
    await journal.take([received(1)])
    assert numbers(await journal.claim(1)) == [1]


def _damage(path: Path) -> None:
    """Write nonsense over all pages of a file but the first."""
    content = path.read_bytes()
    path.write_bytes(content[:PAGE] + b"\xa5" * (len(content) - PAGE))


async def test_a_damaged_file_is_named_at_the_start(path: Path, clock: FakeClock) -> None:
    """Damage where the schema is needed is told when the database is opened."""
    await (await open_store(str(path), EXPIRY, RETENTION, clock)).close()
    _damage(path)
    with pytest.raises(StorageError, match=f"{path.name} is damaged: put back a copy"):
        await open_store(str(path), EXPIRY, RETENTION, clock)


async def test_damage_met_later_is_named(path: Path, clock: FakeClock) -> None:
    """What is damaged can't be read; what isn't still can."""
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    await store.keep([Session(1, 2, "en")])
    ((root,),) = await rows(store, "SELECT rootpage FROM sqlite_master WHERE name = 'utterances'")
    await store.close()
    _damage_page(path, root)
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    assert await store.session(1, 2) is not None
    with pytest.raises(StorageError, match="is damaged: put back a copy"):
        await store.keep([Session(1, 2, "ar"), *_much(clock)])
    assert await store.session(1, 2) == Session(1, 2, "en")
    await store.close()


def _damage_page(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


async def test_a_lock_held_too_long_is_named_and_passes(sql_store: SqlStore, path: Path) -> None:
    """Another program that writes for long is waited for, then named; later all is well."""
    await rows(sql_store, "PRAGMA busy_timeout = 0")
    holder = sqlite3.connect(path)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="is held by another program"):
        await sql_store.keep([Session(1, 2, "en")])
    holder.close()
    await sql_store.keep([Session(1, 2, "en")])
    assert await sql_store.session(1, 2) is not None


async def test_a_connection_that_was_closed_is_opened_again(sql_store: SqlStore) -> None:
    """One transaction fails by name; the next has a new connection, set up as the first was."""
    await sql_store.keep([Session(1, 2, "en")])
    for _ in range(2):
        await _close_the_file(sql_store)
        with pytest.raises(StorageError, match="closed database"):
            await sql_store.keep([Session(1, 2, "ar")])
        assert await sql_store.session(1, 2) == Session(1, 2, "en")
        assert await rows(sql_store, "PRAGMA secure_delete") == [(1,)]
        assert await rows(sql_store, "PRAGMA synchronous") == [(2,)]
    assert await sql_store.forget(2) == 1


async def test_transactions_that_meet_a_closed_connection_need_only_be_tried_again(
    sql_store: SqlStore, clock: FakeClock
) -> None:
    """Calls that come together may all fail once, and are all well then."""
    journal = journal_in(sql_store._transactions, clock)
    await _close_the_file(sql_store)
    calls = (journal.backlog, sql_store.prune, journal.release)
    await asyncio.gather(*(call() for call in calls), return_exceptions=True)
    await asyncio.gather(*(call() for call in calls))


async def _close_the_file(store: SqlStore) -> None:
    """Close the file under the store, as SQLAlchemy does with a connection it gives up."""
    assert isinstance(store._transactions, SqliteTransactions)
    connection = store._transactions._connection
    await connection.run(connection._conn.close)


async def test_a_server_that_came_back_is_used_again(
    postgres_database: str, clock: FakeClock
) -> None:
    """Connections that the server closed are replaced without anybody noticing."""
    store = await open_store(postgres_database, EXPIRY, RETENTION, clock)
    await store.keep([Session(1, 2, "en")])
    await _close_all_connections(postgres_database)
    assert await store.session(1, 2) == Session(1, 2, "en")
    await store.close()


async def test_a_server_that_goes_in_the_middle_keeps_nothing_half(
    postgres_database: str, clock: FakeClock
) -> None:
    """What wasn't committed is a StorageError without personal text, and isn't kept."""
    store = await open_store(postgres_database, EXPIRY, RETENTION, clock)
    with pytest.raises(StorageError) as caught:
        await _write_in_two_halves(store, postgres_database, clock)
    assert "\n" not in str(caught.value)
    assert "typed" not in str(caught.value)
    assert await store.session(1, 2) is None
    await store.keep([Session(1, 2, "en")])
    assert await store.session(1, 2) is not None
    await store.close()


async def _write_in_two_halves(store: SqlStore, database: str, clock: FakeClock) -> None:
    def work(connection: Connection) -> None:
        store._writer.write(connection, [Session(1, 2, "en", utterance="typed")])
        await_only(_close_all_connections(database))
        store._writer.write(connection, [Miss(2, "typed", "en", (), clock())])

    await store._transactions.run(work)


async def _close_all_connections(database: str) -> None:
    connection = await asyncpg.connect(_address(database))
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    """Let a statement take only so many seconds."""
    monkeypatch.setattr("bot.storage.database._PATIENCE_SECONDS", 0.5)
    return 0.5


async def test_a_statement_without_end_is_given_up(
    postgres_database: str, clock: FakeClock, patience: float
) -> None:
    """The server is named, its connection is of use again, and what was written isn't kept."""
    store = await open_store(postgres_database, EXPIRY, RETENTION, clock)

    def work(connection: Connection) -> None:
        store._writer.write(connection, [Session(1, 2, "en")])
        connection.execute(text("SELECT pg_sleep(50)"))

    async with asyncio.timeout(patience * 10):
        with pytest.raises(
            StorageError, match=r"doesn't answer \(TimeoutError\): start the server"
        ):
            await store._transactions.run(work)
        assert await store.session(1, 2) is None
    await store.close()


async def test_a_table_that_another_program_holds_is_not_waited_for(
    postgres_database: str, clock: FakeClock, patience: float
) -> None:
    """Every call on the journal ends in time, and all is well when the lock is gone."""
    store = await open_store(postgres_database, EXPIRY, RETENTION, clock)
    journal = journal_in(store._transactions, clock)
    holder = await asyncpg.connect(_address(postgres_database))
    async with holder.transaction():
        await holder.execute("LOCK TABLE updates")
        async with asyncio.timeout(patience * 10):
            outcomes = await asyncio.gather(
                *(journal.take([received(1)]), journal.claim(1), journal.finish(1)),
                *(journal.renew([1]), journal.backlog(), journal.release(), store.prune()),
                return_exceptions=True,
            )
    assert [type(each) for each in outcomes] == [StorageError] * 7
    await holder.close()
    await journal.take([received(1)])
    assert numbers(await journal.claim(1)) == [1]
    await store.close()


async def test_opening_waits_for_a_migration_however_long(
    postgres_database: str, clock: FakeClock, patience: float
) -> None:
    """Patience is for what should be quick: a process waits for one that migrates."""
    holder = await asyncpg.connect(_address(postgres_database))
    await holder.execute("SELECT pg_advisory_lock($1)", _LOCK)
    opening = asyncio.create_task(open_store(postgres_database, EXPIRY, RETENTION, clock))
    waited = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database() AND clock_timestamp() - query_start > $1 * interval '1s'"
    )
    while not await holder.fetchval(waited, patience):
        assert not opening.done()
    await holder.close()
    await (await opening).close()


class _Network:
    """Carry bytes between clients and a server, or hold all back while `carries` isn't set."""

    def __init__(self, host: str, port: int) -> None:
        self.carries = asyncio.Event()
        self.carries.set()
        self._server = (host, port)

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry a client's bytes and the server's until one of them ends."""
        await self.carries.wait()
        back, forth = await asyncio.open_connection(*self._server)
        await asyncio.gather(self._carry(reader, forth), self._carry(back, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError), contextlib.closing(writer):
            while found := await reader.read(2**16):
                await self.carries.wait()
                writer.write(found)


@pytest.fixture
def network(postgres_database: str) -> _Network:
    """Return a network that leads to the server."""
    url = engine_url(postgres_database)
    return _Network(str(url.host), int(url.port or 0))


async def test_a_network_that_swallows_everything_is_noticed(
    postgres_database: str, network: _Network, patience: float
) -> None:
    """A statement ends though not even its cancellation comes through; later ones work."""
    server = await asyncio.start_server(network.join, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transactions = await connect(engine_url(postgres_database).set(port=port), patience)
    await transactions.execute(text("SELECT 1"))
    network.carries.clear()
    async with asyncio.timeout(patience * 10):
        with pytest.raises(StorageError, match="doesn't answer"):
            await transactions.execute(text("SELECT 1"))
    network.carries.set()
    assert len(await transactions.execute(text("SELECT 1"))) == 1
    await transactions.close()
    server.close()
    await server.wait_closed()


def _address(database: str) -> str:
    """Return what asyncpg calls a database that MAJLIS_DATABASE names."""
    return database.replace("+asyncpg", "")
