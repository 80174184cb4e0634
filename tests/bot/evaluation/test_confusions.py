"""Which entries are mixed up."""

from __future__ import annotations

from bot.evaluation.confusions import Confusion, Example, confusions, false_answers
from tests.bot.evaluation.library import MIXED, make_trial


def test_wrong_answers_are_grouped_by_the_pair() -> None:
    """The most frequent pair comes first, with its surest three utterances."""
    often = [
        make_trial("hours", "answer", "place", sure=sure / 10, text=f"text {sure}")
        for sure in (6, 9, 7, 8)
    ]
    first, second = confusions([make_trial("card", "answer", "lost", text="once"), *often])
    assert (first.expected, first.given, first.count) == ("hours", "place", 4)
    assert [example.text for example in first.examples] == ["text 9", "text 8", "text 7"]
    assert second == Confusion("card", "lost", 1, (Example("once", "phrase of lost", 0.9),))


def test_only_what_was_given_beside_the_expected_entry_is_a_confusion() -> None:
    """An answer with the right entry and another one is confused with the other alone."""
    (found,) = confusions([make_trial("hours", "answer", "hours", "place")])
    assert (found.expected, found.given) == ("hours", "place")


def test_false_answers_are_grouped_by_the_entry() -> None:
    """Out of scope nothing was expected; neither suggestions nor silence are answers."""
    (found,) = false_answers([*MIXED, make_trial(None, "suggest", "hours")])
    assert found == Confusion(
        None, "tour", 1, (Example("price of a tour", "phrase of tour", 0.65),)
    )


def test_right_answers_confuse_nothing() -> None:
    """Without wrong or false answers both lists are empty."""
    trials = [make_trial("hours", "answer", "hours"), make_trial(None, "silent")]
    assert (confusions(trials), false_answers(trials)) == ((), ())
