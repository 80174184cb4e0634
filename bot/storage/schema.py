"""The tables, one description for SQLite and PostgreSQL.

All ids of chats and users are pseudonyms, but those that messages still have to be sent to and
those of groups in the settings.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Keep instants in UTC, with their zone also where the database drops it (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert an aware instant to UTC; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone: use datetime.now(UTC)."
            raise ValueError(message)
        instant = value.astimezone(dt.UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> dt.datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class CleanText(TypeDecorator[str]):
    """Keep text, with what no database takes (NUL, half a surrogate pair) replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> str | None:
        """Replace NUL by U+FFFD and half surrogate pairs by a question mark."""
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only in a column that is declared exactly INTEGER PRIMARY KEY.
_RowId = BigInteger().with_variant(Integer, "sqlite")

sessions = Table(
    "sessions",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", CleanText, nullable=False),
    Column("last_entry", CleanText),
    Column("given", JSON, nullable=False),
    Column("utterance", CleanText, nullable=False),
    Column("explanation", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

utterances = Table(
    "utterances",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("text", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

misses = Table(
    "misses",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("user_id", BigInteger, index=True),
    Column("text", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("cause", CleanText),
    Column("settled_by", BigInteger),
)

feedback = Table(
    "feedback",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", CleanText, nullable=False),
    Column("vote", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("question_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer_id", BigInteger, nullable=False),
    Column("entries", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("user_id", BigInteger, index=True),
    Column("text", CleanText),
    Column("explanation", CleanText),
    Index(None, "chat_id", "answer_id"),
)

# What admins taught in one go, and what of it is undone. `token` names the press or message that
# taught it, so that an update handled again teaches nothing twice. `author` is an admin's first
# name, empty for one who was forgotten; `user_id` tells whose it is, here and below.
lessons = Table(
    "lessons",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("token", CleanText, nullable=False, index=True, unique=True),
    Column("contents", JSON, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("user_id", BigInteger),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)

# What somebody is in the middle of writing, such as a new entry.
drafts = Table(
    "drafts",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

# The files of each version of the knowledge that went live.
versions = Table(
    "versions",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("version", CleanText, nullable=False, index=True, unique=True),
    Column("files", JSON, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("user_id", BigInteger),
    Column("at", UtcDateTime, nullable=False),
)

# Thresholds that an admin chose; the last row of a language counts.
tunings = Table(
    "tunings",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("language", CleanText, nullable=False),
    Column("answer", Float),
    Column("suggest", Float),
    Column("author", CleanText, nullable=False),
    Column("user_id", BigInteger),
    Column("at", UtcDateTime, nullable=False),
)

# People who asked for a person. `chat` is the id itself, as replies have to reach them; it goes
# when the case is closed. `operator_chat`, `thread` and `card` are where operators see the case;
# `closed_by` is the token of what closed it, by which an update handled again knows its own.
# `told_at` is when they were told that nobody answers; until `free_at` a process is about to.
cases = Table(
    "cases",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("token", CleanText, nullable=False, index=True, unique=True),
    Column("chat", BigInteger),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("name", CleanText),
    Column("language", CleanText, nullable=False),
    Column("question", CleanText, nullable=False),
    Column("operator_chat", BigInteger),
    Column("thread", BigInteger, index=True),
    Column("card", BigInteger, index=True),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("answered_at", UtcDateTime),
    Column("told_at", UtcDateTime),
    Column("free_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_by", CleanText),
    Column("vote", CleanText),
    sqlite_autoincrement=True,  # a number never comes again: old buttons carry it
)
_unclosed = cases.c.closed_at.is_(None)
Index(
    "ix_cases_open",
    cases.c.chat_id,
    unique=True,
    sqlite_where=_unclosed,
    postgresql_where=_unclosed,
)

# Which message of the person is which one of the operators, both ways.
relays = Table(
    "relays",
    metadata,
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("operator_message", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("person_message", BigInteger, nullable=False),
    Column("by_person", Boolean, nullable=False),
    Column("text", CleanText),
    Column("at", UtcDateTime, nullable=False, index=True),
    Index(None, "case_id", "person_message"),
)

# People who asked to be told when there is an answer; `chat` goes when they have been. Until
# `free_at` a process is about to tell them.
wishes = Table(
    "wishes",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("chat", BigInteger),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("language", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("told_at", UtcDateTime),
    Column("free_at", UtcDateTime),
    sqlite_autoincrement=True,  # a number never comes again: old buttons carry it
)

# What people chose for themselves; `at` is when it was last of use.
preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

# `free_at`: from when on anybody may claim the update; its owner's lease ends then. Once done, it
# has no content and no line left, only its number, so that it isn't answered twice.
updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", BigInteger),
    Column("content", Text, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("free_at", UtcDateTime, nullable=False),
    Column("owner", Text),
    Column("deaths", Integer, nullable=False),
    Column("done_at", UtcDateTime),
)
_is_open, _is_done = updates.c.done_at.is_(None), updates.c.done_at.is_not(None)
Index("ix_updates_done_at", updates.c.done_at, sqlite_where=_is_done, postgresql_where=_is_done)
Index("ix_updates_open", updates.c.update_id, sqlite_where=_is_open, postgresql_where=_is_open)
Index(
    "ix_updates_open_line",
    updates.c.line,
    updates.c.update_id,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)

publications = Table(
    "publications",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("version", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("instead_of", CleanText),
)

# Which admin got the digest of which week. Until `free_at` a process is about to send it.
digests = Table(
    "digests",
    metadata,
    Column("week", CleanText, primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("free_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
)

# The new ids of groups of the settings that became supergroups.
moves = Table(
    "moves",
    metadata,
    Column("old_chat", BigInteger, primary_key=True, autoincrement=False),
    Column("new_chat", BigInteger, nullable=False),
)

# One row: the pseudonym of 0, by which another key is recognised.
keys = Table(
    "keys", metadata, Column("fingerprint", BigInteger, primary_key=True, autoincrement=False)
)
