"""The way into the journal."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

import pytest

from bot.errors import StorageError
from bot.fronts.telegram.intake import Busy, Intake
from bot.fronts.telegram.metrics import Metrics
from bot.storage.journal import Received
from bot.storage.memory_journal import MemoryJournal
from tests.bot.fronts.telegram.running import logged
from tests.fakes import make_store


class Broken(MemoryJournal):
    """Take nothing."""

    async def take(self, received: Sequence[Received]) -> None:
        """Fail."""
        message = "the disk is full"
        raise StorageError(message)


class Wakes:
    """Count how often the worker is woken."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        """Count."""
        self.count += 1


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def journal() -> MemoryJournal:
    """Return an empty journal."""
    return MemoryJournal(make_store(), _now)


@pytest.fixture
def wakes() -> Wakes:
    """Return what stands for the worker."""
    return Wakes()


@pytest.fixture
def intake(journal: MemoryJournal, wakes: Wakes) -> Intake:
    """Return an intake that is full at three."""
    return Intake(journal, Metrics(), wakes, most=3)


async def test_updates_are_stored_and_the_worker_is_woken(
    intake: Intake, journal: MemoryJournal, wakes: Wakes, log: pytest.LogCaptureFixture
) -> None:
    """What has a number is in the journal afterwards; what has none costs a line of the log."""
    await intake.take([{"update_id": 1}, {"no": "number"}, 5, {"update_id": 2, "message": {}}])
    assert [each.number for each in await journal.claim(9)] == [1, 2]
    assert wakes.count == 1
    assert logged(log, "passed over") == 2


async def test_a_repeated_update_is_stored_once(intake: Intake, journal: MemoryJournal) -> None:
    """Telegram repeats what it isn't sure about."""
    for _ in range(3):
        await intake.take([{"update_id": 1}, {"update_id": 1}])
    assert (await journal.backlog()).count == 1


async def test_a_full_intake_refuses_until_there_is_room(
    intake: Intake, journal: MemoryJournal, log: pytest.LogCaptureFixture
) -> None:
    """Where too many are open the next ones stay with Telegram; one line says so."""
    intake.measured(3)
    intake.measured(4)
    with pytest.raises(Busy):
        await intake.take([{"update_id": 1}])
    assert (await journal.backlog()).count == 0
    assert logged(log, "messages wait") == 1
    intake.measured(2)
    await intake.take([{"update_id": 1}])
    assert (await journal.backlog()).count == 1


async def test_room_is_waited_for(intake: Intake) -> None:
    """There is room at first; once it is full, who waits goes on as soon as there is some."""
    await intake.room()
    intake.measured(3)
    waiting = asyncio.create_task(intake.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    intake.measured(0)
    await waiting


async def test_a_journal_that_fails_takes_nothing_in(wakes: Wakes) -> None:
    """The error is the caller's, who doesn't confirm the update, and nobody is woken."""
    metrics = Metrics()
    intake = Intake(Broken(make_store(), _now), metrics, wakes)
    with pytest.raises(StorageError):
        await intake.take([{"update_id": 1, "message": {}}])
    assert wakes.count == 0
    assert b'majlis_updates_total{kind="message"} 0.0' in metrics.exposition()[0]
