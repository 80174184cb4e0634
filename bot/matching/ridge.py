"""Kernel ridge regression from the nearest phrases to their entries, solved for each utterance.

scores(q) = exp(gamma (k_q - 1)) (exp(gamma (K - 1)) + lambda I)^-1 Y over the M phrases nearest to
the utterance, with Y their one-hot entries; a negative's row is all zeros, so that it draws every
score down. The local solution needs no training and forgets nothing when phrases come and go.
Source: Bottou and Vapnik, "Local Learning Algorithms", Neural Computation 4(6), 1992.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import Floats

GAMMA = 3.0
LAMBDA = 0.15
NEAREST = 128
Labels = NDArray[np.int32]
Numbers = NDArray[np.intp]


class Rows(Protocol):
    """Vectors of phrases, looked up by the phrases' numbers."""

    def __getitem__(self, numbers: Numbers, /) -> Floats:
        """Return a row for each of some phrases."""


class LocalRidge:
    """Score m entries by the phrases nearest to an utterance.

    `vectors` are n rows whose dot products are about the cosines between the phrases; `labels` are
    the n numbers of their entries, -1 for a negative.
    """

    def __init__(self, vectors: Rows, labels: Labels, entries: int) -> None:
        self._vectors = vectors
        self._labels = labels
        self._entries = entries

    def scores(self, cosines: Floats) -> Floats:
        """Return m scores (about 0-1) for n cosines; -inf leaves a phrase out."""
        near = nearest(cosines, NEAREST)
        scores = np.zeros(self._entries, np.float32)
        if not len(near):
            return scores
        vectors = self._vectors[near]
        weights = np.linalg.solve(_kernel(vectors @ vectors.T), _bent(cosines[near]))
        labels = self._labels[near]
        np.add.at(scores, labels[labels >= 0], weights[labels >= 0])
        return scores


class LeftOut:
    """Solve one ridge over s phrases and tell what it would score for them without some of them.

    `cosines` are s x s, `labels` the s phrases' columns among so many, -1 for a negative.
    Closed forms of leaving out one and several rows: Cawley and Talbot, "Fast exact leave-one-out
    cross-validation of sparse least-squares support vector machines", Neural Networks 17(10), 2004.
    """

    def __init__(self, cosines: Floats, labels: Numbers, columns: int) -> None:
        self._inverse = np.linalg.inv(_kernel(cosines))
        self._targets = np.zeros((len(labels), columns), np.float32)
        known = np.flatnonzero(labels >= 0)
        self._targets[known, labels[known]] = 1
        self._weights = self._inverse @ self._targets

    def itself(self, places: Numbers) -> Floats:
        """Return a row of scores for each of some phrases, without the phrase itself."""
        own = self._inverse[places, places][:, None]
        scores: Floats = self._targets[places] - self._weights[places] / own
        return scores

    def together(self, places: Numbers) -> Floats:
        """Return a row of scores for each of some phrases, without all of these."""
        inverse = self._inverse[np.ix_(places, places)]
        scores: Floats = self._targets[places] - np.linalg.solve(inverse, self._weights[places])
        return scores


def nearest(cosines: Floats, count: int) -> Numbers:
    """Return the places of the greatest finite cosines, at most so many, in no order."""
    if len(cosines) <= count:
        return np.flatnonzero(np.isfinite(cosines))
    near = np.argpartition(-cosines, count)[:count]
    return near[np.isfinite(cosines[near])]


def _bent(cosines: Floats) -> Floats:
    bent: Floats = np.exp(np.float32(GAMMA) * (cosines - 1))
    return bent


def _kernel(cosines: Floats) -> Floats:
    """Return the regularised kernel of some phrases among each other."""
    kernel = _bent(cosines)
    kernel[np.diag_indices(len(kernel))] = 1 + LAMBDA
    return kernel
