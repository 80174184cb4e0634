"""Learn from the knowledge base alone how far a match can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.evidence import as_features
from bot.matching.logistic import Doubles, Logistic, fit_logistic
from bot.matching.match import Thresholds
from bot.matching.trials import Kind, Trial

ABSENT_REFUSED = 0.65
"""The share of questions about a left-out entry that the answer threshold refuses."""

NEGATIVES_REFUSED = 0.82
"""The share of left-out negatives that it refuses at least, where there are enough to tell.

These are shares of the trials, which make a match look somewhat better than it would be live: of
the repository's own negatives the live matcher refuses nine in ten.
"""

SUGGESTED = 0.5
"""The share of questions without an answer that get no suggestions either."""

_ENOUGH = 100
_FEW = 3
_SIGNS = np.array([1.0, 1.0, 1.0, 1.0, -1.0, 1.0])
"""Only a near question without an answer speaks against a match; see `as_features`."""

_WORTH = (1.0, 0.15, 0.3, 0.15)
"""How much each kind of trial weighs, however many of it there are."""

_ANSWER, _SUGGEST = 0.5, 0.2
Kinds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Hold what was learnt: from evidence to confidence, and the thresholds."""

    confidence: Logistic
    thresholds: Thresholds


def learn(trials: Iterable[Trial]) -> Lessons:
    """Fit the confidence and the thresholds to trials."""
    tried = list(trials)
    kinds = np.array([trial.kind for trial in tried], np.int64)
    features = as_features(trial.evidence for trial in tried)
    right = np.array([trial.right for trial in tried], float)
    confidence = _prior(has_negatives=bool((kinds >= Kind.NEGATIVE).any()))
    if right.sum() >= _FEW:
        confidence = fit_logistic(features, right, _importance(kinds), confidence, _SIGNS)
    return Lessons(confidence, _thresholds(confidence(features), kinds))


def _prior(*, has_negatives: bool) -> Logistic:
    """Return what to believe before any trial: a small knowledge has few to learn from.

    The figures are those of a large knowledge base, rounded, in the order of `as_features`.
    """
    return Logistic(
        mean=np.array([0.33, 0.2, 0.64, 0.6, 0.6, -0.1]),
        scale=np.array([0.2, 0.2, 0.15, 0.3, 0.12, 1.2]),
        weights=np.array([1.5, 1.0, 0.3, 0.6, -0.7 if has_negatives else 0.0, 0.2]),
        bias=-0.8,
    )


def _thresholds(confidences: Doubles, kinds: Kinds) -> Thresholds:
    absent, negative = confidences[kinds == Kind.ENTRY], confidences[kinds == Kind.NEGATIVE]
    answer = _quantile(absent, ABSENT_REFUSED, _ANSWER)
    if len(negative) >= _ENOUGH:
        # Negatives that are all easy to tell say nothing of hard ones: they only raise it.
        answer = max(answer, _at(negative, NEGATIVES_REFUSED))
    suggest = _quantile(np.concatenate([absent, negative]), SUGGESTED, _SUGGEST)
    return Thresholds(answer, min(suggest, answer))


def _quantile(confidences: Doubles, share: float, expected: float) -> float:
    """Return a quantile, drawn to what is expected where there are few to tell."""
    if not len(confidences):
        return expected
    trust = min(1.0, len(confidences) / _ENOUGH)
    return trust * _at(confidences, share) + (1 - trust) * expected


def _at(confidences: Doubles, share: float) -> float:
    """Return a quantile of some confidences, at least one, between the two nearest."""
    # np.quantile would do the same, after importing a megabyte for masked arrays.
    places = np.arange(len(confidences))
    return float(np.interp(share * (len(confidences) - 1), places, np.sort(confidences)))


def _importance(kinds: Kinds) -> Doubles:
    counts = np.bincount(kinds, minlength=len(_WORTH))
    weights = np.array(_WORTH) * counts[Kind.PHRASE] / np.maximum(counts, 1)
    return np.asarray(weights[kinds], np.float64)
