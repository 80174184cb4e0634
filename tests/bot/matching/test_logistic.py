"""Logistic regression: from features to probabilities that can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching import logistic
from bot.matching.logistic import Doubles, Logistic, fit_logistic


def _prior(*weights: float, bias: float = 0.0, mean: float = 0.0, scale: float = 1.0) -> Logistic:
    """Return what is believed before any outcome, for as many features as weights."""
    size = len(weights)
    return Logistic(np.full(size, mean), np.full(size, scale), np.array(weights), bias)


def _fit(
    features: Doubles,
    outcomes: Doubles,
    prior: Logistic,
    *,
    importance: float = 1.0,
    signs: tuple[float, ...] | None = None,
) -> Logistic:
    """Fit with every row as important and, unless given, with evidence that speaks for."""
    signs = signs or (1.0,) * features.shape[1]
    return fit_logistic(
        features, outcomes, np.full(len(outcomes), importance), prior, np.array(signs)
    )


def _sample(count: int, slope: float = 1.0) -> tuple[Doubles, Doubles]:
    random = np.random.default_rng(1)
    features = random.normal(size=(count, 2))
    chance = 1 / (1 + np.exp(-(2 * features[:, 0] + slope * features[:, 1] - 1)))
    return features, (random.random(count) < chance).astype(float)


def test_probabilities_rise_with_what_tells() -> None:
    """A feature that goes with the outcome pulls the probability its way."""
    features = np.arange(10.0)[:, None]
    outcomes = (features[:, 0] > 4).astype(float)
    fitted = _fit(features, outcomes, _prior(0.0, mean=4.5, scale=3.0), importance=10)(features)
    assert (np.diff(fitted) > 0).all()
    assert fitted[0] < 0.2
    assert fitted[-1] > 0.8


def test_probabilities_are_calibrated() -> None:
    """Over a sample the mean probability is the share of outcomes, and so it is in each half."""
    features, outcomes = _sample(2000)
    fitted = _fit(features, outcomes, _prior(0.0, 0.0))(features)
    assert fitted.mean() == pytest.approx(outcomes.mean(), abs=0.01)
    sure = fitted > 0.5
    assert fitted[sure].mean() == pytest.approx(outcomes[sure].mean(), abs=0.05)


def test_the_fit_is_a_minimum_of_the_penalised_loss() -> None:
    """At the weights found the gradient of the loss and of the distance from the prior vanishes."""
    features, outcomes = _sample(300)
    prior = _prior(0.5, 0.3, bias=-0.2, mean=0.1, scale=2.0)
    fitted = _fit(features, outcomes, prior)
    assert (fitted.weights > 0).all()
    error = fitted(features) - outcomes
    slopes = ((features - prior.mean) / prior.scale).T @ error
    slopes += logistic._PENALTY * (fitted.weights - prior.weights)
    np.testing.assert_allclose(slopes, 0, atol=1e-4)
    assert error.sum() + logistic._PENALTY * (fitted.bias - prior.bias) == pytest.approx(
        0, abs=1e-4
    )


@pytest.mark.parametrize("importance", [0.0, 1e-9])
def test_where_outcomes_say_nothing_the_prior_stands(importance: float) -> None:
    """Rows that don't count leave what was believed before them."""
    features, outcomes = _sample(50)
    prior = _prior(1.5, 0.7, bias=-0.4)
    fitted = _fit(features, outcomes, prior, importance=importance)
    np.testing.assert_allclose(fitted.weights, prior.weights, atol=1e-6)
    assert fitted.bias == pytest.approx(prior.bias, abs=1e-6)


def test_the_more_outcomes_the_less_the_prior_counts() -> None:
    """A wrong belief holds against three rows, and yields to three thousand."""
    prior = _prior(0.0, 5.0)
    distances = []
    for count in (3, 300, 3000):
        fitted = _fit(*_sample(count), prior)
        distances.append(abs(fitted.weights[1] - prior.weights[1]))
    assert distances == sorted(distances)
    assert distances[0] < 1
    assert prior.weights[1] - distances[-1] == pytest.approx(1, abs=0.2)


def test_a_weight_of_the_wrong_sign_is_left_out() -> None:
    """Evidence for never counts against: the fit is the one without that feature."""
    features, outcomes = _sample(500, slope=-1.5)
    fitted = _fit(features, outcomes, _prior(0.5, 0.5), signs=(1, 1))
    alone = _fit(features[:, :1], outcomes, _prior(0.5))
    assert fitted.weights[1] == 0
    assert fitted.weights[0] == pytest.approx(alone.weights[0])
    assert fitted.bias == pytest.approx(alone.bias)


@pytest.mark.parametrize(("slope", "sign"), [(-1.5, -1.0), (1.5, 1.0)])
def test_a_weight_of_the_right_sign_is_kept(slope: float, sign: float) -> None:
    """Evidence against may count against, evidence for counts for."""
    fitted = _fit(*_sample(500, slope), _prior(0.5, 0.0), signs=(1, sign))
    assert fitted.weights[0] > 0
    assert fitted.weights[1] * sign > 0.5


def test_important_rows_pull_harder() -> None:
    """The probability of two rows that disagree goes to the one that weighs more."""
    features, importance = np.zeros((2, 1)), np.array([1000.0, 3000.0])
    outcomes = np.array([0.0, 1.0])
    fitted = fit_logistic(features, outcomes, importance, _prior(0.0), np.ones(1))
    assert fitted(features)[0] == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_outcome_alone_can_be_fitted(outcome: float) -> None:
    """Where everything came out the same, that is what is expected, without overflow."""
    features, _ = _sample(20)
    fitted = _fit(features, np.full(20, outcome), _prior(0.0, 0.0), importance=1000)(features)
    np.testing.assert_allclose(fitted, outcome, atol=0.01)


def test_a_constant_feature_is_survived() -> None:
    """A feature that never changes tells nothing, and breaks nothing."""
    features, outcomes = _sample(50)
    constant = np.column_stack([features, np.ones(50)])
    assert np.isfinite(_fit(constant, outcomes, _prior(0.0, 0.0, 0.0))(constant)).all()


def test_extreme_features_stay_probabilities() -> None:
    """Far beyond what was seen the probability stays within 0 and 1."""
    fitted = _fit(*_sample(50), _prior(0.0, 0.0))
    extreme = fitted(np.array([[1e9, -1e9], [-1e9, 1e9]]))
    assert ((extreme >= 0) & (extreme <= 1)).all()
