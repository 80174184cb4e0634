"""Kernel ridge regression from phrases to entries, with exact leave-out scores for free.

scores(q) = exp(gamma (k_q - 1)) (exp(gamma (K - 1)) + lambda I)^-1 Y, with Y the one-hot entry of
each phrase, centred; a negative's row is all zeros before centring. With A the regularised kernel
and C = A^-1 Y, what a model fitted without phrase i says of it is Y_i - C_i / (A^-1)_ii, and
without a block b of phrases Y_b - ((A^-1)_bb)^-1 C_b (Rifkin and Lippert, "Notes on regularized
least squares", MIT-CSAIL-TR-2007-025, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import Floats

GAMMA = 3.0
LAMBDA = 0.15
Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ridge:
    """Hold the coefficients, n phrases x m entries."""

    coefficients: Floats

    def scores(self, cosines: Floats) -> Floats:
        """Return the score of each of m entries for a text with these n cosines to the phrases."""
        scores: Floats = np.exp(GAMMA * (cosines - 1), dtype=np.float32) @ self.coefficients
        return scores


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Hold n x m scores of the phrases: each fitted without itself, and without its whole entry.

    The second is what a question about an entry that doesn't exist looks like; negatives, which
    belong to none, repeat the first.
    """

    without_phrase: Floats
    without_entry: Floats


def fit(pairwise: Floats, labels: Labels, entries: int) -> tuple[Ridge, LeftOut]:
    """Fit on n x n cosines and n labels (-1: a negative); `pairwise` is used up."""
    kernel = pairwise
    kernel -= 1
    kernel *= GAMMA
    np.exp(kernel, out=kernel)
    kernel[np.diag_indices(len(kernel))] += LAMBDA
    targets = _targets(labels, entries)
    inverse: Floats = np.linalg.inv(kernel)
    coefficients: Floats = inverse @ targets
    return Ridge(coefficients), _left_out(inverse, coefficients, targets, labels)


def _targets(labels: Labels, entries: int) -> Floats:
    targets = np.zeros((len(labels), entries), np.float32)
    positive = np.flatnonzero(labels >= 0)
    targets[positive, labels[positive]] = 1
    targets -= targets.mean(axis=0)
    return targets


def _left_out(inverse: Floats, coefficients: Floats, targets: Floats, labels: Labels) -> LeftOut:
    without_phrase = targets - coefficients / np.diag(inverse)[:, None]
    without_entry = without_phrase.copy()
    for label in np.unique(labels[labels >= 0]):
        block = np.flatnonzero(labels == label)
        change = np.linalg.solve(inverse[np.ix_(block, block)], coefficients[block])
        without_entry[block] = targets[block] - change
    return LeftOut(without_phrase, without_entry)
