"""Estimate how often answers would be right, from the few questions that a sign tells of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.measures import Rate, wilson
from bot.evaluation.tuning.questions import Question

STEPS = 100
_KINDS = ("answer", "suggest", "fallback")
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hold a share (0-1) that `signs` tell of, and its 95 % interval; without signs, none."""

    signs: int
    share: float | None = None
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """Hold what answering every first match from a `threshold` on would give.

    `answered` counts the questions that get an answer, `precision` is the share of right answers.
    """

    threshold: float
    answered: Rate
    precision: Estimate


class Scale:
    """Hold the questions of one language by their confidence."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._confidence = np.array([each.confidence for each in questions], np.float64)
        self._told = np.array([each.right is not None for each in questions], bool)
        self._right = np.array([each.right is True for each in questions], bool)
        self._kinds = [np.array([q.kind == kind for q in questions], bool) for kind in _KINDS]

    @property
    def lowest(self) -> float:
        """Return the least confidence that a sign tells of, 1 without signs."""
        return float(self._confidence[self._told].min(initial=1.0))

    def at(self, threshold: float) -> Point:
        """Return what a threshold would give."""
        over = self._confidence >= threshold
        answered = Rate(int(over.sum()), len(over))
        return Point(threshold, answered, self._precision(over))

    def curve(self) -> tuple[Point, ...]:
        """Return a point for each threshold from 0.01 to 1, in steps of 0.01."""
        return tuple(self.at(step / STEPS) for step in range(1, STEPS + 1))

    def _precision(self, over: Flags) -> Estimate:
        """Estimate the share of right answers among some questions.

        People pick one of several suggestions far more often than they press 👍, so that the signs
        of each kind of reply stand for all questions that got it, and no more. Unequal weights cost
        certainty: n signs count as many as (Σw)²/Σw² equal ones would (Kish, 1965; see
        https://en.wikipedia.org/wiki/Design_effect). Where no sign tells of a kind at all, its
        questions may be all wrong or all right.
        """
        weights, shares, heard, signs = 0.0, 0.0, 0, 0
        for kind in self._kinds:
            told = int((over & kind & self._told).sum())
            if told:
                asked = int((over & kind).sum())
                shares += asked * int((over & kind & self._right).sum()) / told
                weights += asked**2 / told
                heard += asked
                signs += told
        if not signs:
            return Estimate(0)
        share = shares / heard
        low, high = wilson(share, heard**2 / weights)
        known = heard / int(over.sum())
        return Estimate(signs, share, known * low, 1 - known * (1 - high))
