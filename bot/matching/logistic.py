"""Logistic regression on a handful of features: from evidence to a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
_PENALTY = 10.0
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


def fit_logistic(
    features: Doubles, outcomes: Doubles, importance: Doubles, prior: Logistic, signs: Doubles
) -> Logistic:
    """Fit a line drawn to a prior where the outcomes say little.

    `features` are n x k, `outcomes` n of 0 or 1, `importance` n weights. The penalty is the squared
    distance from the prior's weights and bias. `signs` are k of +1 or -1: evidence for must never
    count against, so a weight of the other sign is left out.
    """
    scaled = (features - prior.mean) / prior.scale
    design = np.column_stack([scaled, np.ones(len(features))])
    expected = np.append(prior.weights, prior.bias)
    kept = np.ones(len(expected), bool)
    weights = np.zeros(len(expected))
    while True:
        weights[:] = 0.0
        weights[kept] = _newton(design[:, kept], outcomes, importance, expected[kept])
        wrong = np.append(weights[:-1] * signs < 0, False)
        if not wrong.any():
            return Logistic(prior.mean, prior.scale, weights[:-1], float(weights[-1]))
        kept &= ~wrong


def _newton(design: Doubles, outcomes: Doubles, importance: Doubles, expected: Doubles) -> Doubles:
    """Minimise the penalised loss by Newton's method in steps of at most 1."""
    weights = expected.copy()
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (importance * (odds - outcomes)) + _PENALTY * (weights - expected)
        curvature = (design * (importance * odds * (1 - odds))[:, None]).T @ design
        step = np.linalg.solve(curvature + _PENALTY * np.eye(len(weights)), gradient)
        weights -= step / max(1.0, np.abs(step).max())
        if np.abs(step).max() < _CLOSE:
            break
    return weights
