"""From MAJLIS_DATABASE to a store, or to one line that says what to do."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.database import engine_url
from bot.storage.store import Session
from tests.bot.storage.conftest import EXPIRY, RETENTION, FakeClock, open_store, refusal


def _allow(path: Path, mode: int) -> None:
    path.chmod(mode)


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("majlis.db", "sqlite+aiosqlite:///majlis.db"),
        ("/var/lib/majlis.db", "sqlite+aiosqlite:////var/lib/majlis.db"),
        ("~/x/majlis.db", "sqlite+aiosqlite:////home/sara/x/majlis.db"),
        ("sqlite:///~/majlis.db", "sqlite+aiosqlite:////home/sara/majlis.db"),
        ("sqlite+aiosqlite:////a/b.db", "sqlite+aiosqlite:////a/b.db"),
        ("postgres://h/d", "postgresql+asyncpg://h/d"),
        ("PostgreSQL://u:p%40w@h:5/d", "postgresql+asyncpg://u:p%40w@h:5/d"),
        ("postgresql+asyncpg://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
    ],
)
def test_paths_and_urls_become_the_engines_url(
    database: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path, a path from home and the common spellings of URLs are all understood."""
    monkeypatch.setenv("HOME", "/home/sara")
    assert engine_url(database).render_as_string(hide_password=False) == url


@pytest.mark.parametrize("database", [r"C:\bot\majlis.db", "what?.db", "100%.db", "a b@c#1.db"])
def test_any_path_is_taken_as_it_is(database: str) -> None:
    """Characters that mean something in URLs mean nothing in paths."""
    assert engine_url(database).database == database


@pytest.mark.parametrize(
    "database",
    [
        "mysql://sara:hunter2@h/d",
        "postgresql+psycopg2://sara:hunter2@h/d",
        "postgresql:sara:hunter2@h/d",
        "postgresql://sara:hun@ter2@h/d",
        "postgresql://sara:hunt?er2@h/d",
        "postgresql://sa/ra:hunter2@h/d",
        "postgresql://sara:1@h:hunter2/d",
        "postgresql://h/d?password=hunter2",
    ],
)
def test_no_refusal_shows_a_password(database: str) -> None:
    """A URL that can't be used is explained without any part that may be secret."""
    with pytest.raises(StorageError) as caught:
        engine_url(database)
    shown = "".join(traceback.format_exception(caught.value, chain=True)).split("Error", 1)[1]
    assert not [secret for secret in ("hun", "ter2", "er2") if secret in shown]


def test_an_unknown_home_is_named() -> None:
    """A home folder of nobody is refused with the remedy."""
    with pytest.raises(StorageError, match="write the whole path"):
        engine_url("~no-such-person/majlis.db")


async def test_the_folder_is_made(path: Path, clock: FakeClock) -> None:
    """The first start needs no preparation."""
    await (await open_store(str(path.parent / "deeper" / "x.db"), EXPIRY, RETENTION, clock)).close()
    assert [file.name for file in path.parent.rglob("*.db")] == ["x.db"]


async def test_an_empty_file_becomes_a_database(tmp_path: Path, clock: FakeClock) -> None:
    """A file that something like `touch` made is as good as none."""
    path = tmp_path / "majlis.db"
    path.touch()
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    await store.keep([Session(1, 2, "en")])
    await store.close()


async def test_a_folder_that_cannot_be_made(tmp_path: Path, clock: FakeClock) -> None:
    """A file where the folder should be is named with the reason."""
    (tmp_path / "file").touch()
    line = await refusal(str(tmp_path / "file" / "majlis.db"), clock)
    assert f"The database {tmp_path / 'file' / 'majlis.db'} can't be written (" in line
    assert "MAJLIS_DATABASE" in line


async def test_a_folder_instead_of_a_file(tmp_path: Path, clock: FakeClock) -> None:
    """A folder as the database is refused."""
    assert "is a folder: name a file" in await refusal(str(tmp_path), clock)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anything")
async def test_an_unwritable_folder(tmp_path: Path, clock: FakeClock) -> None:
    """A folder without the right to write is named with the remedy."""
    _allow(tmp_path, 0o500)
    line = await refusal(str(tmp_path / "majlis.db"), clock)
    assert "Permission denied): give Majlis the right to write the file and its folder" in line


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anything")
async def test_a_read_only_file(path: Path, clock: FakeClock) -> None:
    """An existing database without the right to write is refused at the start."""
    await (await open_store(str(path), EXPIRY, RETENTION, clock)).close()
    _allow(path, 0o400)
    assert "Permission denied): give Majlis the right" in await refusal(str(path), clock)


async def test_a_database_opened_read_only(path: Path, clock: FakeClock) -> None:
    """A database that is up to date but can't be written is refused at the start."""
    await (await open_store(str(path), EXPIRY, RETENTION, clock)).close()
    line = await refusal(f"sqlite:///file:{path}?mode=ro&uri=true", clock)
    assert "can't be written: give Majlis the right" in line


async def test_a_file_that_is_no_database(tmp_path: Path, clock: FakeClock) -> None:
    """A text file is refused and stays as it was."""
    path = tmp_path / "notes.txt"
    path.write_text("Not a database. " * 100)
    assert f"{path} is not a SQLite database: move it away" in await refusal(str(path), clock)
    assert path.read_text() == "Not a database. " * 100


@pytest.mark.parametrize("database", [":memory:", "sqlite://", "sqlite:///file:x?mode=memory"])
async def test_a_database_without_a_file(database: str, clock: FakeClock) -> None:
    """A database that would forget everything is refused."""
    assert "names no file" in await refusal(database, clock)


async def test_a_file_held_by_another_program(
    path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that stays locked is refused in the end, with the remedy."""
    monkeypatch.setattr("bot.storage.database._OPENING_SECONDS", 0)
    monkeypatch.setattr("bot.storage.sqlite._PRAGMAS", ("busy_timeout=0", "journal_mode=WAL"))
    path.parent.mkdir()
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")
    assert "is held by another program: close that program" in await refusal(str(path), clock)
    holder.close()


async def test_a_missing_driver(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that isn't installed is named with the command that installs it."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    line = await refusal("postgresql://sara:hunter2@db.example/majlis", clock)
    assert "The database majlis at db.example needs the driver asyncpg" in line
    assert "pip install asyncpg" in line
    assert "hunter2" not in line


async def test_a_server_that_is_away(clock: FakeClock) -> None:
    """A server that doesn't answer is named without user and password."""
    pytest.importorskip("asyncpg")
    line = await refusal("postgresql://sara:hunter2@127.0.0.1:1/majlis", clock)
    assert "The database majlis at 127.0.0.1:1 doesn't answer (" in line
    assert "start the server or correct MAJLIS_DATABASE" in line
    assert "hunter2" not in line
    assert "sara" not in line
