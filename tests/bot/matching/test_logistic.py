"""Logistic regression: from features to probabilities that can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.logistic import Doubles, fit_logistic


def _fit(features: Doubles, outcomes: Doubles, importance: float = 1.0) -> Doubles:
    fitted = fit_logistic(features, outcomes, np.full(len(outcomes), importance))
    return fitted(features)


def _sample(count: int) -> tuple[Doubles, Doubles]:
    random = np.random.default_rng(1)
    features = random.normal(size=(count, 2))
    chance = 1 / (1 + np.exp(-(2 * features[:, 0] - 1)))
    return features, (random.random(count) < chance).astype(float)


def test_probabilities_rise_with_what_tells() -> None:
    """A feature that goes with the outcome pulls the probability its way."""
    features = np.arange(10.0)[:, None]
    fitted = _fit(features, (features[:, 0] > 4).astype(float))
    assert (np.diff(fitted) > 0).all()
    assert fitted[0] < 0.2
    assert fitted[-1] > 0.8


def test_probabilities_are_calibrated() -> None:
    """Over a sample the mean probability is the share of outcomes, and so it is in each half."""
    features, outcomes = _sample(2000)
    fitted = _fit(features, outcomes)
    assert fitted.mean() == pytest.approx(outcomes.mean(), abs=0.01)
    sure = fitted > 0.5
    assert fitted[sure].mean() == pytest.approx(outcomes[sure].mean(), abs=0.05)


def test_the_fit_is_a_minimum_of_the_penalised_loss() -> None:
    """At the weights found the gradient of loss and penalty vanishes."""
    features, outcomes = _sample(300)
    fitted = fit_logistic(features, outcomes, np.ones(300))
    design = (features - fitted.mean) / fitted.scale
    gradient = design.T @ (fitted(features) - outcomes) + fitted.weights
    np.testing.assert_allclose(gradient, 0, atol=1e-4)


def test_important_rows_pull_harder() -> None:
    """The probability of two rows that disagree goes to the one that weighs more."""
    features = np.zeros((2, 1))
    fitted = fit_logistic(features, np.array([0.0, 1.0]), np.array([1.0, 3.0]))
    assert fitted(features)[0] == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_outcome_alone_can_be_fitted(outcome: float) -> None:
    """Where everything came out the same, that is what is expected, without overflow."""
    features, _ = _sample(20)
    fitted = _fit(features, np.full(20, outcome))
    np.testing.assert_allclose(fitted, outcome, atol=0.01)


def test_a_constant_feature_is_survived() -> None:
    """A feature that never changes divides nothing by zero."""
    features, outcomes = _sample(50)
    fitted = _fit(np.column_stack([features, np.ones(50)]), outcomes)
    assert np.isfinite(fitted).all()


def test_extreme_features_stay_probabilities() -> None:
    """Far beyond what was seen the probability stays within 0 and 1."""
    features, outcomes = _sample(50)
    fitted = fit_logistic(features, outcomes, np.ones(50))
    extreme = fitted(np.array([[1e9, -1e9], [-1e9, 1e9]]))
    assert ((extreme >= 0) & (extreme <= 1)).all()
