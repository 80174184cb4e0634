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
from bot.matching.logistic import Doubles, Logistic, fit_logistic
from bot.matching.match import Evidence, Thresholds
from bot.matching.ranker import Ranker
from bot.matching.ridge import Labels
from bot.matching.similarity import Similarity

ABSENT_REFUSED = 0.72
"""The share of questions about a left-out entry that the answer threshold refuses."""

SUGGESTED = 0.5
"""The share of questions without an answer that get no suggestions either."""

_WEIGHT_WITHOUT_ANSWER = 0.5
"""How much questions without an answer weigh beside those with one, all together."""

_SAMPLE = 400
_PHRASE, _ABSENT, _NEGATIVE = range(3)
Kinds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Hold what was learnt: from evidence to confidence, and the thresholds."""

    confidence: Logistic
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold a question with a known outcome: the phrase's number, and who won without it."""

    kind: int
    phrase: int
    entry: int
    evidence: Evidence
    right: bool


def learn(
    ranker: Ranker, similarity: Similarity, texts: Sequence[Sequence[str]], labels: Labels
) -> Lessons:
    """Fit the confidence and the thresholds on a sample of questions with a known outcome."""
    sample = np.unique(np.linspace(0, len(labels) - 1, min(_SAMPLE, len(labels))).astype(int))
    trials = [
        trial
        for phrase in sample
        for trial in _trials(ranker, similarity, texts, labels, int(phrase))
    ]
    kinds = np.array([trial.kind for trial in trials])
    features = as_features(trial.evidence for trial in trials)
    right = np.array([trial.right for trial in trials], float)
    confidence = fit_logistic(features, right, _importance(kinds))
    return Lessons(confidence, _thresholds(confidence(features), kinds))


def leave_out(
    ranker: Ranker,
    similarity: Similarity,
    texts: Sequence[Sequence[str]],
    labels: Labels,
    phrase: int,
) -> Trial:
    """Return what is made of a phrase (its number) that was left out."""
    cosines = similarity.cosines(texts[phrase])
    cosines[phrase] = -np.inf
    label = int(labels[phrase])
    best = ranker.rank(texts[phrase], cosines, own=label)[0]
    kind = _PHRASE if label >= 0 else _NEGATIVE
    return Trial(kind, phrase, best.entry, best.evidence, right=best.entry == label)


def _trials(
    ranker: Ranker,
    similarity: Similarity,
    texts: Sequence[Sequence[str]],
    labels: Labels,
    phrase: int,
) -> Iterator[Trial]:
    yield leave_out(ranker, similarity, texts, labels, phrase)
    label = int(labels[phrase])
    if label < 0 or labels.max() == 0:
        return
    cosines = similarity.cosines(texts[phrase])
    cosines[labels == label] = -np.inf
    best = ranker.rank(texts[phrase], cosines, excluded=(label,))[0]
    yield Trial(_ABSENT, phrase, best.entry, best.evidence, right=False)


def _thresholds(confidences: Doubles, kinds: Kinds) -> Thresholds:
    absent, without_answer = confidences[kinds == _ABSENT], confidences[kinds != _PHRASE]
    answer = float(np.quantile(absent, ABSENT_REFUSED)) if len(absent) else 0.5
    suggest = float(np.quantile(without_answer, SUGGESTED)) if len(without_answer) else answer / 2
    return Thresholds(answer, min(suggest, answer))


def _importance(kinds: Kinds) -> Doubles:
    """Balance the kinds: negatives, where there are any, weigh as much as the left-out entries."""
    counts = np.bincount(kinds, minlength=3)
    half = _WEIGHT_WITHOUT_ANSWER / 2 if counts[_NEGATIVE] else _WEIGHT_WITHOUT_ANSWER
    share = np.array([1.0, half, half])
    weights = share * counts[_PHRASE] / np.maximum(counts, 1)
    return np.asarray(weights[kinds], np.float64)
