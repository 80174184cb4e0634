"""How a database gets the tables of this program, whatever program made it."""

from __future__ import annotations

from sqlalchemy import Connection, exists, insert, inspect, select, text, update

from bot.errors import StorageError
from bot.storage.pseudonyms import Pseudonym
from bot.storage.schema import keys, metadata

REVISIONS = ("0001", "0002", "0003")
"""Every revision there is, oldest first. Known here so that opening needs no Alembic."""

# Any number that no other program is likely to lock.
_LOCK = 0x6D616A6C6973
_HIDDEN = ("user_id", "chat_id", "line")  # columns that hold pseudonyms
_NOBODY = 0  # an id that no chat has; its pseudonym stands for the key


def migrate(connection: Connection, name: str, pseudonym: Pseudonym) -> None:
    """Bring the database to the newest revision, one process at a time, all or nothing.

    It happens in the connection's transaction; `name` is what errors call the database. What older
    revisions hold under plain ids is kept under pseudonyms from then on. Raises StorageError if the
    database is of a revision that this program doesn't know, or keeps people under another key.
    """
    _lock(connection)
    revision = _revision(connection)
    if revision == REVISIONS[-1]:
        # Matches no row, but fails where nothing can be written.
        connection.execute(text("DELETE FROM alembic_version WHERE 1 = 0"))
    elif revision is None:
        _create(connection)
    elif revision in REVISIONS:
        from bot.storage.migrations.upgrade import upgrade  # noqa: PLC0415 - Alembic takes 100 ms

        upgrade(connection, pseudonym)
    else:
        message = (
            f"{name} is of revision {revision}, newer than this program "
            f"knows ({REVISIONS[-1]}): update Majlis or name another database in MAJLIS_DATABASE."
        )
        raise StorageError(message)
    _check_key(connection, name, pseudonym(_NOBODY))


def _check_key(connection: Connection, name: str, fingerprint: int) -> None:
    """Refuse to mix pseudonyms of two keys: what is kept under the other would be out of reach.

    Where nobody is kept yet, as after a first start with a mistyped token, the new key counts, if
    no other process can be about to keep somebody under the old one.
    """
    known = connection.execute(select(keys.c.fingerprint)).scalar()
    if known is None:
        connection.execute(insert(keys).values(fingerprint=fingerprint))
    elif known != fingerprint and _is_alone(connection) and not _keeps_people(connection):
        connection.execute(update(keys).values(fingerprint=fingerprint))
    elif known != fingerprint:
        message = (
            f"{name} keeps people under another key: set MAJLIS_SECRET to "
            "what it was, or to the token that the bot had, or name another database in "
            "MAJLIS_DATABASE to begin anew."
        )
        raise StorageError(message)


def _is_alone(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _keeps_people(connection: Connection) -> bool:
    """Return whether anything stands under a pseudonym."""
    columns = [
        table.c[name] for table in metadata.sorted_tables for name in _HIDDEN if name in table.c
    ]
    return any(
        connection.execute(select(exists().where(column.is_not(None)))).scalar()
        for column in columns
    )


def _create(connection: Connection) -> None:
    """Make the tables as they are now; the revisions would make the same, but Alembic is big."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISIONS[-1]}
    )


def _lock(connection: Connection) -> None:
    # Held until the transaction ends, so a second process finds the work done.
    if connection.dialect.name == "sqlite":
        connection.execute(text("BEGIN IMMEDIATE"))
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
