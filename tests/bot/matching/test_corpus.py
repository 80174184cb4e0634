"""The corpus: all phrases in order, and the background questions that are far from them."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.corpus import Corpus, build_corpus, encode, labelled
from bot.matching.encoder.static import load_static_encoder
from bot.matching.language import Language
from bot.matching.reading import Words
from tests.bot.matching.fakes import WordEncoder
from tests.bot.matching.library import phrased
from tests.bot.matching.vectors import labels_of

TEXTS: tuple[Words, ...] = (
    ("library", "hours"),
    ("opening", "times"),
    ("lost", "card"),
    ("coffee", "price"),
)
LABELS = labels_of(2, 1, negatives=1)
BACKGROUND = ("Times of the hours?", "How far is the MOON?", "Coffee on the moon!", "Stars")
MEANINGS = ("hours times opening library", "card lost", "coffee price", "moon stars far")


def _build(
    *meanings: str, texts: tuple[Words, ...] = TEXTS, questions: tuple[str, ...] = BACKGROUND
) -> Corpus:
    return build_corpus(texts, LABELS[: len(texts)], _language(questions), WordEncoder(*meanings))


def _language(background: tuple[str, ...]) -> Language:
    return Language("en", background=background)


def test_phrases_are_labelled_by_their_entries_and_negatives_stand_last() -> None:
    """Phrases come in the order of the entries; no negative and no unanswered one has an entry."""
    entries = [phrased("one", ("a", "b"), "x"), phrased("two", ("c",), "y")]
    phrases, labels = labelled(entries, ["z"])
    assert phrases == ["a", "b", "c", "x", "y", "z"]
    assert labels.tolist() == [0, 0, 1, -1, -1, -1]


def test_nothing_is_labelled_as_nothing() -> None:
    """Without entries and unanswered questions there are no phrases."""
    phrases, labels = labelled([], [])
    assert phrases == []
    assert labels.shape == (0,)


def test_without_an_encoder_no_background_is_added() -> None:
    """What can't be told from the knowledge base isn't taken for something else."""
    corpus = build_corpus(TEXTS, LABELS, _language(BACKGROUND), None)
    assert (corpus.texts, corpus.own, corpus.meanings) == (TEXTS, len(TEXTS), None)
    assert corpus.labels.tolist() == LABELS.tolist()


@pytest.mark.parametrize("meanings", ["none of them", "hours"])
def test_an_encoder_that_reads_another_language_is_left_aside(meanings: str) -> None:
    """Where it reads none or few of the texts there is neither meaning nor background."""
    corpus = _build(meanings, "moon stars far")
    assert (corpus.texts, corpus.meanings) == (TEXTS, None)


def test_background_questions_far_from_all_phrases_are_added() -> None:
    """They come last, normalised, in their order, without an entry."""
    corpus = _build(*MEANINGS)
    assert corpus.texts[: corpus.own] == TEXTS
    assert corpus.texts[corpus.own :] == (
        ("how", "far", "is", "the", "moon"),
        ("coffee", "on", "the", "moon"),
        ("stars",),
    )
    assert corpus.labels.tolist() == [*LABELS.tolist(), -1, -1, -1]


def test_a_background_question_near_a_phrase_is_not_taken() -> None:
    """What may be asked of the knowledge base is no background, whatever its words."""
    corpus = _build(*MEANINGS)
    assert ("times", "of", "the", "hours") not in corpus.texts


def test_a_background_question_near_a_negative_is_taken() -> None:
    """A negative is no more answered than the background is."""
    corpus = _build(*MEANINGS, questions=("Coffee!",))
    assert corpus.texts[corpus.own :] == (("coffee",),)


def test_each_text_has_its_meaning() -> None:
    """The rows are those of the texts, the background's included."""
    corpus = _build(*MEANINGS)
    assert corpus.meanings is not None
    expected = encode(WordEncoder(*MEANINGS), corpus.texts)
    np.testing.assert_array_equal(corpus.meanings, expected)
    assert len(corpus.texts) == len(corpus.labels) == len(corpus.meanings)


def test_a_language_without_background_has_meanings_all_the_same() -> None:
    """No background questions, no more texts."""
    corpus = _build(*MEANINGS, questions=())
    assert corpus.texts == TEXTS
    assert corpus.meanings is not None
    assert len(corpus.meanings) == len(TEXTS)


def test_a_corpus_of_no_texts_can_be_built() -> None:
    """A knowledge base without a phrase has only the background."""
    corpus = _build(*MEANINGS, texts=(), questions=("moon",))
    assert corpus.own == 0
    assert (corpus.labels == -1).all()


def test_words_are_encoded_as_a_text() -> None:
    """The encoder is given words with a space between, and nothing for none."""
    rows = encode(WordEncoder("card", "lost"), [("lost",), (), ("lost", "card")])
    np.testing.assert_allclose(rows, [[0, 1], [0, 0], [0.5**0.5, 0.5**0.5]], rtol=1e-6)


def test_an_encoder_made_for_other_languages_is_left_aside() -> None:
    """English pieces spell words of other languages too, and mean nothing there."""
    corpus = build_corpus(TEXTS, LABELS, Language("de"), load_static_encoder())
    assert corpus.meanings is None
