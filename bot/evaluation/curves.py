"""Hold the confidence against what came true: reliability, and what each threshold would give.

Both are about the matcher's first match, so a reply of several parts counts as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.measures import Rate
from bot.evaluation.trial import Trial

_BINS = 10
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Bin:
    """Hold the first matches whose confidence lies from `low` to below `high` (1.0 included).

    `confidence` is their mean, `right` how many of them are the expected entry.
    """

    low: float
    high: float
    confidence: float
    right: Rate


@dataclass(frozen=True, slots=True)
class Reliability:
    """Hold ten bins of confidence, without those that are empty.

    Out of scope every match is wrong; an utterance without any match claims nothing and isn't
    counted. `error` is the expected calibration error (0-1): how far the share of right matches
    lies from the mean confidence, averaged over the bins by their counts (Naeini et al., 2015);
    None without matches.
    """

    bins: tuple[Bin, ...]
    error: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Hold what answering every first match from a `threshold` on would give.

    `coverage` counts the utterances in scope that get an answer, `precision` the answers that are
    right among all that are given, out of scope too, `false_answers` those out of scope that get
    one.
    """

    threshold: float
    coverage: Rate
    precision: Rate
    false_answers: Rate


def reliability(trials: Sequence[Trial]) -> Reliability:
    """Return how well confidences fit what came true."""
    sure = np.array([trial.best.confidence for trial in trials if trial.best])
    right = np.array([trial.is_first for trial in trials if trial.best], bool)
    places = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    bins = tuple(
        Bin(
            low=place / _BINS,
            high=(place + 1) / _BINS,
            confidence=float(sure[places == place].mean()),
            right=Rate(int(right[places == place].sum()), int((places == place).sum())),
        )
        for place in np.unique(places).tolist()
    )
    gaps = (abs(each.right.count - each.confidence * each.right.total) for each in bins)
    return Reliability(bins, sum(gaps) / sure.size if bins else None)


def curve(trials: Sequence[Trial]) -> tuple[CurvePoint, ...]:
    """Return a point for each threshold from 0 to 1, in steps of 0.01."""
    sure = np.array([trial.best.confidence if trial.best else -1.0 for trial in trials])
    right = np.array([trial.is_first for trial in trials], bool)
    inside = np.array([trial.case.entry is not None for trial in trials], bool)
    points = []
    for step in range(_STEPS + 1):
        over = sure >= step / _STEPS
        points.append(
            CurvePoint(
                threshold=step / _STEPS,
                coverage=Rate(int((over & inside).sum()), int(inside.sum())),
                precision=Rate(int((over & right).sum()), int(over.sum())),
                false_answers=Rate(int((over & ~inside).sum()), int((~inside).sum())),
            )
        )
    return tuple(points)
