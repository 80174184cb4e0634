"""The pulse: measuring, renewing, and telling whether the bot is ready."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from bot.errors import StorageError
from bot.fronts.telegram import pulse as module
from bot.fronts.telegram.intake import Busy, Intake
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.pulse import Pulse
from bot.fronts.telegram.verdicts import Done, Verdict
from bot.fronts.telegram.worker import Worker
from bot.storage.journal import Backlog, Claimed, Received
from bot.storage.memory_journal import MemoryJournal
from tests.bot.fronts.telegram.running import logged
from tests.fakes import make_store


class Watched(MemoryJournal):
    """Count what the pulse does, and fail while `broken`."""

    def __init__(self) -> None:
        super().__init__(make_store(), _now)
        self.broken = False
        self.beats = 0
        self.renewals: list[tuple[int, ...]] = []

    async def renew(self, numbers: Sequence[int]) -> None:
        """Note what is renewed."""
        self.renewals.append(tuple(numbers))

    async def backlog(self) -> Backlog:
        """Count, and fail if told to."""
        self.beats += 1
        if self.broken:
            message = "the disk is gone"
            raise StorageError(message)
        return await super().backlog()


class Heart:
    """Hold a pulse and what it measures."""

    def __init__(self, lease: float = 60.0) -> None:
        self.journal = Watched()
        self.metrics = Metrics()
        self.gate = asyncio.Event()
        self.worker = Worker(self.journal, self.wait, self.metrics, _now)
        self.intake = Intake(self.journal, self.metrics, self.worker.wake, most=2)
        self.pulse = Pulse(
            *(self.journal, self.intake, self.worker, self.metrics, _now, lease),
        )

    async def wait(self, _: Claimed) -> Verdict:
        """Handle an update when the gate opens."""
        await self.gate.wait()
        return Done("answer")

    async def beat(self, times: int = 2) -> None:
        """Wait for so many beats that begin from now on."""
        last = self.journal.beats + times
        await until(lambda: self.journal.beats >= last)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - any condition may be waited for
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def beating(heart: Heart, *more: asyncio.Task[None]) -> AsyncIterator[None]:
    """Let the pulse run during the block."""
    tasks = [asyncio.create_task(heart.pulse.run()), *more]
    try:
        yield
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.wait(tasks)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hearts beat faster than once a second."""
    monkeypatch.setattr(module, "_EVERY", 0.001)


async def test_ready_from_the_start_until_the_stop() -> None:
    """The reason is `starting` at first and `stopping` at last, however the journal fares."""
    heart = Heart()
    assert heart.pulse.ready() == "starting"
    async with beating(heart):
        await heart.beat()
        assert heart.pulse.ready() == "starting"
        heart.pulse.started()
        assert heart.pulse.ready() is None
        heart.pulse.stopping()
        heart.journal.broken = True
        await heart.beat()
        assert heart.pulse.ready() == "stopping"


async def test_started_is_not_ready_before_the_first_good_beat() -> None:
    """Nobody knows yet whether the journal can be read."""
    heart = Heart()
    heart.journal.broken = True
    heart.pulse.started()
    assert heart.pulse.ready() == "starting"
    async with beating(heart):
        await until(lambda: heart.pulse.ready() == "the database fails")
        heart.journal.broken = False
        await until(lambda: heart.pulse.ready() is None)


async def test_a_stop_during_the_start_is_a_stop() -> None:
    """Without ever having started, the bot tells that it is stopping."""
    heart = Heart()
    heart.pulse.stopping()
    async with beating(heart):
        await heart.beat()
        assert heart.pulse.ready() == "stopping"


async def test_a_failing_database_is_one_line_until_it_works_again(
    log: pytest.LogCaptureFixture,
) -> None:
    """The bot isn't ready while the database fails, says so once, and is ready again after."""
    heart = Heart()
    heart.pulse.started()
    async with beating(heart):
        for times in (1, 2):
            heart.journal.broken = False
            await until(lambda: heart.pulse.ready() is None)
            heart.journal.broken = True
            await until(lambda: heart.pulse.ready() == "the database fails")
            await heart.beat(3)
            assert logged(log, "isn't ready") == times


async def test_too_many_open_updates_close_the_intake() -> None:
    """What is measured closes the intake, and opens it again when work is done."""
    heart = Heart()
    await heart.journal.take([Received(number, None, {}) for number in range(3)])
    async with beating(heart):
        await heart.beat()
        with pytest.raises(Busy):
            await heart.intake.take([{"update_id": 9}])
        figures = heart.metrics.exposition()[0]
        assert b"majlis_updates_waiting 3.0" in figures
        for number in range(3):
            await heart.journal.finish(number)
        await heart.intake.room()


async def test_leases_are_renewed_while_there_is_work_only() -> None:
    """A reply that takes long stays this process's own."""
    heart = Heart(lease=0.003)
    async with beating(heart):
        await heart.beat(5)
        assert not heart.journal.renewals
    await heart.journal.take([Received(1, None, {})])
    async with beating(heart, asyncio.create_task(heart.worker.run())):
        await until(lambda: len(heart.journal.renewals) >= 3)
        heart.gate.set()
        await until(lambda: not heart.worker.numbers)
    assert set(heart.journal.renewals) == {(1,)}
    assert (await heart.journal.backlog()).count == 0


async def test_ages_are_never_negative() -> None:
    """A clock that was set back makes no update younger than nothing."""
    heart = Heart()
    heart.pulse = Pulse(
        *(heart.journal, heart.intake, heart.worker, heart.metrics, lambda: _now() - _HOUR, 60.0)
    )
    await heart.journal.take([Received(1, None, {})])
    async with beating(heart):
        await heart.beat()
    assert b"majlis_oldest_update_seconds 0.0" in heart.metrics.exposition()[0]


_HOUR = dt.timedelta(hours=1)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
