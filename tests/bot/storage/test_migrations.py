"""How databases come to the newest revision."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import StorageError
from bot.storage.database import engine_url, open_store
from bot.storage.engine import new_engine
from bot.storage.migrations import REVISIONS, upgrade
from bot.storage.schema import metadata
from bot.storage.sql import SqlStore
from tests.bot.storage.conftest import EXPIRY, RETENTION, FakeClock

_OPEN = """
import asyncio, datetime as dt, sys
from bot.storage.database import open_store

async def main():
    day = dt.timedelta(days=1)
    store = await open_store(sys.argv[1], day, day, lambda: dt.datetime.now(dt.UTC))
    await store.close()

asyncio.run(main())
print("alembic" in sys.modules)
"""


async def _open_elsewhere(path: Path) -> str:
    """Open and close the database in a process of its own; tell if it needed Alembic."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", _OPEN, str(path), stdout=asyncio.subprocess.PIPE
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
    found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return {row.name for row in found}


async def test_the_migrations_make_the_tables_of_the_schema(sql_store: SqlStore) -> None:
    """The revisions in order give what schema.py describes, no more and no less."""
    async with sql_store._engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


def test_the_revisions_known_are_the_revisions_there_are() -> None:
    """The list that saves loading Alembic is complete and in order."""
    script = ScriptDirectory.from_config(upgrade.configuration())
    found = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS


async def test_a_current_database_opens_without_alembic(path: Path) -> None:
    """Only the first start pays for Alembic."""
    assert await _open_elsewhere(path) == "True"
    assert await _open_elsewhere(path) == "False"


async def test_processes_that_start_together_migrate_once(path: Path) -> None:
    """Two processes on one new file both come up."""
    path.parent.mkdir()
    assert len(await asyncio.gather(_open_elsewhere(path), _open_elsewhere(path))) == 2


async def test_stores_that_open_together_migrate_once(path: Path, clock: FakeClock) -> None:
    """Many connections to one new file wait for the one that makes the tables."""
    stores = await asyncio.gather(
        *(open_store(str(path), EXPIRY, RETENTION, clock) for _ in range(6))
    )
    for store in stores:
        assert await store.session(1, 2) is None
        await store.close()


async def test_a_newer_database_is_refused(
    sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """A database of a later Majlis is left alone, with the remedy in one line."""
    async with sql_store._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match=r"of revision 9999, newer .*: update Majlis"):
        await open_store(str(path), EXPIRY, RETENTION, clock)


async def test_a_migration_that_fails_leaves_nothing(path: Path, clock: FakeClock) -> None:
    """A table in the way stops the migration, and none of its tables stay behind."""
    path.parent.mkdir()
    engine = new_engine(engine_url(str(path)))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE exchanges (mine TEXT)"))
    with pytest.raises(StorageError, match="table exchanges already exists"):
        await open_store(str(path), EXPIRY, RETENTION, clock)
    async with engine.connect() as connection:
        assert await connection.run_sync(_tables) == {"exchanges"}
    await engine.dispose()


def test_a_percent_sign_in_the_path_is_no_instruction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic takes the folder of the revisions as it is."""
    monkeypatch.setattr(upgrade, "__file__", "/opt/100%/bot/upgrade.py")
    assert upgrade.configuration().get_main_option("script_location") == "/opt/100%/bot"
