"""Learn from the knowledge base alone how far a match can be trusted.

Three kinds of question with a known outcome come free from the leave-out scores: each phrase
without itself (right if its own entry still wins), each phrase without its whole entry (any match
is wrong), each negative without itself (any match is wrong).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.evidence import Nearness, Vocabulary, as_features, gather
from bot.matching.features import Floats
from bot.matching.logistic import Doubles, Logistic, fit_logistic
from bot.matching.match import Evidence, Thresholds
from bot.matching.ridge import Labels, LeftOut

ABSENT_REFUSED = 0.7
"""The share of questions about a left-out entry that the answer threshold must refuse."""

SUGGESTED = 0.4
"""The share of questions without an answer that get no suggestions either."""

_NEGATIVE_WEIGHT = 0.5
"""How much questions without an answer weigh beside those with one, all together."""

_PHRASE, _ABSENT, _NEGATIVE = range(3)


@dataclass(frozen=True, slots=True)
class Taken:
    """Say that a left-out phrase (its number) would be given to another entry."""

    phrase: int
    entry: int
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Lessons:
    """Hold what was learnt: evidence to confidence, the thresholds, the confused phrases."""

    confidence: Logistic
    thresholds: Thresholds
    confusions: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    """Hold one question of a known kind and what the matcher made of it."""

    kind: int
    phrase: int
    entry: int
    evidence: Evidence
    right: bool


def learn(
    left_out: LeftOut,
    pairwise: Floats,
    labels: Labels,
    stems: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
) -> Lessons:
    """Fit the confidence and the thresholds on the questions with a known outcome.

    `pairwise` are the n x n cosines of the phrases; its diagonal is used up.
    """
    pairwise[np.diag_indices(len(pairwise))] = 0.0
    nearness = Nearness(labels).of_rows(pairwise)
    trials = list(_trials(left_out, nearness, labels, stems, vocabulary))
    kinds = np.array([trial.kind for trial in trials])
    features = as_features(trial.evidence for trial in trials)
    right = np.array([trial.right for trial in trials], float)
    confidence = fit_logistic(features, right, _importance(kinds))
    confidences = confidence(features)
    thresholds = _thresholds(confidences, kinds)
    taken = tuple(
        Taken(trial.phrase, trial.entry, float(sure), trial.evidence)
        for trial, sure in zip(trials, confidences, strict=True)
        if trial.kind == _PHRASE and not trial.right and sure >= thresholds.answer
    )
    return Lessons(confidence, thresholds, taken)


def _thresholds(confidences: Doubles, kinds: NDArray[np.int64]) -> Thresholds:
    absent = confidences[kinds == _ABSENT]
    answer = float(np.quantile(absent, ABSENT_REFUSED)) if len(absent) else 0.5
    without_answer = confidences[kinds != _PHRASE]
    suggest = float(np.quantile(without_answer, SUGGESTED)) if len(without_answer) else answer / 2
    return Thresholds(answer, min(suggest, answer))


def _importance(kinds: NDArray[np.int64]) -> Doubles:
    """Balance the kinds: negatives, where there are any, weigh as much as the left-out entries."""
    counts = np.bincount(kinds, minlength=3)
    share = np.array([1.0, _NEGATIVE_WEIGHT / 2, _NEGATIVE_WEIGHT / 2])
    if not counts[_NEGATIVE]:
        share = np.array([1.0, _NEGATIVE_WEIGHT, 0.0])
    weights = share * counts[_PHRASE] / np.maximum(counts, 1)
    return np.asarray(weights[kinds], np.float64)


def _trials(
    left_out: LeftOut,
    nearness: Floats,
    labels: Labels,
    stems: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
) -> Iterator[_Trial]:
    for phrase, label in enumerate(labels):
        scores, near = left_out.without_phrase[phrase], nearness[phrase]
        entry = int(scores.argmax())
        own = entry == label
        covered = vocabulary.coverage(stems[phrase], entry, left_out=own)
        kind = _PHRASE if label >= 0 else _NEGATIVE
        yield _Trial(kind, phrase, entry, gather(scores, near, entry, covered), right=own)
        if label >= 0 and len(scores) > 1:
            scores = left_out.without_entry[phrase].copy()
            scores[label] = -np.inf
            entry = int(scores.argmax())
            covered = vocabulary.coverage(stems[phrase], entry)
            yield _Trial(_ABSENT, phrase, entry, gather(scores, near, entry, covered), right=False)
