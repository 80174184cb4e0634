"""Add what teaching, operators, versions and tuning need; keep what was asked with its answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the new tables and columns; what is older has nothing in them."""
    _widen()
    _teaching()
    _operators()
    _preferences()
    _digests()
    _moves()


def _widen() -> None:
    op.add_column("misses", sa.Column("cause", sa.Text()))
    op.add_column("misses", sa.Column("settled_by", sa.BigInteger()))
    op.add_column("exchanges", sa.Column("user_id", sa.BigInteger()))
    op.add_column("exchanges", sa.Column("text", sa.Text()))
    op.add_column("exchanges", sa.Column("explanation", sa.Text()))
    op.create_index("ix_exchanges_user_id", "exchanges", ["user_id"])
    op.add_column("publications", sa.Column("instead_of", sa.Text()))


def _teaching() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", _RowId, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("at", _Instant, nullable=False),
        sa.Column("undone_at", _Instant),
        sa.PrimaryKeyConstraint("id", name="pk_lessons"),
    )
    op.create_index("ix_lessons_token", "lessons", ["token"], unique=True)
    op.create_table(
        "drafts",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_at", "drafts", ["at"])
    op.create_table(
        "versions",
        sa.Column("id", _RowId, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
    )
    op.create_index("ix_versions_version", "versions", ["version"], unique=True)
    op.create_table(
        "tunings",
        sa.Column("id", _RowId, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answer", sa.Float()),
        sa.Column("suggest", sa.Float()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tunings"),
    )


def _operators() -> None:
    op.create_table(
        "cases",
        sa.Column("id", _RowId, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("chat", sa.BigInteger()),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("operator_chat", sa.BigInteger()),
        sa.Column("thread", sa.BigInteger()),
        sa.Column("card", sa.BigInteger()),
        sa.Column("opened_at", _Instant, nullable=False),
        sa.Column("answered_at", _Instant),
        sa.Column("told_at", _Instant),
        sa.Column("free_at", _Instant),
        sa.Column("closed_at", _Instant),
        sa.Column("closed_by", sa.Text()),
        sa.Column("vote", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_token", "cases", ["token"], unique=True)
    for column in ("chat_id", "user_id", "thread", "card", "opened_at"):
        op.create_index(f"ix_cases_{column}", "cases", [column])
    unclosed = sa.text("closed_at IS NULL")
    op.create_index(
        *("ix_cases_open", "cases", ["chat_id"]),
        unique=True,
        sqlite_where=unclosed,
        postgresql_where=unclosed,
    )
    op.create_table(
        "relays",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("operator_message", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_message", sa.BigInteger(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "operator_message", name="pk_relays"),
    )
    op.create_index("ix_relays_at", "relays", ["at"])
    op.create_index("ix_relays_operator_message", "relays", ["operator_message"])
    op.create_index("ix_relays_case_id_person_message", "relays", ["case_id", "person_message"])
    op.create_table(
        "wishes",
        sa.Column("id", _RowId, nullable=False),
        sa.Column("chat", sa.BigInteger()),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _Instant, nullable=False),
        sa.Column("told_at", _Instant),
        sa.Column("free_at", _Instant),
        sa.PrimaryKeyConstraint("id", name="pk_wishes"),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "at"):
        op.create_index(f"ix_wishes_{column}", "wishes", [column])


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("free_at", _Instant, nullable=False),
        sa.Column("told_at", _Instant),
        sa.PrimaryKeyConstraint("week", "user_id", name="pk_digests"),
    )


def _moves() -> None:
    op.create_table(
        "moves",
        sa.Column("old_chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("new_chat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("old_chat", name="pk_moves"),
    )


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_preferences"),
    )
    op.create_index("ix_preferences_at", "preferences", ["at"])
