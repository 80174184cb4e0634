"""What a database's error means and what to do about it, in one line without secrets."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError

_OTHER = "or name another database in MAJLIS_DATABASE"
_SQLITE = {
    "SQLITE_NOTADB": f"is not a SQLite database: move it away {_OTHER}.",
    "SQLITE_CORRUPT": f"is damaged: put back a copy {_OTHER}.",
    "SQLITE_READONLY": f"can't be written: give Majlis the right to write the file and its "
    f"folder, {_OTHER}.",
    "SQLITE_PERM": f"can't be written: give Majlis the right to write the file and its "
    f"folder, {_OTHER}.",
    "SQLITE_CANTOPEN": f"can't be opened: give Majlis the right to write its folder, {_OTHER}.",
    "SQLITE_BUSY": "is held by another program: close that program and try again.",
    "SQLITE_FULL": f"can't grow, the disk is full: make room {_OTHER}.",
    "SQLITE_IOERR": f"can't be read or written, the disk fails: check the disk {_OTHER}.",
}


def place(url: URL) -> str:
    """Name a database for people: its file, or server and database without user and password."""
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database or ':memory:'}"
    port = f":{url.port}" if url.port else ""
    return f"The database {url.database or ''} at {url.host or 'this host'}{port}"


def storage_error(error: Exception, url: URL) -> StorageError:
    """Return the StorageError that says what `error` means for the database at `url`."""
    cause, name = _cause(error)
    for prefix, meaning in _SQLITE.items():
        if name.startswith(prefix):
            return StorageError(f"{place(url)} {meaning}")
    detail = _detail(cause, url)
    if isinstance(cause, OSError):
        return StorageError(
            f"{place(url)} doesn't answer ({detail}): start the server or correct MAJLIS_DATABASE."
        )
    return StorageError(f"{place(url)} can't be used ({detail}): mend that {_OTHER}.")


def is_busy(error: BaseException | None) -> bool:
    """Tell whether another connection to a SQLite file was in the way."""
    return error is not None and _cause(error)[1].startswith("SQLITE_BUSY")


def _cause(error: BaseException) -> tuple[BaseException, str]:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return cause, str(getattr(cause, "sqlite_errorname", ""))


def _detail(cause: BaseException, url: URL) -> str:
    line = next(iter(str(cause).splitlines()), "") or type(cause).__name__
    return line.replace(str(url.password), "***") if url.password else line
