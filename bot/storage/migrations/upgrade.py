"""The way to Alembic, without its command line and its file of settings."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.storage.pseudonyms import Pseudonym


def upgrade(connection: Connection, pseudonym: Pseudonym) -> None:
    """Run every revision that the database lacks, in the connection's transaction."""
    config = configuration()
    config.attributes.update(connection=connection, pseudonym=pseudonym)
    command.upgrade(config, "head")


def configuration() -> Config:
    """Return Alembic's settings for the revisions in this folder."""
    config = Config()
    # Alembic fills in %(here)s and the like, so a percent sign of the path is doubled.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
