"""The ranker: entries by their scores, each with the evidence for it."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.evidence import Nearness, gather
from bot.matching.features import Floats
from bot.matching.ranker import Ranker
from bot.matching.ridge import LocalRidge
from tests.bot.matching.fakes import Heard, RecordingListener
from tests.bot.matching.vectors import clusters, labels_of

SIZES = (3, 2, 2)
LABELS = labels_of(*SIZES, negatives=2)
VECTORS = clusters((*SIZES, 2))
STEMS = ("lost", "card")


@pytest.fixture
def listener() -> RecordingListener:
    """Return a listener that keeps what it is asked."""
    return RecordingListener()


@pytest.fixture
def ranker(listener: RecordingListener) -> Ranker:
    """Return a ranker of three entries whose phrases lie far apart, and two negatives."""
    return Ranker(LocalRidge(VECTORS, LABELS, len(SIZES)), Nearness(LABELS), listener)


def _cosines(*towards: float) -> Floats:
    """Return the cosines of a text that lies so far towards each entry and the negatives."""
    text = np.array(towards, np.float32)
    return np.asarray(VECTORS @ (text / np.linalg.norm(text)), np.float32)


NEAR_TO_SECOND = _cosines(0.3, 0.9, 0.1, 0.2)


def test_the_highest_score_comes_first(ranker: Ranker) -> None:
    """Entries stand in the order of their scores."""
    found = ranker(STEMS, NEAR_TO_SECOND, limit=3)
    scores = [candidate.evidence.score for candidate in found]
    assert [candidate.entry for candidate in found] == [1, 0, 2]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 9])
def test_no_more_come_than_there_are_or_are_asked_for(limit: int, ranker: Ranker) -> None:
    """The best so many come, the same ones as of all."""
    found = ranker(STEMS, NEAR_TO_SECOND, limit)
    assert found == ranker(STEMS, NEAR_TO_SECOND, len(SIZES))[:limit]


def test_the_evidence_is_that_of_scores_nearness_and_words(ranker: Ranker) -> None:
    """A candidate has its own score, the nearest phrase's cosine and what its words say."""
    scores = LocalRidge(VECTORS, LABELS, len(SIZES)).scores(NEAR_TO_SECOND)
    nearness = Nearness(LABELS)(NEAR_TO_SECOND)
    for candidate in ranker(STEMS, NEAR_TO_SECOND, limit=3):
        expected = gather(scores, nearness, candidate.entry, RecordingListener.said)
        assert candidate.evidence == expected


@pytest.mark.parametrize("excluded", [[1], [1, 1], {1}])
def test_an_excluded_entry_takes_no_part(excluded: list[int], ranker: Ranker) -> None:
    """It neither comes nor is a runner-up, however often it is named."""
    first, second = ranker(STEMS, NEAR_TO_SECOND, 9, excluded)
    assert (first.entry, second.entry) == (0, 2)
    assert first.evidence.margin == -second.evidence.margin > 0


def test_with_all_excluded_none_comes(ranker: Ranker) -> None:
    """Without an entry to consider there is no candidate."""
    assert ranker(STEMS, NEAR_TO_SECOND, 3, excluded=range(3)) == []


@pytest.mark.parametrize("own", [None, 0, 1])
def test_only_its_own_entry_hears_that_a_phrase_is_left_out(
    own: int | None, ranker: Ranker, listener: RecordingListener
) -> None:
    """Words are heard without the left-out phrase by the entry it belongs to."""
    ranker(STEMS, NEAR_TO_SECOND, limit=3, own=own)
    assert listener.heard == [Heard(STEMS, entry, entry == own) for entry in (1, 0, 2)]


def test_without_a_phrase_an_entry_has_nothing_for_it(ranker: Ranker) -> None:
    """An entry all of whose phrases are left out scores nothing and is near to nothing."""
    cosines = np.where(LABELS == 1, -np.inf, NEAR_TO_SECOND).astype(np.float32)
    (found,) = [each for each in ranker(STEMS, cosines, limit=3) if each.entry == 1]
    assert (found.evidence.score, found.evidence.similarity) == (0, 0)


def test_with_every_phrase_left_out_all_entries_are_alike(ranker: Ranker) -> None:
    """Where nothing is left to compare with, entries come in their order, with nothing for any."""
    found = ranker(STEMS, np.full(len(LABELS), -np.inf, np.float32), limit=3)
    assert [candidate.entry for candidate in found] == [0, 1, 2]
    for candidate in found:
        assert candidate.evidence == gather(
            np.zeros(3, np.float32), np.zeros(4, np.float32), 0, RecordingListener.said
        )
