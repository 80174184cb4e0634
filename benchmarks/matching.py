"""Ask the questions of public sets and count what is right and what is rightly refused."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from benchmarks import metrics
from benchmarks.metrics import Figure, Outcome
from benchmarks.sets import QuestionSet, draw, leave_out, mistyped
from benchmarks.subjects import Subject

SMALL, USUAL, FULL = 5, 10, 0
"""Phrasings an intent; FULL is all there are."""

DRAWS = 3
TAUGHT = (*((size, seed) for size in (SMALL, USUAL) for seed in range(DRAWS)), (FULL, 0))
"""The sizes and draws that every intent is taught with."""

LEFT_OUT = tuple(each for each in TAUGHT if each[0] != SMALL)
"""Those that a fifth of the intents is left out of, where a set has nothing out of scope."""

Kind = Literal["plain", "typos", "refusal"]
Trials = Mapping[tuple[Kind, int], list[list[Outcome]]]


@dataclass(frozen=True, slots=True)
class Result:
    """Hold a subject's figures on one set: percentages, points, or milliseconds a question.

    `accuracy_*` is the top entry's at 5, 10 and all phrasings an intent. `answered_*` and
    `refused_*` are the in-scope questions answered rightly and the out-of-scope ones refused at
    the learnt threshold. `typo_drop` is what one or two typos cost at 10, in points of accuracy.
    """

    set: str
    subject: str
    phrasings: int
    questions: int
    accuracy_5: Figure | None
    accuracy_10: Figure | None
    accuracy_full: Figure | None
    answered_10: Figure | None
    refused_10: Figure | None
    answered_full: Figure | None
    refused_full: Figure | None
    typo_drop: Figure | None
    p50_ms: float | None
    p99_ms: float | None


def measure(
    subject: Subject, questions: QuestionSet, step: Callable[[], object] = lambda: None
) -> Result:
    """Measure a subject on a set; `step` is called after each of `steps(questions)` rounds."""
    trials: defaultdict[tuple[Kind, int], list[list[Outcome]]] = defaultdict(list)
    for size, seed in TAUGHT:
        subject.build(draw(questions, size, seed))
        trials["plain", size].append(ask(subject, questions))
        if size == USUAL:
            trials["typos", size].append(ask(subject, mistyped(questions)))
        step()
    if has_out_of_scope(questions):
        trials |= {("refusal", size): trials["plain", size] for size in (USUAL, FULL)}
        return _result(subject.name, questions, trials)
    for size, seed in LEFT_OUT:
        part = leave_out(questions, seed)
        subject.build(draw(part, size, seed))
        trials["refusal", size].append(ask(subject, part))
        step()
    return _result(subject.name, questions, trials)


def steps(questions: QuestionSet) -> int:
    """Return the number of rounds that a set is measured in."""
    return len(TAUGHT) + (0 if has_out_of_scope(questions) else len(LEFT_OUT))


def has_out_of_scope(questions: QuestionSet) -> bool:
    """Tell whether a set asks anything that has no answer."""
    return any(each.intent is None for each in questions.questions)


def ask(subject: Subject, questions: QuestionSet) -> list[Outcome]:
    """Return what a subject makes of each question of a set."""
    labels = {intent: label for label, intent in enumerate(questions.intents)}
    threshold = subject.threshold
    outcomes: list[Outcome] = []
    for each in questions.questions:
        begun = time.perf_counter()
        ranked = subject.rank(each.text)
        taken = 1000 * (time.perf_counter() - begun)
        expected = None if each.intent is None else labels[each.intent]
        outcomes.append(Outcome(expected, ranked.label, ranked.score >= threshold, taken))
    return outcomes


def _result(name: str, questions: QuestionSet, trials: Trials) -> Result:
    def over(
        measured: Callable[[list[Outcome]], float | None], kind: Kind, size: int
    ) -> Figure | None:
        return metrics.over_draws(measured(each) for each in trials[kind, size])

    times = [each.milliseconds for each in chain(*trials["plain", FULL])]
    return Result(
        set=questions.name,
        subject=name,
        phrasings=sum(map(len, questions.pool.values())),
        questions=len(questions.questions),
        accuracy_5=over(metrics.accuracy, "plain", SMALL),
        accuracy_10=over(metrics.accuracy, "plain", USUAL),
        accuracy_full=over(metrics.accuracy, "plain", FULL),
        answered_10=over(metrics.answered, "refusal", USUAL),
        refused_10=over(metrics.refused, "refusal", USUAL),
        answered_full=over(metrics.answered, "refusal", FULL),
        refused_full=over(metrics.refused, "refusal", FULL),
        typo_drop=_drop(trials),
        p50_ms=metrics.percentile(times, 50),
        p99_ms=metrics.percentile(times, 99),
    )


def _drop(trials: Trials) -> Figure | None:
    pairs = zip(trials["plain", USUAL], trials["typos", USUAL], strict=True)
    drops = [
        before - after
        for clean, typed in pairs
        if (before := metrics.accuracy(clean)) is not None
        and (after := metrics.accuracy(typed)) is not None
    ]
    return metrics.over_draws(drops)
