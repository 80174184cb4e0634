"""What is measured, from what a subject made of each question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what became of a question.

    `expected` is the right label, None where silence is right; `label` the top one, None if there
    is none; `accepted` tells whether it would be given as the answer.
    """

    expected: int | None
    label: int | None
    accepted: bool
    milliseconds: float = 0.0

    @property
    def is_top(self) -> bool:
        """Tell whether the top label is right, whatever the threshold says."""
        return self.expected is not None and self.label == self.expected


def accuracy(outcomes: Iterable[Outcome]) -> float | None:
    """Return the percentage of in-scope questions whose top label is right."""
    return _percentage(each.is_top for each in outcomes if each.expected is not None)


def answered(outcomes: Iterable[Outcome]) -> float | None:
    """Return the percentage of in-scope questions answered rightly: right and accepted."""
    return _percentage(
        each.is_top and each.accepted for each in outcomes if each.expected is not None
    )


def refused(outcomes: Iterable[Outcome]) -> float | None:
    """Return the percentage of out-of-scope questions that get no answer."""
    return _percentage(not each.accepted for each in outcomes if each.expected is None)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return a percentile (share 0-100) of some values, None of nothing."""
    return float(np.percentile(values, share)) if len(values) else None


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold the mean over some draws and, of two or more, their sample standard deviation."""

    mean: float
    deviation: float | None = None

    def __str__(self) -> str:
        spread = "" if self.deviation is None else f" ± {self.deviation:.1f}"
        return f"{self.mean:.1f}{spread}"


def over_draws(values: Iterable[float | None]) -> Figure | None:
    """Return the figure of what several draws gave, None if none gave any."""
    found = [value for value in values if value is not None]
    if not found:
        return None
    deviation = float(np.std(found, ddof=1)) if len(found) > 1 else None
    return Figure(float(np.mean(found)), deviation)


def _percentage(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return 100 * sum(found) / len(found) if found else None
