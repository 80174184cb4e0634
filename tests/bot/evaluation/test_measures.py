"""Counting what became of the cases."""

from __future__ import annotations

import pytest

from bot.evaluation.measures import (
    InScope,
    Latency,
    OutOfScope,
    Rate,
    measure_in_scope,
    measure_latency,
    measure_out_of_scope,
)
from tests.bot.evaluation.library import MIXED, make_trial, unsure_trial


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 5, 0.0, 0.4345), (5, 5, 0.5655, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_an_interval_is_wilsons(count: int, total: int, low: float, high: float) -> None:
    """The bounds are those of the published formula, and never leave 0 to 1."""
    assert Rate(count, total).share == count / total
    assert Rate(count, total).interval == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_there_is_no_share() -> None:
    """Without a total neither a share nor an interval exists."""
    assert (Rate(0, 0).share, Rate(0, 0).interval) == (None, None)


def test_in_scope_every_outcome_is_counted() -> None:
    """Of four, one each is right, wrong, offered and silent; one is ranked first, two in three."""
    assert measure_in_scope(MIXED) == InScope(
        accuracy=Rate(1, 4),
        recall_at_3=Rate(2, 4),
        right=Rate(1, 4),
        wrong=Rate(1, 4),
        offered=Rate(1, 4),
        misoffered=Rate(0, 4),
        silent=Rate(1, 4),
    )


def test_accuracy_asks_for_no_threshold() -> None:
    """A right first match counts however unsure it was, a misled suggestion doesn't."""
    trials = [unsure_trial("hours", "hours", 0.01), make_trial("hours", "suggest", "place")]
    measured = measure_in_scope(trials)
    assert measured.accuracy == Rate(1, 2)
    assert measured.misoffered == Rate(1, 2)
    assert measured.silent == Rate(1, 2)


def test_out_of_scope_every_outcome_is_counted() -> None:
    """Answers are false, suggestions and silence are told apart."""
    trials = [*MIXED, make_trial(None, "suggest", "hours")]
    assert measure_out_of_scope(trials) == OutOfScope(
        false_answers=Rate(1, 3), suggested=Rate(1, 3), silent=Rate(1, 3)
    )


def test_latency_is_told_by_percentiles() -> None:
    """Of 1 to 101 ms, half took 51 at most and 99 % took 100."""
    trials = [make_trial("hours", "silent", milliseconds=float(n)) for n in range(1, 102)]
    assert measure_latency(trials) == Latency(p50=51.0, p99=100.0)
