"""Let the front run on a database for long: memory has to stay, and done updates to be empty."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.fuzz import tracebacks
from benchmarks.memory import resident_mb
from benchmarks.odd_updates import BEGINNING, Json, OddUpdates
from benchmarks.quiet_front import Parts, quiet_boundary, quiet_reloader
from benchmarks.quiet_telegram import QuietTelegram, quiet_bot
from benchmarks.small_knowledge import small_knowledge
from bot.building import build
from bot.conversation.conversation import Conversation
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.pulse import Pulse
from bot.fronts.telegram.worker import Worker
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_journal import SqlJournal

_STEP = 10_000
_WARM = 20_000
_GROWTH = 1.05
_AT_ONCE = 100  # updates, as many as Telegram gives at a time
_WAITING = 1_000
_SEED = 1
_SOUND = 0.8
_PATIENCE, _LOOK = 60.0, 0.005  # seconds
_DAY = dt.timedelta(days=1)
_LEASE = _DAY
_FULL = "SELECT count(*) FROM updates WHERE done_at IS NOT NULL AND (content != '' OR line NOTNULL)"


@dataclass(slots=True)
class Endurance:
    """Hold how a long run went.

    `resident_mb` is the memory at each ten thousandth update. `left` counts the updates that
    weren't done at the end, `kept` the done ones that still held what they said, `pruned` the rows
    that went when all was past its time, `failures` the tracebacks logged. Sizes are in MiB.
    """

    updates: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    resident_mb: list[float] = field(default_factory=list)
    left: int = 0
    kept: int = 0
    pruned: int = 0
    database_mb: float = 0.0
    failures: int = 0

    @property
    def growth(self) -> float:
        """Return by what factor the memory grew after the warm-up; 1 where that can't be told."""
        warm = self.resident_mb[_WARM // _STEP - 1 :]
        return max(warm) / warm[0] if warm else 1.0

    def __str__(self) -> str:
        """Return the figures as lines of text."""
        return (
            f"{self.updates:,} updates in {self.seconds:.0f} s, {self.cpu_seconds:.0f} s of CPU: "
            f"{self.updates / max(self.seconds, 1e-9):,.0f} a second\n"
            f"memory, MiB: {', '.join(f'{each:.1f}' for each in self.resident_mb)}\n"
            f"growth after {_WARM:,}: {100 * (self.growth - 1):.1f} %\n"
            f"not done: {self.left}, done but not emptied: {self.kept}, "
            f"exceptions: {self.failures}\n"
            f"database: {self.database_mb:.0f} MiB, pruned rows: {self.pruned:,}\n"
        )


def soak(updates: int, step: Callable[[], object] = lambda: None) -> Endurance:
    """Run so many updates through journal and front; `step` is called after each ten thousand.

    Raises BenchmarkError if memory grew, or if anything was left undone.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # as the running front sets it
    failures: Counter[str] = Counter()
    with tracebacks(failures), small_knowledge() as settings:
        found = asyncio.run(_run(settings, updates, step))
    found.failures = failures.total()
    if found.growth > _GROWTH or found.left or found.kept or failures:
        message = f"the front doesn't last:\n{found}"
        raise BenchmarkError(message)
    return found


async def _run(settings: Settings, updates: int, step: Callable[[], object]) -> Endurance:
    pseudonym = pseudonyms("soak")
    transactions = await open_database(settings.database, pseudonym)
    clock = _Clock()
    store = SqlStore(transactions, pseudonym, session_expiry=_DAY, retention=_DAY, clock=clock)
    journal = SqlJournal(transactions, pseudonym, lease=_LEASE, clock=clock)
    try:
        found = await _Front(settings, store, journal, clock).run(updates, step)
        found.left, found.kept = (await journal.backlog()).count, _kept(settings.database)
        found.database_mb = (
            sum(each.stat().st_size for each in Path(settings.database).parent.glob("majlis.db*"))
            / 2**20
        )
        clock.ahead = 4 * _DAY
        found.pruned = await store.prune()
    finally:
        await store.close()
    return found


@dataclass(slots=True)
class _Clock:
    """Let a second pass with each update, as their dates say."""

    ahead: dt.timedelta = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(BEGINNING, dt.UTC) + self.ahead


class _Front:
    """Run what is run on Telegram, but for the network."""

    def __init__(
        self, settings: Settings, store: SqlStore, journal: SqlJournal, clock: _Clock
    ) -> None:
        self._settings = settings
        self._store = store
        self._journal = journal
        self._clock = clock

    async def run(self, updates: int, step: Callable[[], object]) -> Endurance:
        """Take so many updates and work through them all."""
        edition = build(self._settings)
        conversation = Conversation(edition, self._store, self._clock)
        reloader = quiet_reloader(conversation, self._clock)
        metrics = Metrics()
        bot = await quiet_bot(QuietTelegram())
        parts = Parts(bot, conversation, reloader, self._store, self._clock, metrics)
        journal, clock = self._journal, self._clock
        worker = Worker(journal, quiet_boundary(parts), metrics, clock)
        intake = Intake(journal, metrics, worker.wake)
        pulse = Pulse(journal, intake, worker, metrics, clock, _LEASE.total_seconds())
        entries = edition.knowledge.entries
        questions, names = [each.question for each in entries], [each.id for each in entries]
        odd = OddUpdates(_SEED, questions, names, sound=_SOUND)
        running = [asyncio.create_task(worker.run()), asyncio.create_task(pulse.run())]
        try:
            return await self._feed(intake, islice(odd, updates), step)
        finally:
            for each in running:
                each.cancel()
            await asyncio.wait(running)
            await worker.finish(1.0)

    async def _feed(
        self, intake: Intake, odd: Iterator[Json], step: Callable[[], object]
    ) -> Endurance:
        found = Endurance()
        begun, spent = time.perf_counter(), time.process_time()
        while batch := list(islice(odd, _AT_ONCE)):
            self._clock.ahead += dt.timedelta(seconds=len(batch))
            await intake.take(batch)
            found.updates += len(batch)
            await self._until(_WAITING)
            if found.updates % _STEP == 0:
                await self._store.prune()
                found.resident_mb.append(resident_mb() or 0.0)
                step()
        await self._until(0)
        found.seconds = time.perf_counter() - begun
        found.cpu_seconds = time.process_time() - spent
        return found

    async def _until(self, most: int) -> None:
        """Wait until at most so many updates are open, for a minute of no progress at most."""
        fewest, since = None, time.monotonic()
        while (count := (await self._journal.backlog()).count) > most:
            if fewest is None or count < fewest:
                fewest, since = count, time.monotonic()
            if time.monotonic() - since > _PATIENCE:
                return
            await asyncio.sleep(_LOOK)


def _kept(database: str) -> int:
    """Return how many updates are done and still hold what they said."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(_FULL).fetchone()[0])
