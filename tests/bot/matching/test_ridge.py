"""The local kernel ridge: near phrases lift their entry, negatives draw every score down."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.features import Floats
from bot.matching.ridge import (
    GAMMA,
    LAMBDA,
    NEAREST,
    Labels,
    LeftOut,
    LocalRidge,
    Numbers,
    nearest,
)
from tests.bot.matching.vectors import floats, random_units, unit


def _labels(*numbers: int) -> Labels:
    return np.array(numbers, np.int32)


def _places(*numbers: int) -> Numbers:
    return np.array(numbers, np.intp)


# Three entries' phrases and two negatives, in the order of a block and mixed.
IN_ORDER = _labels(0, 0, 0, 1, 1, 2, 2, 2, 2, -1, -1)
MIXED = _labels(2, -1, 0, 1, 2, 2, 0, -1, 1, 0, 2)


def _refitted(vectors: Floats, labels: Labels, place: int, out: Numbers) -> Floats:
    """Return the scores of a phrase by a ridge over all that is not left out."""
    kept = np.setdiff1d(np.arange(len(labels)), out)
    ridge = LocalRidge(vectors[kept], labels[kept], int(labels.max()) + 1)
    return ridge.scores(vectors[kept] @ vectors[place])


def _left_out(vectors: Floats, labels: Labels) -> LeftOut:
    return LeftOut(vectors @ vectors.T, labels.astype(np.intp), int(labels.max()) + 1)


def test_scores_are_those_of_the_closed_form() -> None:
    """The scores solve the regularised kernel system with one-hot entries."""
    vectors, labels = random_units(6), _labels(0, 0, 1, 1, 2, -1)
    cosines = vectors @ random_units(7)[6]
    kernel = np.exp(GAMMA * (vectors.astype(float) @ vectors.T - 1))
    np.fill_diagonal(kernel, 1 + LAMBDA)
    one_hot = np.array([[label == entry for entry in range(3)] for label in labels], float)
    expected = np.exp(GAMMA * (cosines - 1)) @ np.linalg.inv(kernel) @ one_hot
    np.testing.assert_allclose(LocalRidge(vectors, labels, 3).scores(cosines), expected, atol=1e-5)


def test_a_phrase_scores_its_own_entry_highest() -> None:
    """A phrase said word for word finds its entry."""
    vectors, labels = random_units(6), _labels(0, 0, 1, 1, 2, 2)
    ridge = LocalRidge(vectors, labels, 3)
    winners = [int(ridge.scores(vectors @ vector).argmax()) for vector in vectors]
    assert winners == labels.tolist()


def test_a_near_negative_draws_scores_down() -> None:
    """The same text scores lower once a question without an answer lies beside it."""
    phrases, text = unit([[1, 0, 0], [0, 1, 0]]), unit([[1, 0.5, 0.2]])[0]
    negative = unit([[1, 0.6, 0.3]])
    without = LocalRidge(phrases, _labels(0, 1), 2).scores(phrases @ text)
    vectors = np.vstack([phrases, negative])
    with_it = LocalRidge(vectors, _labels(0, 1, -1), 2).scores(vectors @ text)
    assert with_it[0] < without[0]


def test_a_phrase_left_out_takes_no_part() -> None:
    """A cosine of minus infinity is as if the phrase weren't there."""
    vectors, text = random_units(4), random_units(5)[4]
    cosines = vectors @ text
    cosines[1] = -np.inf
    kept = vectors[[0, 2, 3]]
    expected = LocalRidge(kept, _labels(0, 1, 1), 2).scores(kept @ text)
    found = LocalRidge(vectors, _labels(0, 0, 1, 1), 2).scores(cosines)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("count", [3, NEAREST + 5])
def test_all_left_out_scores_nothing(count: int) -> None:
    """Without a phrase to go by every score is 0."""
    ridge = LocalRidge(random_units(count), _labels(*[0] * (count - 1), 1), 2)
    assert ridge.scores(np.full(count, -np.inf, np.float32)).tolist() == [0, 0]


def test_far_phrases_take_no_part_among_many() -> None:
    """Of more phrases than it looks at, only the nearest count."""
    vectors = random_units(NEAREST + 50)
    labels = _labels(*sorted(number % 3 for number in range(NEAREST + 50)))
    cosines = vectors @ vectors[7]
    near = np.sort(np.argsort(-cosines)[:NEAREST])
    expected = LocalRidge(vectors[near], labels[near], 3).scores(cosines[near])
    np.testing.assert_allclose(LocalRidge(vectors, labels, 3).scores(cosines), expected, atol=1e-4)


def test_duplicate_phrases_do_not_break_the_system() -> None:
    """Two equal rows can still be solved, and share the score between their entries."""
    vectors = unit([[1, 0], [1, 0]])
    scores = LocalRidge(vectors, _labels(0, 1), 2).scores(vectors @ vectors[0])
    assert scores[0] == pytest.approx(scores[1], rel=1e-4)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("labels", [IN_ORDER, MIXED], ids=["in order", "mixed"])
def test_without_itself_a_phrase_scores_as_if_refitted(labels: Labels, seed: int) -> None:
    """The closed form gives each phrase and negative the scores of a ridge that lacks it."""
    vectors, places = random_units(len(labels), seed), np.arange(len(labels))
    expected = [_refitted(vectors, labels, place, _places(place)) for place in range(len(labels))]
    found = _left_out(vectors, labels).itself(places)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("labels", [IN_ORDER, MIXED], ids=["in order", "mixed"])
@pytest.mark.parametrize("label", [0, 1, 2, -1])
def test_without_all_of_them_phrases_score_as_if_refitted(
    label: int, labels: Labels, seed: int
) -> None:
    """The closed form gives the phrases of an entry, or the negatives, a ridge that lacks all."""
    vectors, out = random_units(len(labels), seed), np.flatnonzero(labels == label)
    expected = [_refitted(vectors, labels, int(place), out) for place in out]
    found = _left_out(vectors, labels).together(out)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_any_phrases_can_be_left_out_together() -> None:
    """What is left out need not be of one entry, nor stand in order."""
    vectors, out = random_units(len(MIXED)), _places(8, 1, 5)
    expected = [_refitted(vectors, MIXED, int(place), out) for place in out]
    np.testing.assert_allclose(_left_out(vectors, MIXED).together(out), expected, atol=1e-5)


def test_a_left_out_entry_scores_nothing() -> None:
    """Without all of its phrases an entry has no score to go by."""
    own = np.flatnonzero(MIXED == 1)
    scores = _left_out(random_units(len(MIXED)), MIXED).together(own)
    np.testing.assert_allclose(scores[:, 1], 0, atol=1e-5)


def test_one_left_out_alone_or_together_is_the_same() -> None:
    """Both closed forms agree where one phrase goes."""
    left_out, place = _left_out(random_units(len(MIXED)), MIXED), _places(4)
    np.testing.assert_allclose(left_out.together(place), left_out.itself(place), atol=1e-5)


def test_without_any_phrase_all_scores_are_zero() -> None:
    """Where all are left out there is nothing to go by."""
    scores = _left_out(random_units(len(MIXED)), MIXED).together(np.arange(len(MIXED)))
    np.testing.assert_allclose(scores, 0, atol=1e-5)


def test_a_lone_phrase_left_out_scores_zero() -> None:
    """The only phrase there is says nothing for itself."""
    left_out = _left_out(random_units(1), _labels(0))
    np.testing.assert_allclose(left_out.itself(_places(0)), [[0]], atol=1e-6)


def test_a_twin_speaks_for_a_left_out_phrase() -> None:
    """Of two equal phrases the one that stays gives the other its score."""
    vectors, labels = unit([[1, 0], [1, 0], [0, 1]]), _labels(0, 0, 1)
    scores = _left_out(vectors, labels).itself(_places(0, 1))
    np.testing.assert_allclose(scores[0], scores[1], atol=1e-5)
    assert scores[0, 0] > scores[0, 1]


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, set()), (1, {3}), (2, {0, 3}), (3, {0, 2, 3}), (4, {0, 2, 3}), (9, {0, 2, 3})],
)
def test_the_nearest_are_the_greatest_finite_cosines(count: int, expected: set[int]) -> None:
    """At most so many places come, and none that is left out."""
    found = nearest(floats(0.5, -np.inf, -0.2, 0.9, -np.inf), count)
    assert set(found.tolist()) == expected
