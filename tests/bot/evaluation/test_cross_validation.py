"""Phrases tried as if the knowledge hadn't got them."""

from __future__ import annotations

import pytest

from bot.evaluation.case import EvaluationError
from bot.evaluation.cross_validation import left_out_cases, try_left_out
from bot.evaluation.trial import Found
from tests.bot.evaluation.library import case_of, edition_of
from tests.fakes import make_entry

OAK = make_entry("oak", alternates=("the oak",), negatives=("oak price",))
PINE = make_entry("pine")


def test_each_phrase_negative_and_unanswered_question_is_a_case() -> None:
    """An entry's only phrase is passed over; what has no answer is out of scope."""
    edition = edition_of((OAK, PINE), unanswered=("where are parrots",))
    cases = left_out_cases(edition.knowledge)
    assert [(case.text, case.entry, case.file) for case in cases] == [
        ("What is oak?", "oak", "en/trees.yaml"),
        ("the oak", "oak", "en/trees.yaml"),
        ("oak price", None, "en/trees.yaml"),
        ("where are parrots", None, "en/_unanswered.yaml"),
    ]
    assert {case.language for case in cases} == {"en"}


def test_without_a_second_phrase_there_is_nothing_to_try() -> None:
    """The error says what to add."""
    knowledge = edition_of((PINE,), unanswered=("where are parrots",)).knowledge
    with pytest.raises(EvaluationError, match=r"--cross-validate: no entry .* Add alternates"):
        left_out_cases(knowledge)


@pytest.mark.parametrize(
    ("sure", "kind", "given"),
    [
        (0.6, "answer", ["oak"]),
        (0.59, "suggest", ["oak", "pine"]),
        (0.3, "suggest", ["oak", "pine"]),
        (0.29, "silent", []),
    ],
)
def test_the_live_thresholds_tell_what_would_be_said(
    sure: float, kind: str, given: list[str]
) -> None:
    """The matcher answers with its first match, suggests all, or stays silent."""
    edition = edition_of((OAK, PINE), {"without the oak": {"oak": sure, "pine": 0.1}})
    trial = try_left_out(edition, case_of("the oak", "oak", "en"))
    assert trial.kind == kind
    assert [found.entry for found in trial.given] == given
    assert trial.ranked[0] == Found("oak", "What is oak?", sure)


def test_what_matches_nothing_without_itself_is_silent() -> None:
    """A phrase like no other one gets no ranking."""
    trial = try_left_out(edition_of((OAK, PINE)), case_of("the oak", "oak", "en"))
    assert (trial.kind, trial.ranked) == ("silent", ())
