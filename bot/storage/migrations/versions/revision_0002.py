"""Add the journal of updates and what is published; keep people under pseudonyms."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"

_RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Instant = sa.DateTime(timezone=True)
_IDS = {
    "sessions": ("chat_id", "user_id"),
    "utterances": ("chat_id", "user_id"),
    "feedback": ("chat_id", "user_id"),
    "exchanges": ("chat_id",),
}


def upgrade() -> None:
    """Create updates, keys and publications, say whose a miss is, and replace plain ids."""
    _updates()
    op.create_table(
        "keys",
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_keys"),
    )
    op.create_table(
        "publications",
        sa.Column("id", _RowId, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
    )
    op.create_index("ix_publications_at", "publications", ["at"])
    op.add_column("misses", sa.Column("user_id", sa.BigInteger()))
    op.create_index("ix_misses_user_id", "misses", ["user_id"])
    op.create_index("ix_utterances_user_id", "utterances", ["user_id"])
    _hide(context.config.attributes["pseudonym"])


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("taken_at", _Instant, nullable=False),
        sa.Column("free_at", _Instant, nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("done_at", _Instant),
        sa.PrimaryKeyConstraint("update_id", name="pk_updates"),
    )
    for name, columns, which in (
        ("ix_updates_done_at", ["done_at"], "done_at IS NOT NULL"),
        ("ix_updates_open", ["update_id"], "done_at IS NULL"),
        ("ix_updates_open_line", ["line", "update_id"], "done_at IS NULL"),
    ):
        where = sa.text(which)
        op.create_index(name, "updates", columns, sqlite_where=where, postgresql_where=where)


def _hide(pseudonym: Callable[[int], int]) -> None:
    connection = op.get_bind()
    tables = [sa.table(name, *map(sa.column, columns)) for name, columns in _IDS.items()]
    ids = _pairs()
    ids.create(connection)
    every = sa.union(*(sa.select(each) for of in tables for each in of.c))
    if plain := connection.execute(every).scalars().all():
        pairs = [{"plain": each, "hidden": pseudonym(each)} for each in plain]
        connection.execute(sa.insert(ids), pairs)
    for of in tables:
        hidden = {
            each: sa.select(ids.c.hidden).where(ids.c.plain == each).scalar_subquery()
            for each in of.c
        }
        connection.execute(sa.update(of).values(hidden))
    ids.drop(connection)


def _pairs() -> sa.Table:
    # Looked up in a table with a key: one update per id would read the whole log for each person.
    return sa.Table(
        "ids",
        sa.MetaData(),
        sa.Column("plain", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hidden", sa.BigInteger(), nullable=False),
        prefixes=["TEMPORARY"],
    )
