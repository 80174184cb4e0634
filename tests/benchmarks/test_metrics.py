"""Check each measure against figures worked out by hand."""

from __future__ import annotations

from benchmarks.metrics import Outcome, accuracy, answered, over_draws, percentile, refused

RIGHT = Outcome(1, 1, accepted=True)
TIMID = Outcome(1, 1, accepted=False)
WRONG = Outcome(1, 2, accepted=True)
LOST = Outcome(1, None, accepted=False)
FALSE = Outcome(None, 2, accepted=True)
QUIET = Outcome(None, 2, accepted=False)


def test_accuracy_is_the_share_of_right_top_labels() -> None:
    """Accuracy looks neither at the threshold nor at what is out of scope."""
    assert accuracy([RIGHT, TIMID, WRONG, LOST, FALSE, QUIET]) == 50


def test_answered_needs_the_right_label_and_the_threshold() -> None:
    """A right label that isn't accepted is no answer."""
    assert answered([RIGHT, TIMID, WRONG, LOST, FALSE]) == 25


def test_refused_is_the_share_of_silence_out_of_scope() -> None:
    """Only out-of-scope questions count."""
    assert refused([RIGHT, TIMID, FALSE, QUIET, QUIET, QUIET]) == 75


def test_no_label_is_never_right_out_of_scope() -> None:
    """A question without a right label can't have its top label right."""
    assert not Outcome(None, None, accepted=False).is_top


def test_nothing_asked_gives_no_figure() -> None:
    """Where there is nothing to count, the cell stays empty."""
    assert accuracy([QUIET]) is None
    assert refused([RIGHT]) is None
    assert percentile([], 50) is None
    assert over_draws([None, None]) is None


def test_draws_give_mean_and_sample_deviation() -> None:
    """Several draws have a spread, a single one has none."""
    assert str(over_draws([80.0, 82.0, 84.0])) == "82.0 ± 2.0"
    assert str(over_draws([80.0])) == "80.0"
