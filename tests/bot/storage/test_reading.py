"""Reading a database beside the bot that writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StorageError
from bot.storage.reading import reading
from bot.storage.sql import SqlStore
from bot.storage.store import Miss
from tests.bot.storage.conftest import EXPIRY, RETENTION, FakeClock, open_store

_COUNT = text("SELECT count(*) AS n FROM misses")


async def _refused(database: str) -> str:
    with pytest.raises(StorageError) as refusal:
        async with reading(database):
            raise AssertionError
    return str(refusal.value)


async def test_what_a_running_bot_wrote_is_read(database: str, clock: FakeClock) -> None:
    """The bot goes on writing while somebody reads; each look sees the latest."""
    store = await open_store(database, EXPIRY, RETENTION, clock)
    async with reading(database) as transactions:
        for count in (1, 2):
            await store.keep([Miss(1, "why", "en", (), clock())])
            assert (await transactions.execute(_COUNT))[0]["n"] == count
    await store.close()


async def test_nothing_can_be_written(path: Path, sql_store: SqlStore) -> None:
    """A statement that writes is refused by SQLite itself."""
    async with reading(str(path)) as transactions:
        await transactions.tidy()
        with pytest.raises(StorageError, match="can't be written"):
            await transactions.execute(text("DELETE FROM misses"))


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A wrong path is named, and no empty file stays behind."""
    wanted = tmp_path / "majlis.db"
    assert str(wanted) in await _refused(str(wanted))
    assert "There is no database" in await _refused(f"sqlite:///{tmp_path}")
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240 - a look at a test's own folder


@pytest.mark.parametrize(
    ("revision", "remedy"), [("0002", "start the bot on it once"), ("9999", "update Majlis")]
)
async def test_another_revision_is_refused(
    path: Path, clock: FakeClock, revision: str, remedy: str
) -> None:
    """An older database needs the bot, a newer one a newer program."""
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    await store._transactions.execute(text(f"UPDATE alembic_version SET version_num='{revision}'"))
    await store.close()
    assert remedy in await _refused(str(path))


async def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    """An empty file is a database in which no bot ever wrote."""
    (tmp_path / "empty.db").touch()
    assert "start the bot on it once" in await _refused(str(tmp_path / "empty.db"))
