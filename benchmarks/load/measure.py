"""Measure bots under load: each in a process of its own, in turns, several rounds."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.load.people import Tally, Trial
from benchmarks.load.processes import Server, cpu_seconds, last_line, resident_mb, serving
from benchmarks.load.subjects import Subject, bot

Done = Callable[[str], None]

STARTS = 5
_STARTED = ("majlis", "echo")  # whose starts are timed
_FIRST = Trial(chats=1, seconds=30.0, most=1, patience=30.0)
_MOST_IN_TURN = 50  # chats, at a distance, for a bot that does one thing after the other


@dataclass(frozen=True, slots=True)
class Plan:
    """Say what is measured: every number of chats at every latency (in seconds), so many rounds.

    A trial lasts `lead` and then `seconds`. At half load at most `crowd` people ask. No round
    begins that would end later than `limit` seconds after the first one began.
    """

    chats: tuple[int, ...] = (1, 50, 500)
    latencies: tuple[float, ...] = (0.0, 0.08)
    rounds: int = 3
    seconds: float = 2.5
    lead: float = 0.5
    crowd: int = 2000
    starts: int = STARTS
    limit: float = 520.0


QUICK = Plan(chats=(1, 20), latencies=(0.0,), rounds=1, seconds=0.3, lead=0.1, crowd=200, starts=0)


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one trial: what became of it, and what it cost the bot.

    `cpu_ms` is for each reply, `resident_mb` what the bot holds afterwards.
    """

    subject: str
    trial: Trial
    tally: Tally
    cpu_ms: float | None
    resident_mb: float


@dataclass(frozen=True, slots=True)
class Start:
    """Hold the seconds from starting a bot to its first reply, to a question that waits for it."""

    subject: str
    seconds: float


def rounds(plan: Plan, subjects: Sequence[Subject], done: Done) -> Iterator[Sample]:
    """Yield what is measured of each subject, in another order each round."""
    first = time.perf_counter()
    for turn in range(plan.rounds):
        elapsed = time.perf_counter() - first
        if turn and elapsed * (turn + 1) / turn > plan.limit:
            break
        shift = turn % len(subjects)
        for subject in (*subjects[shift:], *subjects[:shift]):
            yield from _measure(plan, subject, turn)
            done(f"round {turn + 1}: {subject.name}")


def starts(plan: Plan, subjects: Sequence[Subject], done: Done) -> Iterator[Start]:
    """Yield how long bots take to start over; what they keep is there from a start before."""
    for subject in (each for each in subjects if plan.starts and each.name in _STARTED):
        with tempfile.TemporaryDirectory() as name:
            for turn in range(plan.starts + 1):
                with _asked(subject, turn, Path(name)) as (_, _, seconds):
                    if turn:
                        yield Start(subject.name, seconds)
        done(f"starts: {subject.name}")


def _measure(plan: Plan, subject: Subject, turn: int) -> Iterator[Sample]:
    with (
        tempfile.TemporaryDirectory() as name,
        _asked(subject, turn, Path(name)) as (server, number, _),
    ):
        # The longest waits come last, so that nothing they leave behind is measured.
        found = []
        for trial in _trials(plan, subject):
            found.append(_sample(subject, trial, server, number, Path(name)))
            yield found[-1]
        near = [each.tally.throughput for each in found if not each.trial.latency]
        if rate := max(near, default=0.0) / 2:
            calm = Trial(plan.crowd, plan.seconds, plan.lead, rate=rate)
            yield _sample(subject, calm, server, number, Path(name))


def _trials(plan: Plan, subject: Subject) -> Iterator[Trial]:
    for latency in plan.latencies:
        for chats in plan.chats:
            if not (subject.in_turn and latency and chats > _MOST_IN_TURN):
                yield Trial(chats, plan.seconds, plan.lead + 2 * latency, latency=latency)


@contextmanager
def _asked(subject: Subject, seed: int, folder: Path) -> Iterator[tuple[Server, int, float]]:
    """Start a bot for which a question waits; yield its server, its number and the seconds.

    The seconds are those to its first reply.
    """
    with serving(subject.questions, seed, folder) as server:
        server.say(_FIRST)
        begun = time.perf_counter()
        with bot(subject, server.url, folder) as process:
            if server.tally().lost:
                message = f"{subject.name} doesn't answer: {last_line(folder)}"
                raise BenchmarkError(message)
            yield server, process.pid, time.perf_counter() - begun


def _sample(subject: Subject, trial: Trial, server: Server, number: int, folder: Path) -> Sample:
    before = cpu_seconds(number)
    server.say(trial)
    tally = server.tally()
    try:
        cpu = cpu_seconds(number) - before
        memory = resident_mb(number)
    except BenchmarkError as error:
        message = f"{subject.name} ended: {last_line(folder)}"
        raise BenchmarkError(message) from error
    replies = tally.asked - tally.lost
    return Sample(
        subject.name,
        trial,
        tally,
        1000 * cpu / replies if replies else None,
        memory,
    )
