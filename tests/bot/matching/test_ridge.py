"""The local kernel ridge: near phrases lift their entry, negatives draw every score down."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.features import Floats
from bot.matching.ridge import GAMMA, LAMBDA, NEAREST, Labels, LocalRidge


def _unit(rows: object) -> Floats:
    vectors = np.asarray(rows, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _random(count: int) -> Floats:
    return _unit(np.random.default_rng(0).normal(size=(count, 16)))


def _labels(*numbers: int) -> Labels:
    return np.array(numbers, np.int32)


def test_scores_are_those_of_the_closed_form() -> None:
    """The scores solve the regularised kernel system with one-hot entries."""
    vectors, labels = _random(6), _labels(0, 0, 1, 1, 2, -1)
    cosines = vectors @ _random(7)[6]
    kernel = np.exp(GAMMA * (vectors.astype(float) @ vectors.T - 1))
    np.fill_diagonal(kernel, 1 + LAMBDA)
    one_hot = np.array([[label == entry for entry in range(3)] for label in labels], float)
    expected = np.exp(GAMMA * (cosines - 1)) @ np.linalg.inv(kernel) @ one_hot
    np.testing.assert_allclose(LocalRidge(vectors, labels, 3).scores(cosines), expected, atol=1e-5)


def test_a_phrase_scores_its_own_entry_highest() -> None:
    """A phrase said word for word finds its entry."""
    vectors, labels = _random(6), _labels(0, 0, 1, 1, 2, 2)
    ridge = LocalRidge(vectors, labels, 3)
    winners = [int(ridge.scores(vectors @ vector).argmax()) for vector in vectors]
    assert winners == labels.tolist()


def test_a_near_negative_draws_scores_down() -> None:
    """The same text scores lower once a question without an answer lies beside it."""
    phrases, text = _unit([[1, 0, 0], [0, 1, 0]]), _unit([[1, 0.5, 0.2]])[0]
    negative = _unit([[1, 0.6, 0.3]])
    without = LocalRidge(phrases, _labels(0, 1), 2).scores(phrases @ text)
    vectors = np.vstack([phrases, negative])
    with_it = LocalRidge(vectors, _labels(0, 1, -1), 2).scores(vectors @ text)
    assert with_it[0] < without[0]


def test_a_phrase_left_out_takes_no_part() -> None:
    """A cosine of minus infinity is as if the phrase weren't there."""
    vectors, text = _random(4), _random(5)[4]
    cosines = vectors @ text
    cosines[1] = -np.inf
    kept = vectors[[0, 2, 3]]
    expected = LocalRidge(kept, _labels(0, 1, 1), 2).scores(kept @ text)
    found = LocalRidge(vectors, _labels(0, 0, 1, 1), 2).scores(cosines)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("count", [3, NEAREST + 5])
def test_all_left_out_scores_nothing(count: int) -> None:
    """Without a phrase to go by every score is 0."""
    ridge = LocalRidge(_random(count), _labels(*[0] * (count - 1), 1), 2)
    assert ridge.scores(np.full(count, -np.inf, np.float32)).tolist() == [0, 0]


def test_far_phrases_take_no_part_among_many() -> None:
    """Of more phrases than it looks at, only the nearest count."""
    vectors = _random(NEAREST + 50)
    labels = _labels(*sorted(number % 3 for number in range(NEAREST + 50)))
    cosines = vectors @ vectors[7]
    near = np.sort(np.argsort(-cosines)[:NEAREST])
    expected = LocalRidge(vectors[near], labels[near], 3).scores(cosines[near])
    np.testing.assert_allclose(LocalRidge(vectors, labels, 3).scores(cosines), expected, atol=1e-4)


def test_duplicate_phrases_do_not_break_the_system() -> None:
    """Two equal rows can still be solved, and share the score between their entries."""
    vectors = _unit([[1, 0], [1, 0]])
    scores = LocalRidge(vectors, _labels(0, 1), 2).scores(vectors @ vectors[0])
    assert scores[0] == pytest.approx(scores[1], rel=1e-4)
    assert np.isfinite(scores).all()
