"""Learn from the knowledge base alone how far a match can be trusted.

Three kinds of question with a known outcome can be had from it: a phrase that is left out (right if
its own entry still wins), a phrase whose whole entry is left out (any match is wrong), a negative
that is left out (any match is wrong). A sample of each is enough for a handful of numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.evidence import as_features
from bot.matching.features import Floats
from bot.matching.logistic import Doubles, Logistic, fit_logistic
from bot.matching.match import Evidence, Thresholds
from bot.matching.ranker import Ranker
from bot.matching.ridge import Labels

ABSENT_REFUSED = 0.7
"""The share of questions about a left-out entry that the answer threshold refuses."""

NEGATIVES_REFUSED = 0.9
"""The share of left-out negatives that it refuses, where there are enough to tell."""

SUGGESTED = 0.5
"""The share of questions without an answer that get no suggestions either."""

_ENOUGH = 100
_FEW = 3
_SIGNS = np.array([1.0, 1.0, 1.0, 1.0, -1.0, 1.0])
"""Only a near question without an answer speaks against a match; see `as_features`."""

_ANSWER, _SUGGEST = 0.5, 0.2
_SAMPLE = 250
_PHRASE, _ABSENT, _NEGATIVE = range(3)
Kinds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Hold what was learnt: from evidence to confidence, and the thresholds."""

    confidence: Logistic
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class _Trial:
    """Hold the evidence for what was made of a question with a known outcome."""

    kind: int
    evidence: Evidence
    right: bool


def learn(ranker: Ranker, texts: Sequence[Sequence[str]], labels: Labels) -> Lessons:
    """Fit the confidence and the thresholds on a sample of questions with a known outcome.

    `texts` are the n phrases as words, `labels` the numbers of their entries.
    """
    sample = [*_sample(labels >= 0, _SAMPLE), *_sample(labels < 0, 2 * _SAMPLE)]
    trials = [
        trial
        for phrase, cosines in zip(sample, ranker.between(sample), strict=True)
        for trial in _trials(ranker, texts[phrase], labels, phrase, cosines)
    ]
    kinds = np.array([trial.kind for trial in trials])
    features = as_features(trial.evidence for trial in trials)
    right = np.array([trial.right for trial in trials], float)
    confidence = _prior(has_negatives=bool((labels < 0).any()))
    if right.sum() >= _FEW:
        confidence = fit_logistic(features, right, _importance(kinds), confidence, _SIGNS)
    return Lessons(confidence, _thresholds(confidence(features), kinds))


def _trials(
    ranker: Ranker, words: Sequence[str], labels: Labels, phrase: int, cosines: Floats
) -> Iterator[_Trial]:
    """Yield what is made of a phrase without itself, and without its whole entry."""
    label = int(labels[phrase])
    cosines[phrase] = -np.inf
    if label < 0 or np.count_nonzero(labels == label) > _FEW:
        best = ranker.rank(words, cosines, own=label)[0]
        kind = _PHRASE if label >= 0 else _NEGATIVE
        yield _Trial(kind, best.evidence, right=best.entry == label)
    if label >= 0 and labels.max() > 0:
        cosines[labels == label] = -np.inf
        best = ranker.rank(words, cosines, excluded=(label,))[0]
        yield _Trial(_ABSENT, best.evidence, right=False)


def _sample(chosen: NDArray[np.bool_], most: int) -> list[int]:
    """Return at most so many of the chosen phrases' numbers, evenly spread."""
    numbers = np.flatnonzero(chosen)
    places = np.linspace(0, len(numbers) - 1, min(most, len(numbers))).astype(int)
    return [int(number) for number in numbers[places]]


def _prior(*, has_negatives: bool) -> Logistic:
    """Return what to believe before any trial: a small knowledge has few to learn from.

    The figures are those of a large knowledge base, rounded, in the order of `as_features`.
    """
    return Logistic(
        mean=np.array([0.33, 0.2, 0.64, 0.6, 0.6, -0.1]),
        scale=np.array([0.2, 0.2, 0.15, 0.3, 0.12, 1.2]),
        weights=np.array([2.2, 0.0, 0.2, 0.7, -0.5 if has_negatives else 0.0, 0.4]),
        bias=-0.8,
    )


def _thresholds(confidences: Doubles, kinds: Kinds) -> Thresholds:
    absent, negative = confidences[kinds == _ABSENT], confidences[kinds == _NEGATIVE]
    if len(negative) >= _ENOUGH:
        answer = float(np.quantile(negative, NEGATIVES_REFUSED))
    else:
        answer = _quantile(absent, ABSENT_REFUSED, _ANSWER)
    suggest = _quantile(np.concatenate([absent, negative]), SUGGESTED, _SUGGEST)
    return Thresholds(answer, min(suggest, answer))


def _quantile(confidences: Doubles, share: float, expected: float) -> float:
    """Return a quantile, drawn to what is expected where there are few to tell."""
    if not len(confidences):
        return expected
    trust = min(1.0, len(confidences) / _ENOUGH)
    return trust * float(np.quantile(confidences, share)) + (1 - trust) * expected


def _importance(kinds: Kinds) -> Doubles:
    """Let each kind weigh as much as its worth, however many of it there are."""
    counts = np.bincount(kinds, minlength=3)
    weights = np.array([1.0, 0.25, 0.5]) * counts[_PHRASE] / np.maximum(counts, 1)
    return np.asarray(weights[kinds], np.float64)
