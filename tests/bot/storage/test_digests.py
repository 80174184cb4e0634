"""Which digests were sent: alike in memory and in each database."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.storage.digests import Digests, MemoryDigests
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_digests import SqlDigests
from bot.storage.telling import TELLING_LEASE
from tests.bot.storage.conftest import SECRET, TICK, FakeClock, Room, rows

ADA, EVE = 4_242_424_242, 3_131_313_131
DUE = ("2025-W09", ADA)


@pytest.fixture
def digests(room: Room, clock: FakeClock) -> Digests:
    """Remember digests in each way in turn."""
    if isinstance(room.store, SqlStore):
        return SqlDigests(room.store._transactions, pseudonyms(SECRET), clock=clock)
    return MemoryDigests(clock)


async def test_a_digest_is_claimed_by_one(digests: Digests) -> None:
    """Of all who ask one gets it, and each admin and week is another; given back, it is free."""
    assert sorted(await asyncio.gather(*(digests.claim(DUE) for _ in range(4)))) == [
        *([False] * 3),
        True,
    ]
    assert await digests.claim(("2025-W10", ADA))
    assert await digests.claim(("2025-W09", EVE))
    await digests.give_back(DUE)
    assert await digests.claim(DUE)


async def test_a_digest_that_a_process_died_over_is_sent_by_another(
    digests: Digests, clock: FakeClock
) -> None:
    """A claim that nobody settles lapses; a settled one never does."""
    assert await digests.claim(DUE)
    clock.advance(TELLING_LEASE - TICK)
    assert not await digests.claim(DUE)
    clock.advance(TICK)
    assert await digests.claim(DUE)
    await digests.settle(DUE)
    clock.advance(TELLING_LEASE)
    assert not await digests.claim(DUE)


async def test_who_got_a_digest_is_hidden_and_soon_forgotten(
    room: Room, digests: Digests, clock: FakeClock
) -> None:
    """The database doesn't name the admin, and a week later it has no trace of the digest."""
    if not isinstance(room.store, SqlStore):
        return
    await digests.claim(DUE)
    await digests.settle(DUE)
    assert str(ADA) not in str(await rows(room.store, "SELECT * FROM digests"))
    assert await room.store.prune() == 0
    clock.advance(dt.timedelta(days=8))
    assert await room.store.prune() == 1
