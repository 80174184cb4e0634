"""Similarity: cosines by words, letters and meaning in one."""

from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.stemming import Stemmer
from bot.matching.corpus import build_corpus, encode, labelled
from bot.matching.encoder import Encoder
from bot.matching.features import CosineIndex, character_grams
from bot.matching.language import Language
from bot.matching.normalise import words
from bot.matching.reading import Words
from bot.matching.similarity import LETTERS, MEANING, Similarity
from tests.bot.matching.fakes import WordEncoder
from tests.bot.matching.library import ENTRIES, UNANSWERED

PHRASES, LABELS = labelled(ENTRIES, UNANSWERED)
TEXTS: tuple[Words, ...] = tuple(tuple(words(phrase)) for phrase in PHRASES)
READS = WordEncoder(
    "library building", "card membership", "book books", "open hours close", "lost stolen lose"
)
FOREIGN = WordEncoder("bibliothek", "karte")
ASKED: Words = ("i", "lost", "my", "library", "card")
ENCODERS = [
    pytest.param(None, id="letters"),
    pytest.param(READS, id="meaning"),
    pytest.param(FOREIGN, id="an encoder of another language"),
]


def _similarity(encoder: Encoder | None, background: tuple[str, ...] = ()) -> Similarity:
    corpus = build_corpus(TEXTS, LABELS, Language("en", background=background), encoder)
    return Similarity(corpus, Stemmer("en"), encoder)


def _stemmed() -> CosineIndex:
    stem = Stemmer("en")
    return CosineIndex(TEXTS, lambda word: (stem(word),))


@pytest.mark.parametrize("encoder", [None, FOREIGN])
def test_letters_take_part_where_no_encoder_reads(encoder: Encoder | None) -> None:
    """Without meaning the cosine is shared between stemmed words and letters."""
    letters = CosineIndex(TEXTS, character_grams).cosines(ASKED)
    expected = (1 - LETTERS) * _stemmed().cosines(ASKED) + LETTERS * letters
    np.testing.assert_allclose(_similarity(encoder).cosines(ASKED), expected, atol=1e-6)


def test_meaning_takes_part_where_an_encoder_reads() -> None:
    """With meaning the cosine is shared between stemmed words and the encoder's."""
    meaning = encode(READS, TEXTS) @ encode(READS, [ASKED])[0]
    expected = (1 - MEANING) * _stemmed().cosines(ASKED) + MEANING * meaning
    np.testing.assert_allclose(_similarity(READS).cosines(ASKED), expected, atol=1e-6)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_nothing_is_nearer_than_the_text_itself(encoder: Encoder | None) -> None:
    """A text that is read as a whole has a cosine of one to itself, and none above to another."""
    similarity, number = _similarity(encoder), TEXTS.index(("i", "lost", "my", "card"))
    cosines = similarity.cosines(TEXTS[number])
    assert cosines[number] == pytest.approx(1, abs=1e-6)
    assert cosines.max() <= 1 + 1e-6


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_text_without_words_is_near_to_nothing(encoder: Encoder | None) -> None:
    """No words, no cosine."""
    assert not _similarity(encoder).cosines(()).any()


@pytest.mark.parametrize("encoder", ENCODERS)
def test_words_that_nobody_knows_are_near_to_nothing(encoder: Encoder | None) -> None:
    """What shares neither word nor letters nor meaning with any text has no cosine."""
    assert not _similarity(encoder).cosines(("\u0645\u0643\u062a\u0628",)).any()


@pytest.mark.parametrize("encoder", ENCODERS)
def test_dot_products_of_the_vectors_are_about_the_cosines(encoder: Encoder | None) -> None:
    """What the texts are to each other by the vectors is about what they are by the cosines."""
    similarity = _similarity(encoder)
    exact = np.array([similarity.cosines(text) for text in TEXTS])
    rows = similarity[np.arange(len(TEXTS))]
    assert np.abs(rows @ rows.T - exact).mean() < 0.1


@pytest.mark.parametrize("encoder", ENCODERS)
def test_background_questions_are_compared_like_phrases(encoder: Encoder | None) -> None:
    """There is a vector and a cosine for each text of the corpus, wherever it comes from."""
    corpus = build_corpus(
        TEXTS, LABELS, Language("en", background=("How far is the moon?",)), encoder
    )
    similarity = _similarity(encoder, ("How far is the moon?",))
    last = len(corpus.texts) - 1
    assert similarity[np.array([last])].any()
    assert len(similarity.cosines(ASKED)) == last + 1


def test_a_paraphrase_is_near_by_its_meaning() -> None:
    """Other words for the same thing are near only where an encoder reads them."""
    number = TEXTS.index(("card", "stolen", "or", "lost"))
    asked: Words = ("lose", "membership")
    assert _similarity(READS).cosines(asked)[number] > MEANING / 2
    assert _similarity(None).cosines(asked)[number] < MEANING / 2


def test_a_slip_is_near_by_its_letters() -> None:
    """Without an encoder a misspelt word is near to the texts that spell it well."""
    cosines = _similarity(None).cosines(("membershipp",))
    assert PHRASES[int(cosines.argmax())] == "how can I apply for membership"


def test_words_of_one_stem_are_one_word() -> None:
    """A text is as near in the singular as in the plural, by its words."""
    similarity = _similarity(FOREIGN)
    assert similarity.stems(["cards", "card", "opening"]) == ["card", "card", "open"]
    np.testing.assert_array_equal(_stemmed().cosines(["cards"]), _stemmed().cosines(["card"]))


@pytest.mark.parametrize("quick", [True, False])
def test_only_an_encoder_that_is_used_makes_it_slow(quick: bool) -> None:
    """Words and letters are quick to compare; meaning is as quick as its encoder."""
    assert not _similarity(None).slow
    assert not _similarity(WordEncoder("bibliothek", quick=quick)).slow
    assert _similarity(WordEncoder("library card book open", quick=quick)).slow is not quick


@pytest.mark.parametrize("encoder", ENCODERS)
def test_similarity_is_the_same_each_time(encoder: Encoder | None) -> None:
    """Two similarities of the same texts agree to the digit."""
    first, second = _similarity(encoder), _similarity(encoder)
    numbers = np.arange(len(TEXTS))
    np.testing.assert_array_equal(first[numbers], second[numbers])
    np.testing.assert_array_equal(first.cosines(ASKED), second.cosines(ASKED))
