"""Logistic regression on a handful of features: from evidence to a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
_PENALTY = 1.0
_STEPS = 30
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Logistic:
    """Hold the fitted line: standardise by mean and scale, weigh, squash."""

    mean: Doubles
    scale: Doubles
    weights: Doubles
    bias: float

    def __call__(self, features: Doubles) -> Doubles:
        """Return the probabilities (0-1) of rows of features."""
        logits = (features - self.mean) / self.scale @ self.weights + self.bias
        probabilities: Doubles = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return probabilities


def fit_logistic(features: Doubles, outcomes: Doubles, importance: Doubles) -> Logistic:
    """Fit by Newton's method with an L2 penalty on the standardised weights.

    `features` are n x k, `outcomes` n of 0 or 1, `importance` n weights.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    design = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    penalty = np.diag([_PENALTY] * features.shape[1] + [1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (importance * (odds - outcomes)) + penalty @ weights
        curvature = (design * (importance * odds * (1 - odds))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < _CLOSE:
            break
    return Logistic(mean, scale, weights[:-1], float(weights[-1]))
