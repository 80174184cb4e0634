"""What the store in memory shows and spares."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

from bot.storage.memory import MemoryStore
from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss
from tests.bot.storage.conftest import EXPIRY, RETENTION, FakeClock


async def test_what_was_stored_can_be_looked_at(clock: FakeClock) -> None:
    """Tests read the logs from the store's attributes."""
    store = MemoryStore(EXPIRY, RETENTION, clock)
    heard = Heard(1, 2, "where?", "en", "fallback", (Candidate("isoj-where", 0.2),), clock())
    miss = Miss(2, "where?", "en", heard.candidates, clock())
    vote = Feedback(1, 11, 2, "isoj-where", "helpful", clock())
    exchange = Exchange(1, 10, 11, (), clock())
    await store.keep([heard])
    await store.keep([miss])
    await store.keep([vote])
    await store.keep([exchange])
    assert (store.utterances, store.misses) == ([heard], [miss])
    assert list(store.feedback.values()) == [vote]
    assert list(store.exchanges.values()) == [exchange]


async def test_a_retention_longer_than_the_calendar_keeps_all(clock: FakeClock) -> None:
    """The greatest timedelta means for ever."""
    store = MemoryStore(EXPIRY, dt.timedelta.max, clock)
    await store.keep([Miss(2, "where?", "en", (), clock())])
    assert await store.prune() == 0


def test_the_terminal_needs_no_sql() -> None:
    """Importing the store in memory leaves SQLAlchemy alone, for a quick start."""
    code = "import sys, bot.storage.memory; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
