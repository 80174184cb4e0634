"""The stores under test and the clock they go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import open_store
from bot.storage.memory import MemoryStore
from bot.storage.sql import SqlStore
from bot.storage.store import Store

EXPIRY = dt.timedelta(minutes=30)
RETENTION = dt.timedelta(days=90)


class FakeClock:
    """Tell the time that a test sets."""

    def __init__(self) -> None:
        self.now = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        """Return the time set."""
        return self.now

    def advance(self, step: dt.timedelta) -> None:
        """Let time pass."""
        self.now += step


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands still."""
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a database may be made, in a folder that isn't there yet."""
    return tmp_path / "new" / "majlis.db"


@pytest.fixture
async def sql_store(path: Path, clock: FakeClock) -> AsyncIterator[SqlStore]:
    """Open a store in a new SQLite file."""
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    yield store
    await store.close()


@pytest.fixture(params=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, path: Path, clock: FakeClock
) -> AsyncIterator[Store]:
    """Open each kind of store in turn."""
    opened: Store = (
        MemoryStore(EXPIRY, RETENTION, clock)
        if request.param == "memory"
        else await open_store(str(path), EXPIRY, RETENTION, clock)
    )
    yield opened
    await opened.close()
