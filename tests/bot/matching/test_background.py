"""Background: packaged questions about anything else, and those of them far from a knowledge."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from bot.matching import background as package
from bot.matching.background import NEAR, background, far_from
from bot.matching.encoder import Vectors
from bot.matching.normalise import normalise
from tests.bot.matching.vectors import random_units, unit

LANGUAGES = sorted(
    each.name.removesuffix(".txt")
    for each in files(package).iterdir()
    if each.name.endswith(".txt")
)


def _none() -> Vectors:
    return np.zeros((0, 16), np.float32)


def test_there_is_a_packaged_list() -> None:
    """English at least has its questions."""
    assert "en" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_packaged_line_says_something_of_its_own(language: str) -> None:
    """No line is empty once it is normalised, and none says what another does."""
    said = [normalise(question) for question in background(language)]
    assert all(said)
    assert [each for each in said if said.count(each) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_packaged_lines_are_clean(language: str) -> None:
    """A line has nothing around it, and the file nothing that is no line."""
    questions = background(language)
    assert questions
    assert [each for each in questions if each != each.strip()] == []


@pytest.mark.parametrize("language", ["xx", "", "EN-gb"])
def test_a_language_without_a_list_has_no_questions(language: str) -> None:
    """Without a list there is no background, and no error."""
    assert background(language) == ()


def test_a_question_near_a_phrase_is_left_out() -> None:
    """Of a question like a phrase, one a little like it and one unlike it, the unlike are far."""
    phrases = unit([[1, 0, 0], [0, 1, 0]])
    sides = [[cosine, 0, np.sqrt(1 - cosine**2)] for cosine in (1, NEAR + 0.01, NEAR - 0.01, 0, -1)]
    assert far_from(phrases, unit(sides)).tolist() == [2, 3, 4]


def test_one_near_phrase_is_enough() -> None:
    """A question is near though all other phrases are far from it."""
    phrases = unit([[1, 0], [-1, 0], [0, 1]])
    assert far_from(phrases, unit([[0, 1], [0, -1]])).tolist() == [1]


def test_without_phrases_every_question_is_far() -> None:
    """Where there is nothing to be near to, all are taken."""
    assert far_from(_none(), random_units(3)).tolist() == [0, 1, 2]


def test_without_questions_none_is_far() -> None:
    """An empty list gives no places."""
    assert far_from(random_units(3), _none()).tolist() == []


def test_a_question_that_means_nothing_is_far() -> None:
    """A row of zeros is near to no phrase."""
    assert far_from(random_units(3), np.zeros((1, 16), np.float32)).tolist() == [0]


@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_many_phrases_are_compared_part_by_part(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many phrases are compared at once makes no difference."""
    phrases, questions = random_units(7, seed=1), random_units(50, seed=2)
    whole = far_from(phrases, questions).tolist()
    monkeypatch.setattr(package, "_AT_ONCE", at_once)
    assert far_from(phrases, questions).tolist() == whole
    assert 0 < len(whole) < 50
