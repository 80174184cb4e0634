"""Trials: questions whose outcome is known, as the live matcher would have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from bot.matching import trials
from bot.matching.corpus import Corpus
from bot.matching.evidence import Nearness, gather
from bot.matching.features import Floats
from bot.matching.match import Evidence
from bot.matching.ridge import Labels, LocalRidge
from bot.matching.trials import Kind, Trial, Trials
from tests.bot.matching.fakes import RecordingListener
from tests.bot.matching.vectors import clusters, labels_of, random_units

SIZES = (8, 8, 8)
NEGATIVES, BACKGROUND = 5, 4
LABELS = labels_of(*SIZES, negatives=NEGATIVES + BACKGROUND)
OWN = len(LABELS) - BACKGROUND


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold a trial, the number of the text tried, the entry that won and if it lacked the text."""

    trial: Trial
    text: int
    winner: int
    left_out: bool


def _try(vectors: Floats, labels: Labels, own: int | None = None) -> list[Tried]:
    """Return all trials of some texts; the first `own`, by default all, are the knowledge's."""
    listener = RecordingListener()
    stems = [[str(number)] for number in range(len(labels))]
    corpus = Corpus(tuple(map(tuple, stems)), labels, len(labels) if own is None else own)
    made = list(Trials(corpus, vectors, stems, listener))
    return [
        Tried(trial, int(heard.stems[0]), heard.entry, heard.left_out)
        for trial, heard in zip(made, listener.heard, strict=True)
    ]


def _counts(tried: Sequence[Tried]) -> Counter[Kind]:
    return Counter(each.trial.kind for each in tried)


def _texts(tried: Sequence[Tried], kind: Kind) -> list[int]:
    return sorted(each.text for each in tried if each.trial.kind is kind)


def _live(vectors: Floats, labels: Labels, tried: Tried) -> tuple[int, Evidence]:
    """Return who wins, and by which evidence, for a text whose cosines say it isn't there."""
    cosines = vectors @ vectors[tried.text]
    own = labels[tried.text]
    cosines[tried.text] = -np.inf
    if tried.trial.kind is Kind.ENTRY:
        cosines[labels == own] = -np.inf
    scores = LocalRidge(vectors, labels, int(labels.max()) + 1).scores(cosines)
    if tried.trial.kind is Kind.ENTRY:
        scores[own] = -np.inf
    winner = int(scores.argmax())
    return winner, gather(scores, Nearness(labels)(cosines), winner, RecordingListener.said)


@pytest.fixture(scope="module")
def tried() -> list[Tried]:
    """Return the trials of three entries, five negatives and four background questions."""
    return _try(random_units(len(LABELS)), LABELS, OWN)


def test_every_kind_is_tried(tried: list[Tried]) -> None:
    """In a small knowledge each text is tried once in every way it can be."""
    phrases = list(range(sum(SIZES)))
    assert _texts(tried, Kind.PHRASE) == phrases
    assert _texts(tried, Kind.ENTRY) == phrases
    assert _texts(tried, Kind.NEGATIVE) == list(range(sum(SIZES), OWN))
    assert _texts(tried, Kind.BACKGROUND) == list(range(OWN, len(LABELS)))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("phrases", [len(LABELS), 2 * len(SIZES)], ids=["all", "some"])
def test_a_trial_comes_out_as_in_the_live_matcher(
    phrases: int, seed: int, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same entry wins by the same evidence as where the ridge is solved for each utterance.

    That is so too where only some of an entry's phrases are tried.
    """
    monkeypatch.setattr(trials, "PHRASES", phrases)
    vectors = random_units(len(LABELS), seed)
    some = [each for each in _try(vectors, LABELS, OWN) if each.trial.kind is kind]
    assert some
    for each in some:
        winner, expected = _live(vectors, LABELS, each)
        found = each.trial.evidence
        assert each.winner == winner
        assert found.score == pytest.approx(expected.score, abs=1e-4)
        assert found.margin == pytest.approx(expected.margin, abs=1e-4)
        assert found.similarity == pytest.approx(expected.similarity, abs=1e-4)
        assert found.nearest_negative == pytest.approx(expected.nearest_negative, abs=1e-4)


def test_what_the_words_say_is_part_of_the_evidence(tried: list[Tried]) -> None:
    """Each trial holds what the listener says for the winner."""
    said = RecordingListener.said
    for evidence in (each.trial.evidence for each in tried):
        assert evidence.coverage == said.coverage
        assert evidence.uncovered == said.uncovered
        assert evidence.question_fit == said.question_fit


def test_only_a_phrase_that_finds_its_own_entry_is_right(tried: list[Tried]) -> None:
    """Any match without the entry, and any of a negative, is wrong."""
    for each in tried:
        found = each.winner == LABELS[each.text]
        assert each.trial.right == (each.trial.kind is Kind.PHRASE and found)


def test_a_phrase_among_its_like_is_right_and_one_among_others_wrong() -> None:
    """Phrases that lie together find each other; one that lies with another entry finds that."""
    sizes = (8, 8)
    labels, vectors = labels_of(*sizes), clusters(sizes)
    vectors[0] = vectors[-1]
    found = {each.text: each for each in _try(vectors, labels) if each.trial.kind is Kind.PHRASE}
    assert [text for text, each in sorted(found.items()) if not each.trial.right] == [0]
    assert found[0].winner == 1


def test_no_text_vouches_for_itself() -> None:
    """Where texts have nothing in common, none is near to anything once it is left out."""
    made = _try(np.eye(len(LABELS), dtype=np.float32), LABELS, OWN)
    assert {each.trial.evidence.similarity for each in made} == {0.0}
    assert {each.trial.evidence.nearest_negative for each in made} == {0.0}


def test_its_own_entry_hears_that_a_phrase_is_left_out(tried: list[Tried]) -> None:
    """Words are heard without the phrase by its own entry, and by no other for no other text."""
    for each in tried:
        own = each.trial.kind is Kind.PHRASE and each.winner == LABELS[each.text]
        assert each.left_out == own


def test_an_entry_left_out_never_wins(tried: list[Tried]) -> None:
    """The questions about an absent entry find another one."""
    absent = [each for each in tried if each.trial.kind is Kind.ENTRY]
    assert [each for each in absent if each.winner == LABELS[each.text]] == []


def test_a_phrase_beyond_those_tried_does_not_stand_for_an_absent_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An entry is left out with all of its phrases, however many more than are looked at."""
    monkeypatch.setattr(trials, "_OWN", 4)
    sizes = (12, 12)
    made = _try(clusters(sizes), labels_of(*sizes))
    absent = [each for each in made if each.trial.kind is Kind.ENTRY]
    assert absent
    for each in absent:
        assert each.winner == 1 - labels_of(*sizes)[each.text]
        assert each.trial.evidence.margin == 0


def test_a_text_is_tried_beside_what_is_nearest_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a block can't hold all, a negative and an absent entry still meet their likeness."""
    monkeypatch.setattr(trials, "_NEAR", 1)
    sizes = (8,) * 6
    centres = clusters(sizes)
    vectors = np.vstack([centres, centres[[5, 20]]])
    vectors[0] = centres[45]
    made = _try(vectors, labels_of(*sizes, negatives=2))
    winners = {(each.trial.kind, each.text): each.winner for each in made}
    assert winners[Kind.NEGATIVE, 48] == 0
    assert winners[Kind.NEGATIVE, 49] == 2
    assert winners[Kind.ENTRY, 0] == 5


def test_no_more_is_tried_than_the_limits_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large knowledge a sample of each kind is tried, from its beginning to its end."""
    for limit, most in {"BLOCKS": 4, "PHRASES": 8, "NEGATIVES": 5, "BACKGROUND": 3}.items():
        monkeypatch.setattr(trials, limit, most)
    labels = labels_of(*[8] * 10, negatives=50)
    made = _try(random_units(len(labels)), labels, own=len(labels) - 20)
    assert _counts(made) == {
        Kind.PHRASE: 8,
        Kind.ENTRY: 8,
        Kind.NEGATIVE: 5,
        Kind.BACKGROUND: 3,
    }
    entries = {int(labels[text]) for text in _texts(made, Kind.ENTRY)}
    assert len(entries) == 4
    assert {0, 9} < entries
    assert {80, 109} < set(_texts(made, Kind.NEGATIVE))
    assert {110, 129} < set(_texts(made, Kind.BACKGROUND))


def test_how_many_blocks_are_prepared_at_once_makes_no_difference(
    tried: list[Tried], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One block at a time gives the same trials."""
    monkeypatch.setattr(trials, "_AT_ONCE", 1)
    alone = _try(random_units(len(LABELS)), LABELS, OWN)
    assert [(each.text, each.winner) for each in alone] == [(t.text, t.winner) for t in tried]
    for one, other in zip(alone, tried, strict=True):
        assert one.trial.kind is other.trial.kind
        assert one.trial.evidence.score == pytest.approx(other.trial.evidence.score, abs=1e-5)


def test_trials_are_the_same_each_time(tried: list[Tried]) -> None:
    """Trying again, from the start or with new trials, changes nothing."""
    assert _try(random_units(len(LABELS)), LABELS, OWN) == tried
    listener = RecordingListener()
    stems = [["same"]] * len(LABELS)
    again = Trials(
        Corpus((("same",),) * len(LABELS), LABELS, OWN), random_units(len(LABELS)), stems, listener
    )
    assert list(again) == list(again)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param(labels_of(), {}, id="nothing"),
        pytest.param(labels_of(negatives=3), {}, id="negatives alone"),
        pytest.param(labels_of(1), {}, id="a lone phrase"),
        pytest.param(labels_of(8), {Kind.PHRASE: 8}, id="a lone entry"),
        pytest.param(
            labels_of(8, negatives=2), {Kind.PHRASE: 8, Kind.NEGATIVE: 2}, id="an entry, negatives"
        ),
        pytest.param(labels_of(1, negatives=1), {Kind.NEGATIVE: 1}, id="a phrase, a negative"),
        pytest.param(labels_of(1, 1, 1), {Kind.ENTRY: 3}, id="a phrase for each entry"),
        pytest.param(labels_of(1, 8), {Kind.PHRASE: 8, Kind.ENTRY: 9}, id="uneven entries"),
    ],
)
def test_a_meagre_knowledge_has_the_trials_it_can_have(
    labels: Labels, expected: dict[Kind, int]
) -> None:
    """A kind that can't be tried is missing, without an error."""
    made = _try(random_units(max(len(labels), 1))[: len(labels)], labels)
    assert _counts(made) == expected
    assert all(np.isfinite(each.trial.evidence.score) for each in made)


def test_a_lone_entry_always_finds_itself() -> None:
    """Where there is only one entry every left-out phrase is right, with no lead over another."""
    made = _try(random_units(8), labels_of(8))
    assert all(each.trial.right for each in made)
    assert {each.trial.evidence.margin for each in made} == {0.0}


def test_without_the_negatives_own_background_is_told_apart() -> None:
    """Background questions are tried as such though no negative was written."""
    made = _try(random_units(19), labels_of(8, 8, negatives=3), own=16)
    assert _texts(made, Kind.NEGATIVE) == []
    assert _texts(made, Kind.BACKGROUND) == [16, 17, 18]


def test_equal_texts_can_be_tried() -> None:
    """Repeated phrases, also across entries and negatives, give finite evidence."""
    made = _try(np.tile(random_units(1), (20, 1)), labels_of(8, 8, negatives=4))
    assert _counts(made) == {Kind.PHRASE: 16, Kind.ENTRY: 16, Kind.NEGATIVE: 4}
    assert all(np.isfinite(each.trial.evidence.score) for each in made)


def test_texts_without_a_vector_can_be_tried() -> None:
    """Phrases that say nothing, whose rows are zero, give finite evidence."""
    made = _try(np.zeros((18, 16), np.float32), labels_of(8, 8, negatives=2))
    assert {each.trial.evidence.similarity for each in made} == {0.0}
    assert all(np.isfinite(each.trial.evidence.score) for each in made)
