"""From single trials to figures: medians over the rounds, and the goals they are held against."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.load.measure import Sample, Start


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold the medians over the rounds of one subject's trials of one kind.

    At half load `rate` questions came a second. `lost` and `doubled` replies are those of all
    rounds together.
    """

    subject: str
    chats: int
    latency_ms: float
    rate: float | None
    throughput: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    cpu_ms: float | None
    resident_mb: float
    lost: int
    doubled: int


@dataclass(frozen=True, slots=True)
class Load:
    """Hold all that was measured; `capacity` is what the server alone takes a second."""

    capacity: float
    figures: tuple[Figures, ...]
    starts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """Hold what is wanted of the bot and what was measured; `most` where less is better."""

    name: str
    unit: str
    wanted: float
    measured: float | None
    most: bool = False

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""
        if self.measured is None:
            return False
        return self.measured <= self.wanted if self.most else self.measured >= self.wanted


def load_of(capacity: float, samples: Iterable[Sample], starts: Iterable[Start]) -> Load:
    """Return the medians, in the order in which the kinds of trials came first."""
    kinds: dict[tuple[str, int, float, bool], list[Sample]] = {}
    for each in samples:
        trial = each.trial
        kind = (each.subject, trial.chats, trial.latency, trial.rate is not None)
        kinds.setdefault(kind, []).append(each)
    seconds: dict[str, list[float]] = {}
    for start in starts:
        seconds.setdefault(start.subject, []).append(start.seconds)
    return Load(
        capacity,
        tuple(map(_figures, kinds.values())),
        tuple((name, statistics.median(found)) for name, found in seconds.items()),
    )


def goals(load: Load, subject: str) -> tuple[Goal, ...]:
    """Return what is wanted of a subject beside what it gave."""
    near, far = _best(load, subject, 0.0), _best(load, subject, 80.0)
    calm = next((each for each in load.figures if each.subject == subject and each.rate), None)
    memory = [each.resident_mb for each in load.figures if each.subject == subject]
    started = dict(load.starts).get("majlis")
    return (
        Goal("against the echo bot as it comes", "times", 2, _ratio(near, _best(load, "echo", 0))),
        Goal(
            "against the echo bot with our transport and loop",
            "times",
            0.6,
            _ratio(near, _best(load, "echo-aiohttp", 0)),
        ),
        Goal("80 ms from Telegram", "messages/s", 300, far),
        Goal("p99 at half load", "ms", 25, calm.p99_ms if calm else None, most=True),
        Goal("resident", "MB", 100, max(memory, default=None), most=True),
        Goal("first reply after a start", "s", 1.5, started, most=True),
    )


def _figures(samples: Sequence[Sample]) -> Figures:
    tallies, trial = [each.tally for each in samples], samples[0].trial
    return Figures(
        samples[0].subject,
        trial.chats,
        1000 * trial.latency,
        _median(each.trial.rate for each in samples),
        statistics.median(each.throughput for each in tallies),
        _median(each.p50_ms for each in tallies),
        _median(each.p95_ms for each in tallies),
        _median(each.p99_ms for each in tallies),
        _median(each.cpu_ms for each in samples),
        statistics.median(each.resident_mb for each in samples),
        sum(each.lost for each in tallies),
        sum(each.doubled for each in tallies),
    )


def _median(values: Iterable[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return statistics.median(found) if found else None


def _best(load: Load, subject: str, latency_ms: float) -> float | None:
    """Return the throughput with as many chats as suit a subject best."""
    found = [
        each.throughput
        for each in load.figures
        if each.subject == subject and each.latency_ms == latency_ms and not each.rate
    ]
    return max(found, default=None)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None
