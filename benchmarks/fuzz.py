"""Give the front a million odd updates: none may come to an exception, nor cost memory."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from benchmarks.memory import resident_mb
from benchmarks.odd_updates import BEGINNING, Json, OddUpdates
from benchmarks.quiet_front import Parts, quiet_boundary, quiet_reloader
from benchmarks.quiet_telegram import QuietTelegram, quiet_bot
from benchmarks.small_knowledge import small_knowledge
from bot.building import build
from bot.conversation.conversation import Conversation
from bot.fronts.telegram.boundary import Boundary
from bot.fronts.telegram.received import received
from bot.fronts.telegram.verdicts import Done
from bot.settings import Settings
from bot.storage.journal import Claimed
from bot.storage.memory import MemoryStore

_STEP = 10_000
_PRUNE = 1_000
_STAYS = dt.timedelta(seconds=_PRUNE)
_SHOWN = 10


@dataclass(slots=True)
class Findings:
    """Hold what odd updates came to.

    `kinds` counts the verdicts. `failures` are tracebacks that got to the log, or out of the
    boundary, with their counts. `resident_mb` is the memory at each ten thousandth update.
    """

    updates: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    resident_mb: list[float | None] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the findings as lines of text."""
        lines = [
            f"{self.updates:,} updates in {self.seconds:.0f} s, {self.cpu_seconds:.0f} s of CPU",
            f"{_rate(self.updates, self.cpu_seconds):,.0f} updates a second of CPU",
            f"verdicts: {_counts(self.kinds)}",
            f"calls: {_counts(self.calls)}",
            "memory, MiB: " + ", ".join(f"{each or 0:.1f}" for each in self.resident_mb),
            f"exceptions: {sum(self.failures.values())}",
        ]
        lines += [f"{count} times:\n{text}" for text, count in self.failures.most_common(_SHOWN)]
        return "\n".join(lines) + "\n"


def fuzz(updates: int, seed: int, step: Callable[[], object] = lambda: None) -> Findings:
    """Give the front so many updates; `step` is called after each ten thousand."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # as the running front sets it
    findings = Findings()
    with tracebacks(findings.failures), small_knowledge() as settings:
        asyncio.run(_run(settings, updates, seed, findings, step))
    return findings


@contextmanager
def tracebacks(found: Counter[str]) -> Iterator[None]:
    """Count the tracebacks that are logged while the block runs, and show nothing of the log."""
    log = logging.getLogger()
    handlers, level = log.handlers[:], log.level
    log.handlers[:] = [_Catcher(found)]
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.handlers[:] = handlers
        log.setLevel(level)


async def _run(
    settings: Settings, updates: int, seed: int, findings: Findings, step: Callable[[], object]
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, about: findings.failures.update([str(about)]))
    clock = _Clock()
    store = MemoryStore(session_expiry=_STAYS, retention=_STAYS, clock=clock)
    edition = build(settings)
    conversation = Conversation(edition, store, clock)
    telegram = QuietTelegram()
    bot = await quiet_bot(telegram)
    reloader = quiet_reloader(conversation, clock)
    boundary = quiet_boundary(Parts(bot, conversation, reloader, store, clock))
    entries = edition.knowledge.entries
    odd = OddUpdates(seed, [each.question for each in entries], [each.id for each in entries])
    begun, spent = time.perf_counter(), time.process_time()
    for number, raw in enumerate(islice(odd, updates), start=1):
        clock.tick()
        await _handle(boundary, store, raw, findings)
        if number % _PRUNE == 0:
            await store.prune()
        if number % _STEP == 0 or number == updates:
            findings.resident_mb.append(resident_mb())
            step()
    findings.updates, findings.seconds = updates, time.perf_counter() - begun
    findings.cpu_seconds = time.process_time() - spent
    findings.calls = telegram.calls


async def _handle(boundary: Boundary, store: MemoryStore, raw: Json, findings: Findings) -> None:
    one = received(raw)
    if one is None:
        findings.kinds["numberless"] += 1
        return
    content = json.loads(json.dumps(one.content))  # as it comes back from the journal
    try:
        verdict = await boundary(Claimed(one.number, content, boundary.clock()))
        if isinstance(verdict, Done):
            await store.keep(verdict.memories)
    except Exception as error:  # noqa: BLE001 - finding any is what this is for
        findings.failures[f"out of the boundary: {_last_line(error)}"] += 1
        return
    findings.kinds[verdict.kind if isinstance(verdict, Done) else "later"] += 1


class _Clock:
    """Let a second pass with each update, as their dates say."""

    def __init__(self) -> None:
        self._now = dt.datetime.fromtimestamp(BEGINNING, dt.UTC)

    def __call__(self) -> dt.datetime:
        return self._now

    def tick(self) -> None:
        """Let a second pass."""
        self._now += dt.timedelta(seconds=1)


class _Catcher(logging.Handler):
    """Count tracebacks by where they end."""

    def __init__(self, failures: Counter[str]) -> None:
        super().__init__()
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record if it has a traceback."""
        if record.exc_info and record.exc_info[1]:
            self._failures[_last_line(record.exc_info[1])] += 1


def _last_line(error: BaseException) -> str:
    """Return the error and the places it came through, inner last."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__}: {str(error)[:80]}\n  " + "\n  ".join(places[-8:])


def _rate(count: int, seconds: float) -> float:
    return count / seconds if seconds else 0.0


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counter.most_common())
