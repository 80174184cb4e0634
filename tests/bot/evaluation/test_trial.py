"""What a reply was worth."""

from __future__ import annotations

import pytest

from bot.evaluation.trial import Kind, Outcome
from tests.bot.evaluation.library import make_trial, unsure_trial


@pytest.mark.parametrize(
    ("expected", "kind", "given", "outcome"),
    [
        ("hours", "answer", ["hours"], "right"),
        ("hours", "answer", ["place"], "wrong"),
        ("hours", "answer", ["hours", "place"], "wrong"),
        ("hours", "suggest", ["place", "hours"], "offered"),
        ("hours", "suggest", ["place"], "misoffered"),
        ("hours", "silent", [], "silent"),
        (None, "answer", ["hours"], "false"),
        (None, "suggest", ["hours"], "suggested"),
        (None, "silent", [], "silent"),
    ],
)
def test_an_outcome_compares_what_was_given_with_what_was_expected(
    expected: str | None, kind: Kind, given: list[str], outcome: Outcome
) -> None:
    """An answer is right with its entry alone; out of scope any answer is false."""
    assert make_trial(expected, kind, *given).outcome == outcome


def test_out_of_scope_nothing_ranked_first_is_right() -> None:
    """The first match is right where its entry was expected, and never where none was."""
    assert make_trial("hours", "silent").best is None
    assert not make_trial("hours", "silent").is_first
    assert unsure_trial("hours", "hours", 0.1).is_first
    assert not unsure_trial("hours", "place", 0.1).is_first
    assert not unsure_trial(None, "place", 0.1).is_first
