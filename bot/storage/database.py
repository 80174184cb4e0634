"""From the text of MAJLIS_DATABASE to an open database."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StorageError
from bot.storage.migrations import migrate
from bot.storage.pseudonyms import Pseudonym
from bot.storage.remedies import is_busy, place
from bot.storage.sqlite import open_sqlite
from bot.storage.transactions import Transactions

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_OPTIONS = {"sslmode": "ssl", "ssl": "ssl"}
# A scheme has two letters or more: C:\bot\majlis.db is a path.
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]+):(?P<rest>.*)", re.DOTALL)
_PAUSE_SECONDS = 0.02
_OPENING_SECONDS = 10
_PATIENCE_SECONDS = 5.0
_EXAMPLE = "use a path such as majlis.db, or postgresql+asyncpg://user:password@host/database"


def engine_url(database: str) -> URL:
    """Return the engine's URL for a path or a SQLAlchemy URL, with the driver Majlis uses.

    Raises StorageError, which never shows what may be a password.
    """
    if match := _SCHEME.fullmatch(database):
        scheme = match["scheme"].lower()
        if scheme not in _DRIVERS:
            message = f"MAJLIS_DATABASE has the unknown scheme {scheme!r}: {_EXAMPLE}."
            raise StorageError(message)
        url = _parse(scheme, match["rest"])
    else:
        url = URL.create("sqlite+aiosqlite", database=database)
    return _at_home(url) if url.get_backend_name() == "sqlite" else url


async def open_database(database: str, pseudonym: Pseudonym) -> Transactions:
    """Open the database, create or migrate it if needed.

    Raises StorageError with the remedy if the database can't be reached, read or written.
    """
    url = engine_url(database)
    if url.get_backend_name() == "sqlite":
        _make_file(url)
    # SQLite refuses at once, without its usual wait, when two processes turn WAL on together.
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _OPENING_SECONDS
    while True:
        try:
            return await _open(url, pseudonym)
        except StorageError as error:
            if not is_busy(error.__cause__) or loop.time() > deadline:
                raise
        await asyncio.sleep(_PAUSE_SECONDS)


async def connect(url: URL, patience: float | None = None) -> Transactions:
    """Connect to a database as it is, which may not be there yet; raises StorageError.

    A statement may take `patience` seconds on a server, None for any time.
    """
    if url.get_backend_name() == "sqlite":
        return await open_sqlite(url)
    # 6 MB and 0.1 s that SQLite needn't spend.
    from bot.storage.postgresql import open_postgres  # noqa: PLC0415

    return open_postgres(url, patience)


async def _open(url: URL, pseudonym: Pseudonym) -> Transactions:
    transactions = await connect(url)
    ready = False
    try:
        await transactions.run(lambda connection: migrate(connection, place(url), pseudonym))
        ready = not transactions.is_shared
    finally:
        if not ready:
            await transactions.close()
    # A migration may take long, and wait for that of another process. Nothing else should.
    return transactions if ready else await connect(url, _PATIENCE_SECONDS)


def _parse(scheme: str, rest: str) -> URL:
    try:
        url = make_url(f"{_DRIVERS[scheme]}:{rest}")
    except (ArgumentError, ValueError):
        url = None
    if url is None or (url.get_backend_name() != "sqlite" and _ambiguous(url, rest)):
        # Not chained: the parser's message can hold a part of the password.
        message = (
            f"MAJLIS_DATABASE isn't a URL that Majlis can read: {_EXAMPLE}, and write %40 for @, "
            "%3A for :, %2F for / and %3F for ? in the user and password."
        )
        raise StorageError(message)
    return url if url.get_backend_name() == "sqlite" else _with_options(url)


def _with_options(url: URL) -> URL:
    # asyncpg calls sslmode ssl, and fails without naming the setting on options it doesn't know.
    options = {_OPTIONS.get(name, name): value for name, value in url.query.items()}
    if unknown := sorted(set(options) - set(_OPTIONS.values())):
        message = (
            f"MAJLIS_DATABASE has the unknown option {unknown[0]!r}: "
            "leave it out; sslmode is the one that Majlis knows."
        )
        raise StorageError(message)
    return url.set(query=options)


def _ambiguous(url: URL, rest: str) -> bool:
    # A password with a bare @ or ? would end in the host or database, which messages show.
    before, _, after = rest.partition("@")
    return bool(after) and ("@" in after or "?" in before or url.username is None)


def _at_home(url: URL) -> URL:
    if not url.database or not url.database.startswith("~"):
        return url
    try:
        return url.set(database=str(Path(url.database).expanduser()))
    except RuntimeError as error:
        message = f"MAJLIS_DATABASE has no such home folder ({url.database}): write the whole path."
        raise StorageError(message) from error


def _make_file(url: URL) -> None:
    if not url.database or ":memory:" in url.database or url.query.get("mode") == "memory":
        message = "MAJLIS_DATABASE names no file, so all would be lost at the end: name a file."
        raise StorageError(message)
    path = Path(url.database)
    if path.is_dir():
        message = f"The database {path} is a folder: name a file in MAJLIS_DATABASE."
        raise StorageError(message)
    if url.database.startswith("file:"):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Opened here first because the driver leaves a thread behind where it can't open a file.
        path.open("ab").close()
    except OSError as error:
        message = (
            f"The database {path} can't be written ({error.filename}: {error.strerror}): give "
            "Majlis the right to write the file and its folder, or name another database in "
            "MAJLIS_DATABASE."
        )
        raise StorageError(message) from error
