"""What many tests share: the project's own knowledge, built once a worker."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot import building
from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.settings import Settings, read_settings
from bot.storage.memory import MemoryStore
from tests.postgres import Postgres, needed_programs, running_postgres

SHIPPED = frozenset(
    {"000_b2a92cf86cd01747.txt", "001_5e85b28b48af4302.txt", "002_288647a102524993.txt"}
)
"""The documents that the project comes with; somebody may have added others."""


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the settings of an empty environment, with the encoder that is always there."""
    return read_settings(environ={"MAJLIS_ENCODER": "static"}, dotenv=None)


@pytest.fixture(scope="session")
def edition(settings: Settings) -> Edition:
    """Return the edition of the knowledge that comes with the project, whatever was added to it."""
    loaded = building.load_knowledge(settings)
    every = loaded.knowledge
    entries = [each for each in every.entries if {s.document for s in each.sources} <= SHIPPED]
    topics = [each for each in every.topics if each.id in {entry.topic for entry in entries}]
    shipped = replace(every, entries=tuple(entries), topics=tuple(topics))
    return building._fit(replace(loaded, knowledge=shipped), building.encoder_of(settings))


@pytest.fixture
def store() -> MemoryStore:
    """Return an empty store that expires nothing soon."""
    return MemoryStore(
        session_expiry=dt.timedelta(minutes=30), retention=dt.timedelta(days=90), clock=now
    )


@pytest.fixture
def conversation(edition: Edition, store: MemoryStore) -> Conversation:
    """Return a conversation with nobody in it yet."""
    return Conversation(edition, store, now)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL server, one a worker and only where a test asks for it."""
    with running_postgres(needed_programs(os.environ)) as server:
        yield server


def now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)
