"""Limits that a person sets."""

from __future__ import annotations

import pytest

from bot.evaluation.case import EvaluationError
from bot.evaluation.limits import Limits, check_measurable, missed
from tests.bot.evaluation.library import MIXED, case_of, report_of


def test_a_limit_that_is_just_kept_is_not_missed() -> None:
    """25 % are right and wrong, and 50 % of two are answered falsely."""
    report = report_of(*MIXED)
    assert list(missed(report, Limits())) == []
    assert list(missed(report, Limits(right=25, wrong=25, false=50))) == []


def test_each_limit_that_is_missed_is_a_sentence() -> None:
    """It says the share and the limit."""
    assert list(missed(report_of(*MIXED), Limits(right=25.1, wrong=24.9, false=49))) == [
        "25.00 % are answered rightly, under the 25.1 % of --fail-under.",
        "25.00 % are answered wrongly, over the 24.9 % of --max-wrong.",
        "50.00 % get a false answer, over the 49 % of --max-false.",
    ]


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(right=1), ["--fail-under"]),
        (Limits(wrong=1), ["--max-wrong"]),
        (Limits(right=1, wrong=1, false=1), ["--fail-under", "--max-wrong"]),
    ],
)
def test_a_limit_on_entries_needs_utterances_of_entries(limits: Limits, named: list[str]) -> None:
    """What isn't measured can't pass."""
    with pytest.raises(EvaluationError) as caught:
        check_measurable([case_of("parrots")], limits)
    assert [problem.file for problem in caught.value.problems] == named


def test_a_limit_on_false_answers_needs_utterances_out_of_scope() -> None:
    """The error says where to put them."""
    cases = [case_of("when", "hours")]
    with pytest.raises(EvaluationError, match=r"--max-false: .*_out_of_scope\.yaml"):
        check_measurable(cases, Limits(false=1))
    check_measurable(cases, Limits(right=1, wrong=1))
