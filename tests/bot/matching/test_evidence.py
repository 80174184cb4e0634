"""Evidence: what speaks for and against an entry."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.evidence import Listener, Nearness, Said, Vocabulary, as_features, gather
from bot.matching.features import Floats
from bot.matching.match import Evidence
from bot.matching.question_kinds import QuestionKinds
from tests.bot.matching.vectors import floats

STEMS = [["where", "librari"], ["where", "librari", "hous"], ["lose", "card"], ["price", "card"]]
LABELS = np.array([0, 0, 1, -1], np.int32)


@pytest.fixture
def vocabulary() -> Vocabulary:
    """Return the vocabulary of two entries and a negative."""
    return Vocabulary(STEMS, LABELS, 2, frozenset({"where"}))


def test_what_the_entry_says_is_covered(vocabulary: Vocabulary) -> None:
    """Content words of the entry's own phrases are covered wholly."""
    assert vocabulary.coverage(["where", "librari", "hous"], 0) == (1.0, ())


def test_what_the_entry_lacks_is_named(vocabulary: Vocabulary) -> None:
    """A word that only another entry, or none, has is uncovered."""
    share, uncovered = vocabulary.coverage(["librari", "card", "parrot"], 0)
    assert 0 < share < 1
    assert uncovered == ("card", "parrot")


def test_a_rare_word_weighs_more(vocabulary: Vocabulary) -> None:
    """Missing an unheard word costs more than missing a usual one."""
    unheard, _ = vocabulary.coverage(["librari", "parrot"], 0)
    usual, _ = vocabulary.coverage(["librari", "card"], 0)
    assert unheard < usual


def test_a_word_said_twice_counts_once(vocabulary: Vocabulary) -> None:
    """Saying a word again changes no share."""
    once = vocabulary.coverage(["librari", "card"], 0)
    assert vocabulary.coverage(["librari", "card", "card"], 0) == once


@pytest.mark.parametrize("stems", [[], ["where"], ["where", "where"]])
def test_function_words_alone_cover_nothing(stems: list[str], vocabulary: Vocabulary) -> None:
    """Words that every sentence has speak for no entry, and none is missing."""
    assert vocabulary.coverage(stems, 1) == (0.0, ())


def test_a_phrase_does_not_vouch_for_itself(vocabulary: Vocabulary) -> None:
    """A left-out phrase is covered only by what another phrase of the entry has too."""
    _, uncovered = vocabulary.coverage(["librari", "hous"], 0, left_out=True)
    assert uncovered == ("hous",)


def test_a_negative_covers_nothing(vocabulary: Vocabulary) -> None:
    """Words of questions without an answer are no entry's words."""
    assert vocabulary.coverage(["price"], 1) == (0.0, ("price",))


def test_nearness_is_the_greatest_cosine_of_each_entry() -> None:
    """Each entry has its nearest phrase, the negatives theirs."""
    nearness = Nearness(np.array([0, 0, 1, 2, -1, -1], np.int32))
    found = nearness(floats(0.1, 0.9, 0.4, 0.2, 0.3, 0.5))
    np.testing.assert_allclose(found, [0.9, 0.4, 0.2, 0.5])


def test_nearness_without_negatives_is_zero_for_them() -> None:
    """Where nothing is negative, nothing negative is near."""
    nearness = Nearness(np.array([0, 1], np.int32))
    np.testing.assert_allclose(nearness(floats(0.1, 0.9)), [0.1, 0.9, 0])


def test_nearness_of_what_is_left_out_is_zero() -> None:
    """An entry, or the negatives, without a phrase left is near to nothing."""
    nearness = Nearness(np.array([0, 1, -1], np.int32))
    assert nearness(floats(-np.inf, 0.5, -np.inf)).tolist() == [0, 0.5, 0]


def test_the_margin_is_the_lead_over_the_best_other() -> None:
    """The winner leads by as much as the runner-up trails."""
    scores, nearness = floats(0.2, 0.7, 0.4), floats(0.1, 0.8, 0.3, 0.6)
    winner = gather(scores, nearness, 1, Said(0.5, ("parrot",), 1.5))
    second = gather(scores, nearness, 2, Said(1.0, (), 0.0))
    assert winner.margin == pytest.approx(0.3)
    assert second.margin == pytest.approx(-0.3)
    assert winner.similarity == pytest.approx(0.8)
    assert winner.nearest_negative == pytest.approx(0.6)
    assert (winner.coverage, winner.uncovered, winner.question_fit) == (0.5, ("parrot",), 1.5)


@pytest.mark.parametrize("scores", [floats(0.7), floats(0.7, -np.inf)])
def test_a_lone_entry_leads_by_nothing(scores: Floats) -> None:
    """Without another entry to compare with the margin is 0."""
    nearness = np.zeros(len(scores) + 1, np.float32)
    assert gather(scores, nearness, 0, Said(1.0, (), 0.0)).margin == 0


def test_what_is_excluded_is_no_runner_up() -> None:
    """The lead is over the best other entry that takes part."""
    scores, nearness = floats(0.7, -np.inf, 0.4), np.zeros(4, np.float32)
    assert gather(scores, nearness, 0, Said(1.0, (), 0.0)).margin == pytest.approx(0.3)


@pytest.mark.parametrize("left_out", [False, True])
def test_a_listener_tells_what_words_cover_and_how_they_ask(
    vocabulary: Vocabulary, left_out: bool
) -> None:
    """Both are heard with the text's own phrase, or without it."""
    kinds = QuestionKinds(STEMS, LABELS, 2, ["where"], str)
    asked = ["where", "librari", "hous"]
    said = Listener(vocabulary, kinds)(asked, 0, left_out=left_out)
    assert (said.coverage, said.uncovered) == vocabulary.coverage(asked, 0, left_out=left_out)
    assert said.question_fit == kinds.fit(asked, 0, left_out=left_out)


def test_a_listener_trusts_a_phrase_less_without_itself(vocabulary: Vocabulary) -> None:
    """A phrase that doesn't vouch for itself covers less and fits less."""
    listen = Listener(vocabulary, QuestionKinds(STEMS, LABELS, 2, ["where"], str))
    asked = ["where", "librari", "hous"]
    known, left_out = listen(asked, 0), listen(asked, 0, left_out=True)
    assert left_out.coverage < known.coverage
    assert left_out.uncovered == ("hous",)
    assert left_out.question_fit < known.question_fit


def test_evidence_becomes_a_row_of_features() -> None:
    """The parts come in a fixed order; no evidence makes no rows of as many columns."""
    rows = as_features([Evidence(0.1, 0.2, 0.3, 0.4, 0.9, 1.5, uncovered=("parrot",))])
    assert rows.tolist() == [[0.1, 0.2, 0.3, 0.4, 0.9, 1.5]]
    assert as_features([]).shape == (0, rows.shape[1])


def test_a_far_negative_says_nothing() -> None:
    """However far the nearest negative is, and be there none, the features are the same."""
    far, none = (as_features([Evidence(0.1, 0.2, 0.3, 0.4, near)]) for near in (0.1, 0.0))
    near = as_features([Evidence(0.1, 0.2, 0.3, 0.4, 0.99)])
    assert far.tolist() == none.tolist() != near.tolist()
