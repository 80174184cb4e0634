"""Hold an evaluation against the limits that a person set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation.case import Case, EvaluationError
from bot.evaluation.measures import Rate
from bot.evaluation.report import Report
from bot.knowledge.problems import Problem


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the least share of right answers and the largest of wrong and false ones, in percent.

    None stands for no limit.
    """

    right: float | None = None
    wrong: float | None = None
    false: float | None = None


def check_measurable(cases: Sequence[Case], limits: Limits) -> None:
    """Raise EvaluationError for a limit on something of which there is no case."""
    problems: list[Problem] = []
    inside = any(case.entry is not None for case in cases)
    outside = any(case.entry is None for case in cases)
    for name, limit in (("--fail-under", limits.right), ("--max-wrong", limits.wrong)):
        if limit is not None and not inside:
            problems.append(Problem(name, 0, "", "no utterance has an entry. Add some."))
    if limits.false is not None and not outside:
        text = "no utterance is out of scope. Add a file _out_of_scope.yaml."
        problems.append(Problem("--max-false", 0, "", text))
    if problems:
        raise EvaluationError(problems)


def missed(report: Report, limits: Limits) -> Iterator[str]:
    """Yield a sentence for each limit that a report misses."""
    right, wrong = _percent(report.in_scope.right), _percent(report.in_scope.wrong)
    false = _percent(report.out_of_scope.false_answers)
    if limits.right is not None and right < limits.right:
        yield f"{right:.2f} % are answered rightly, under the {limits.right:g} % of --fail-under."
    if limits.wrong is not None and wrong > limits.wrong:
        yield f"{wrong:.2f} % are answered wrongly, over the {limits.wrong:g} % of --max-wrong."
    if limits.false is not None and false > limits.false:
        yield f"{false:.2f} % get a false answer, over the {limits.false:g} % of --max-false."


def _percent(rate: Rate) -> float:
    return 100 * rate.count / rate.total if rate.total else 0.0
