"""Follow the rounds of a measurement with a subject that is easily foreseen."""

from __future__ import annotations

from itertools import count

from benchmarks.matching import ask, has_out_of_scope, measure, steps
from benchmarks.metrics import Figure
from benchmarks.sets import divide, draw
from tests.benchmarks.toy import INTENTS, Parrot, out_of_scope, rows


def test_asks_by_the_labels_of_the_set() -> None:
    """An outcome pairs the label of the question's intent with the subject's, and is timed."""
    found = divide("toy", [*rows(), *out_of_scope(1)])
    parrot = Parrot()
    parrot.build(draw(found, 5, 0))
    *inside, outside = ask(parrot, found)
    assert all(each.is_top and each.accepted for each in inside)
    assert outside.expected is None
    assert not outside.accepted
    assert outside.milliseconds > 0


def test_measures_out_of_scope_with_every_intent_taught() -> None:
    """With out-of-scope questions no intent is left out."""
    found = divide("toy", [*rows(), *out_of_scope()])
    parrot = Parrot()
    result = measure(parrot, found)
    assert has_out_of_scope(found)
    assert all(set(each.labels) == set(range(len(INTENTS))) for each in parrot.built)
    assert result.refused_10 == Figure(100.0, 0.0)
    assert (result.questions, result.phrasings) == (24, 40)


def test_leaves_intents_out_where_nothing_is_out_of_scope() -> None:
    """Without out-of-scope questions a fifth of the intents is left out for what is refused."""
    parrot = Parrot()
    result = measure(parrot, divide("toy", rows()))
    assert {len(set(each.labels)) for each in parrot.built} == {5, 4}
    assert result.answered_10 == result.refused_10 == Figure(100.0, 0.0)
    assert result.refused_full == Figure(100.0)


def test_typos_cost_points_of_accuracy() -> None:
    """The drop is the accuracy of the clean questions less that of the same with slips."""
    result = measure(Parrot(), divide("toy", rows()))
    assert result.accuracy_10 == Figure(100.0, 0.0)
    assert result.typo_drop is not None
    assert result.typo_drop.mean > 0


def test_reports_each_round_as_a_step() -> None:
    """The steps foretold are the steps made."""
    for found in (divide("toy", rows()), divide("toy", [*rows(), *out_of_scope()])):
        done = count()
        measure(Parrot(), found, done.__next__)
        assert next(done) == steps(found)
