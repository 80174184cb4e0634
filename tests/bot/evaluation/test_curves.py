"""Confidence against what came true."""

from __future__ import annotations

import pytest

from bot.evaluation.curves import Bin, CurvePoint, Reliability, curve, reliability
from bot.evaluation.measures import Rate
from tests.bot.evaluation.library import make_trial, unsure_trial


def test_bins_hold_confidence_against_what_was_right() -> None:
    """Two at 0.92 and 0.98 with one right, and one at 0.2 with none, differ as reckoned by hand."""
    trials = [
        unsure_trial("hours", "hours", 0.98),
        unsure_trial("hours", "place", 0.92),
        unsure_trial("hours", "place", 0.2),
    ]
    measured = reliability(trials)
    assert [(each.low, each.high, each.right) for each in measured.bins] == [
        (0.2, 0.3, Rate(0, 1)),
        (0.9, 1.0, Rate(1, 2)),
    ]
    assert [each.confidence for each in measured.bins] == pytest.approx([0.2, 0.95])
    assert measured.error == pytest.approx((1 * 0.2 + 2 * 0.45) / 3)


def test_out_of_scope_every_confidence_is_wrong() -> None:
    """A match for what has no entry counts against the confidence."""
    assert reliability([unsure_trial(None, "hours", 0.5)]) == Reliability(
        (Bin(0.5, 0.6, 0.5, Rate(0, 1)),), 0.5
    )


def test_full_confidence_is_in_the_last_bin() -> None:
    """The highest bin holds 1.0 as well."""
    (only,) = reliability([unsure_trial("hours", "hours", 1.0)]).bins
    assert (only.low, only.high) == (0.9, 1.0)


def test_without_matches_there_is_no_error() -> None:
    """An utterance that nothing matched claims nothing."""
    assert reliability([make_trial("hours", "silent")]) == Reliability((), None)


def test_the_curve_says_what_each_threshold_would_give() -> None:
    """The higher the threshold, the fewer answers; a match at the threshold is answered."""
    trials = [
        unsure_trial("hours", "hours", 0.75),
        unsure_trial("hours", "place", 0.5),
        unsure_trial(None, "place", 0.25),
        make_trial("hours", "silent"),
    ]
    points = curve(trials)
    assert [point.threshold for point in points] == [step / 100 for step in range(101)]
    assert points[0] == CurvePoint(0.0, Rate(2, 3), Rate(1, 3), Rate(1, 1))
    assert points[25] == CurvePoint(0.25, Rate(2, 3), Rate(1, 3), Rate(1, 1))
    assert points[26] == CurvePoint(0.26, Rate(2, 3), Rate(1, 2), Rate(0, 1))
    assert points[75] == CurvePoint(0.75, Rate(1, 3), Rate(1, 1), Rate(0, 1))
    assert points[76] == CurvePoint(0.76, Rate(0, 3), Rate(0, 0), Rate(0, 1))
