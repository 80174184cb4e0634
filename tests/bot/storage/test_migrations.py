"""How databases come to the newest revision."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, insert, inspect, text

from bot.errors import StorageError
from bot.storage.database import connect, engine_url
from bot.storage.migrations import REVISIONS, upgrade
from bot.storage.pseudonyms import pseudonyms
from bot.storage.remedies import place
from bot.storage.schema import metadata
from bot.storage.sql import SqlStore
from bot.storage.store import Candidate, Exchange, Session
from bot.storage.transactions import Transactions
from tests.bot.storage.conftest import (
    EXPIRY,
    RETENTION,
    SECRET,
    FakeClock,
    open_store,
    refusal,
    rows,
)
from tests.bot.storage.test_people import GROUP, SARA, traces

_OPEN = """
import asyncio, sys
from bot.storage.database import open_database
from bot.storage.pseudonyms import pseudonyms

async def main():
    await (await open_database(sys.argv[1], pseudonyms("secret"))).close()

asyncio.run(main())
print("alembic" in sys.modules)
"""


async def _open_elsewhere(database: str) -> str:
    """Open and close the database in a process of its own; tell if it needed Alembic."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", _OPEN, database, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().strip()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def _connect(database: str) -> Transactions:
    """Connect to a database that isn't Majlis's yet."""
    if "://" not in database:
        Path(database).parent.mkdir()
    return await connect(engine_url(database))


def _old_rows(at: dt.datetime) -> dict[str, list[dict[str, Any]]]:
    """Return what the first revision kept of a person in a private chat and in a group."""
    candidates = [{"entry": "isoj-where", "confidence": 0.5}]
    session = {"language": "en", "last_entry": "who", "given": ["who"], "utterance": "x"}
    heard = {"text": "where?", "language": "en", "candidates": candidates, "at": at}
    vote = {"message_id": 11, "entry": "isoj-where", "vote": "helpful", "at": at}
    exchange = {"question_id": 10, "answer_id": 11, "entries": ["isoj-where"], "at": at}
    places = [{"chat_id": chat, "user_id": SARA} for chat in (SARA, GROUP)]
    return {
        "sessions": [place | session | {"explanation": "y", "at": at} for place in places],
        "utterances": [place | heard | {"kind": "suggest"} for place in places],
        "misses": [heard],
        "feedback": [place | vote for place in places],
        "exchanges": [{"chat_id": place["chat_id"]} | exchange for place in places],
    }


def _make_old_tables(connection: Connection, found: dict[str, list[dict[str, Any]]]) -> None:
    configuration = upgrade.configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "0001")
    for name, old in found.items():
        connection.execute(insert(Table(name, MetaData(), autoload_with=connection)), old)


async def _make_the_first(database: str, clock: FakeClock, people: int = 0) -> None:
    """Make a database of revision 0001 with rows under plain ids."""
    found = _old_rows(clock())
    heard = found["utterances"][0]
    found["utterances"] += [
        heard | {"chat_id": number % people, "user_id": number % people}
        for number in range(people * 5)
    ]
    transactions = await _connect(database)
    await transactions.run(lambda connection: _make_old_tables(connection, found))
    await transactions.close()


async def test_a_new_database_has_the_tables_of_the_schema(any_sql_store: SqlStore) -> None:
    """Alembic finds nothing to change in what was made without it, and takes it for current."""
    assert await any_sql_store._transactions.run(_differences) == []


def test_the_revisions_known_are_the_revisions_there_are() -> None:
    """The list that saves loading Alembic is complete and in order."""
    script = ScriptDirectory.from_config(upgrade.configuration())
    found = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS


async def test_only_an_old_database_needs_alembic(path: Path, clock: FakeClock) -> None:
    """It takes long to load, so that a new or current database opens without it."""
    old = path.with_name("old.db")
    await _make_the_first(str(old), clock)
    assert await _open_elsewhere(str(path)) == "False"
    assert await _open_elsewhere(str(path)) == "False"
    assert await _open_elsewhere(str(old)) == "True"
    assert await _open_elsewhere(str(old)) == "False"


async def test_processes_that_start_together_migrate_once(new_database: str) -> None:
    """Two processes on one new database both come up."""
    assert len(await asyncio.gather(*(_open_elsewhere(new_database) for _ in range(2)))) == 2


async def test_stores_that_open_together_migrate_once(new_database: str, clock: FakeClock) -> None:
    """Many connections to one new database wait for the one that makes the tables."""
    stores = await asyncio.gather(
        *(open_store(new_database, EXPIRY, RETENTION, clock) for _ in range(6))
    )
    for store in stores:
        assert await store.session(1, 2) is None
        assert await rows(store, "SELECT version_num FROM alembic_version") == [(REVISIONS[-1],)]
        await store.close()


async def test_a_newer_database_is_refused(new_database: str, clock: FakeClock) -> None:
    """A database of a later Majlis is left alone, with the remedy in one line."""
    store = await open_store(new_database, EXPIRY, RETENTION, clock)
    await rows(store, "UPDATE alembic_version SET version_num = '9999'")
    line = await refusal(new_database, clock)
    assert line.startswith(f"{place(engine_url(new_database))} is of revision 9999, newer than")
    assert "update Majlis" in line
    assert await rows(store, "SELECT version_num FROM alembic_version") == [("9999",)]
    await store.close()


async def test_a_migration_that_fails_leaves_nothing(new_database: str, clock: FakeClock) -> None:
    """A table in the way stops the migration, and none of its tables stay behind."""
    transactions = await _connect(new_database)
    await transactions.execute(text("CREATE TABLE exchanges (mine TEXT)"))
    with pytest.raises(StorageError, match=r'exchanges"? already exists'):
        await open_store(new_database, EXPIRY, RETENTION, clock)
    assert await transactions.run(_tables) == {"exchanges"}
    await transactions.close()


async def test_a_database_of_the_first_revision_goes_on(
    new_database: str, clock: FakeClock
) -> None:
    """All that it holds is found under the real ids, and as much as before is there to prune."""
    await _make_the_first(new_database, clock)
    store = await open_store(new_database, EXPIRY, RETENTION, clock)
    candidates = (Candidate("isoj-where", 0.5),)
    assert await store.session(GROUP, SARA) == Session(GROUP, SARA, "en", "who", ("who",), "x", "y")
    assert await store.session(SARA, SARA) == Session(SARA, SARA, "en", "who", ("who",), "x", "y")
    assert await store.answer_to(GROUP, 10) == Exchange(GROUP, 10, 11, ("isoj-where",), clock())
    assert await store.exchange_of(SARA, 11) == Exchange(SARA, 10, 11, ("isoj-where",), clock())
    kept = await store.kept_about(SARA)
    assert len(kept.sessions) == len(kept.heard) == len(kept.feedback) == 2
    assert [(each.text, each.candidates) for each in kept.heard] == [("where?", candidates)] * 2
    assert kept.misses == ()
    assert await store.forget(SARA) == 7
    clock.advance(RETENTION * 2)
    assert await store.prune() == 2
    await store.close()


async def test_a_database_of_the_first_revision_gets_its_key(
    new_database: str, clock: FakeClock
) -> None:
    """From then on the same key opens it and another doesn't."""
    await _make_the_first(new_database, clock)
    for _ in range(2):
        store = await open_store(new_database, EXPIRY, RETENTION, clock)
        assert await store.session(GROUP, SARA) is not None
        assert await rows(store, "SELECT fingerprint FROM keys") == [(pseudonyms(SECRET)(0),)]
        await store.close()
    assert "MAJLIS_SECRET" in await refusal(new_database, clock, secret="another key")


async def _indexes(store: SqlStore) -> set[str]:
    """Return the definitions of all indexes, with the conditions that Alembic doesn't compare."""
    sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% ix_%'"
    if store._transactions.is_shared:
        sql = "SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'ix_%'"
    return {" ".join(definition.split()) for (definition,) in await rows(store, sql)}


async def test_indexes_are_the_same_however_a_database_was_made(
    new_database: str, clock: FakeClock
) -> None:
    """Those of the updates hold either what is done or what isn't."""
    await _make_the_first(new_database, clock)
    store = await open_store(new_database, EXPIRY, RETENTION, clock)
    migrated = await _indexes(store)
    await store._transactions.run(metadata.drop_all)
    await rows(store, "DROP TABLE alembic_version")
    await store.close()
    store = await open_store(new_database, EXPIRY, RETENTION, clock)
    new = await _indexes(store)
    await store.close()
    assert new == migrated
    parts = [re.search(r"(ix_updates\w+) .*WHERE \(?(.*?)\)?$", each) for each in new]
    assert sorted(part.groups() for part in parts if part) == [
        ("ix_updates_done_at", "done_at IS NOT NULL"),
        ("ix_updates_open", "done_at IS NULL"),
        ("ix_updates_open_line", "done_at IS NULL"),
    ]


async def test_no_id_of_the_first_revision_is_left(new_database: str, clock: FakeClock) -> None:
    """Ids stand in no table; all tables are those of a new database."""
    await _make_the_first(new_database, clock)
    store = await open_store(new_database, EXPIRY, RETENTION, clock)
    for table in metadata.tables:
        assert not re.search(f"{SARA}|{-GROUP}", repr(await rows(store, f"SELECT * FROM {table}")))
    assert await store._transactions.run(_differences) == []
    assert await store._transactions.run(_tables) == {*metadata.tables, "alembic_version"}
    await store.close()


async def test_no_id_of_the_first_revision_is_left_in_the_file(
    path: Path, clock: FakeClock
) -> None:
    """Not even in the parts of the file that are free now."""
    await _make_the_first(str(path), clock)
    assert traces(path.parent, SARA)
    assert traces(path.parent, GROUP)
    await (await open_store(str(path), EXPIRY, RETENTION, clock)).close()
    assert traces(path.parent, SARA) == []
    assert traces(path.parent, GROUP) == []


async def test_a_large_database_of_the_first_revision_is_soon_ready(
    new_database: str, clock: FakeClock
) -> None:
    """The work grows with the rows, not with rows times people: that would take minutes here."""
    await _make_the_first(new_database, clock, people=10_000)
    async with asyncio.timeout(15):
        store = await open_store(new_database, EXPIRY, RETENTION, clock)
    assert len((await store.kept_about(1234)).heard) == 5
    await store.close()


def test_a_percent_sign_in_the_path_is_no_instruction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic takes the folder of the revisions as it is."""
    monkeypatch.setattr(upgrade, "__file__", "/opt/100%/bot/upgrade.py")
    assert upgrade.configuration().get_main_option("script_location") == "/opt/100%/bot"
