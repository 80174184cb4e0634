"""Kernel ridge regression from the nearest phrases to their entries, solved for each utterance.

scores(q) = exp(gamma (k_q - 1)) (exp(gamma (K - 1)) + lambda I)^-1 Y over the M phrases nearest to
the utterance, with Y their one-hot entries; a negative's row is all zeros, so that it draws every
score down. The local solution needs no training and forgets nothing when phrases come and go.
Source: Bottou and Vapnik, "Local Learning Algorithms", Neural Computation 4(6), 1992.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import Floats

GAMMA = 3.0
LAMBDA = 0.15
NEAREST = 192
Labels = NDArray[np.int32]


class LocalRidge:
    """Score m entries by the phrases nearest to an utterance.

    `vectors` are n rows whose dot products are about the cosines between the phrases; `labels` are
    the n numbers of their entries, -1 for a negative.
    """

    def __init__(self, vectors: Floats, labels: Labels, entries: int) -> None:
        self._vectors = vectors
        self._labels = labels
        self._entries = entries

    def scores(self, cosines: Floats) -> Floats:
        """Return m scores (about 0-1) for n cosines; -inf leaves a phrase out."""
        near = self._nearest(cosines)
        scores = np.zeros(self._entries, np.float32)
        if not len(near):
            return scores
        vectors = self._vectors[near]
        kernel = np.exp(GAMMA * (vectors @ vectors.T - 1))
        kernel[np.diag_indices(len(near))] = 1 + LAMBDA
        weights = np.linalg.solve(kernel, np.exp(GAMMA * (cosines[near] - 1)))
        labels = self._labels[near]
        np.add.at(scores, labels[labels >= 0], weights[labels >= 0])
        return scores

    def _nearest(self, cosines: Floats) -> NDArray[np.intp]:
        if len(cosines) <= NEAREST:
            return np.flatnonzero(np.isfinite(cosines))
        near = np.argpartition(-cosines, NEAREST)[:NEAREST]
        return near[np.isfinite(cosines[near])]
