"""Group wrong and false answers by the entries that were mixed up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.trial import Trial

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """Hold an utterance, the phrase it was taken for, and the confidence (0-1)."""

    text: str
    phrase: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Count the utterances answered with `given` in place of, or beside, `expected`.

    `expected` is None out of scope. `examples` are up to three of them, the surest first.
    """

    expected: str | None
    given: str
    count: int
    examples: tuple[Example, ...]


def confusions(trials: Sequence[Trial]) -> tuple[Confusion, ...]:
    """Return the pairs of entries that wrong answers mix up, the most frequent first."""
    return _grouped([trial for trial in trials if trial.outcome == "wrong"])


def false_answers(trials: Sequence[Trial]) -> tuple[Confusion, ...]:
    """Return the entries that are given out of scope, the most frequent first."""
    return _grouped([trial for trial in trials if trial.outcome == "false"])


def _grouped(trials: Sequence[Trial]) -> tuple[Confusion, ...]:
    pairs: dict[tuple[str | None, str], list[Example]] = defaultdict(list)
    for trial in trials:
        for found in trial.given:
            if found.entry != trial.case.entry:
                example = Example(trial.case.text, found.phrase, found.confidence)
                pairs[trial.case.entry, found.entry].append(example)
    groups = [_confusion(*pair, examples) for pair, examples in pairs.items()]
    return tuple(sorted(groups, key=lambda each: (-each.count, each.expected or "", each.given)))


def _confusion(expected: str | None, given: str, examples: list[Example]) -> Confusion:
    surest = sorted(examples, key=lambda example: -example.confidence)
    return Confusion(expected, given, len(examples), tuple(surest[:_EXAMPLES]))
