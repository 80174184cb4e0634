"""Count what became of the cases."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.trial import Trial

_Z = 1.959964
"""How many standard deviations hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold how many of a total something was true of; of nothing, a share doesn't exist."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """Return the share (0-1)."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return between which shares the true one lies, with a confidence of 95 %."""
        return wilson(self.count / self.total, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class InScope:
    """Hold what became of the utterances that an entry should answer.

    Of the replies, which add up to all utterances: `right` are answered with the expected entry and
    nothing else, `wrong` with another or with one beside it; `offered` get suggestions that have
    the expected entry, `misoffered` suggestions that don't; `silent` get a fallback or small talk.
    Of the matcher, whatever its thresholds: `accuracy` counts those whose first match is the
    expected entry, `recall_at_3` those that have it among the first three.
    """

    accuracy: Rate
    recall_at_3: Rate
    right: Rate
    wrong: Rate
    offered: Rate
    misoffered: Rate
    silent: Rate


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """Hold what became of the utterances that no entry answers, which add up to all of them.

    `false_answers` are answered all the same, `suggested` get suggestions, `silent` a fallback or
    small talk, as they should.
    """

    false_answers: Rate
    suggested: Rate
    silent: Rate


@dataclass(frozen=True, slots=True)
class Latency:
    """Hold the milliseconds within which a half (`p50`) and 99 % (`p99`) of the replies came."""

    p50: float
    p99: float


def wilson(p: float, n: float) -> tuple[float, float]:
    """Return the 95 % interval of Wilson (1927) around a share `p` (0-1) of `n` trials, over 0.

    Source: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval
    """
    centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def measure_in_scope(trials: Sequence[Trial]) -> InScope:
    """Count the trials that expect an entry."""
    inside = [trial for trial in trials if trial.case.entry is not None]
    total = len(inside)
    outcomes = Counter(trial.outcome for trial in inside)
    within = sum(trial.case.entry in {found.entry for found in trial.ranked} for trial in inside)
    return InScope(
        accuracy=Rate(sum(trial.is_first for trial in inside), total),
        recall_at_3=Rate(within, total),
        right=Rate(outcomes["right"], total),
        wrong=Rate(outcomes["wrong"], total),
        offered=Rate(outcomes["offered"], total),
        misoffered=Rate(outcomes["misoffered"], total),
        silent=Rate(outcomes["silent"], total),
    )


def measure_out_of_scope(trials: Sequence[Trial]) -> OutOfScope:
    """Count the trials that expect no entry."""
    outside = [trial for trial in trials if trial.case.entry is None]
    outcomes = Counter(trial.outcome for trial in outside)
    total = len(outside)
    return OutOfScope(
        false_answers=Rate(outcomes["false"], total),
        suggested=Rate(outcomes["suggested"], total),
        silent=Rate(outcomes["silent"], total),
    )


def measure_latency(trials: Sequence[Trial]) -> Latency:
    """Return the percentiles of one or more trials."""
    p50, p99 = np.percentile([trial.milliseconds for trial in trials], [50, 99])
    return Latency(float(p50), float(p99))
