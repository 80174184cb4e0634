"""A copy of the SQLite database, consistent while a bot writes to it."""

from __future__ import annotations

import contextlib
import os
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL

from bot.errors import StorageError
from bot.storage.database import engine_url
from bot.storage.remedies import storage_error
from bot.storage.sqlite import BUSY_SECONDS

_OF_SQLITE = ("", "-wal", "-shm", "-journal")
# The database is opened for reading only, so that what can't be written is the copy.
_WRITING = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE")


@dataclass(frozen=True, slots=True)
class Backup:
    """Say what was copied where, and the copy's size in bytes."""

    database: Path
    copy: Path
    size: int


def back_up(database: str, target: Path, *, overwrite: bool = False) -> Backup:
    """Copy the database that MAJLIS_DATABASE names to a file that only its owner can read.

    What is there at `target` stays as it is until the copy is whole and checked. Raises
    StorageError with the remedy if there is nothing to copy or the copy can't be written.
    """
    url = engine_url(database)
    if url.get_backend_name() != "sqlite":
        raise StorageError(_on_postgres(url, target))
    source = _source(url)
    try:
        _check(source, target, overwrite=overwrite)
        with _beside(target) as part:
            _copy(source, part)
            size = part.stat().st_size
            part.replace(target)
            _settle(target.absolute().parent)
    except OSError as error:
        raise _unwritable(target, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(_WRITING):
            raise _unwritable(target, str(error)) from error
        raise storage_error(error, url) from error
    return Backup(source, target, size)


def _on_postgres(url: URL, target: Path) -> str:
    options = {
        "host": url.host,
        "port": url.port,
        "username": url.username,
        "dbname": url.database,
        "format": "custom",
        "file": target,
    }
    command = shlex.join(f"--{name}={value}" for name, value in options.items() if value)
    return f"MAJLIS_DATABASE is on PostgreSQL, which makes its own copies: run `pg_dump {command}`."


def _source(url: URL) -> Path:
    name = url.database or ""
    if not name or ":memory:" in name or url.query.get("mode") == "memory":
        message = "MAJLIS_DATABASE names no file, so there is nothing to copy: name a file."
        raise StorageError(message)
    path = Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)
    try:
        if path.is_file():
            return path
    except OSError as error:
        message = f"The database {path} can't be read ({error.strerror}): get the right to do so."
        raise StorageError(message) from error
    message = (
        f"There is no database {path}, so nothing was copied: correct MAJLIS_DATABASE, or run the "
        "command in the bot's folder."
    )
    raise StorageError(message)


def _check(source: Path, target: Path, *, overwrite: bool) -> None:
    """Raise StorageError if the target must not be written."""
    own = [Path(f"{os.path.realpath(source)}{suffix}") for suffix in _OF_SQLITE]
    if Path(os.path.realpath(target)) in own or any(_same(each, target) for each in own):
        message = f"{target} belongs to the database itself: name another file for the copy."
    elif target.is_dir():
        message = f"{target} is a folder: name a file for the copy."
    elif target.exists() and not target.is_file():
        message = f"{target} is a device or the like: name a file for the copy."
    elif os.path.lexists(target) and not overwrite:
        message = f"{target} exists already: name another file, or give --force to replace it."
    else:
        return
    raise StorageError(message)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a new empty file in the target's folder, which goes unless it is moved away."""
    handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, part: Path) -> None:
    """Fill an empty file with a snapshot of the database, check it, and have it on the disk.

    VACUUM INTO reads in one transaction, so that writers neither wait nor make it start again, as
    they do with SQLite's backup by steps; and it leaves behind what was deleted.
    """
    with closing(_open(source, "mode=ro")) as connection:
        connection.execute("VACUUM INTO ?", (part.as_uri(),))
    with closing(_open(part, "mode=ro&immutable=1")) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        message = (
            f"The database {source} is damaged ({' '.join(verdict.split())}), so no copy was "
            "kept: put back an earlier one."
        )
        raise StorageError(message)
    _settle(part)


def _open(path: Path, options: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(address, BUSY_SECONDS, uri=True, isolation_level=None)


def _settle(path: Path) -> None:
    """Have a file or a folder's list of files on the disk before going on."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(target: Path, reason: str) -> StorageError:
    return StorageError(
        f"The copy {target} can't be written ({reason}): make room and give the right to write "
        "its folder, or name a file elsewhere. The database is as it was."
    )
