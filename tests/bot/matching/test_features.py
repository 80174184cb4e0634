"""TF-IDF features: the cosines are those of the textbook, the sketch is about the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import CosineIndex, character_grams

Text = Sequence[str]
TEXTS: list[list[str]] = [
    ["where", "is", "the", "library"],
    ["when", "is", "the", "library", "open"],
    ["where", "where", "is", "my", "card"],
    ["renew", "a", "card"],
    [],
]
WORDS = st.lists(
    st.sampled_from(["where", "when", "is", "the", "library", "open", "card", "renew", "my"])
)


def _words(text: Text) -> Text:
    return text


def _reference(texts: Sequence[Text], query: Text) -> list[float]:
    """Return the cosines worked out word by word in double precision."""
    frequency = Counter(word for text in texts for word in set(text))
    size = len(texts)

    def vector(text: Text) -> dict[str, float]:
        weights = {
            word: (1 + math.log(count)) * (math.log((1 + size) / (1 + frequency[word])) + 1)
            for word, count in Counter(text).items()
            if word in frequency
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    asked = vector(query)
    return [sum(asked.get(w, 0.0) * weight for w, weight in vector(t).items()) for t in texts]


def test_the_cosine_of_two_texts_is_that_worked_out_by_hand() -> None:
    """Two texts that share one of two words, each word's weight by the smooth formula."""
    index = CosineIndex([["oak", "tree"], ["pine", "tree"]], _words)
    rare, common = math.log(3 / 2) + 1, math.log(3 / 3) + 1
    expected = common**2 / (rare**2 + common**2)
    np.testing.assert_allclose(index.cosines(["oak", "tree"]), [1, expected], rtol=1e-6)


@given(WORDS)
def test_cosines_agree_with_the_reference(query: list[str]) -> None:
    """Sublinear frequency, smooth idf and unit length give the textbook's cosines."""
    found = CosineIndex(TEXTS, _words).cosines(query)
    np.testing.assert_allclose(found, _reference(TEXTS, query), atol=1e-6)


def test_unknown_words_change_nothing() -> None:
    """A word that no indexed text has adds nothing and takes nothing away."""
    index = CosineIndex(TEXTS, _words)
    np.testing.assert_array_equal(index.cosines(["library", "unheard"]), index.cosines(["library"]))


@pytest.mark.parametrize("query", [[], ["unheard"]])
def test_nothing_known_is_near_to_nothing(query: list[str]) -> None:
    """A text without a known word has cosine 0 to all."""
    assert CosineIndex(TEXTS, _words).cosines(query).tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("texts", [[], [[], []]])
def test_texts_without_words_can_be_indexed(texts: list[list[str]]) -> None:
    """An index of nothing answers with zeros of the right shape."""
    index = CosineIndex(texts, _words)
    assert index.cosines(["library"]).tolist() == [0] * len(texts)
    assert not index.sketch(8).any()


def test_a_sketch_keeps_about_the_cosines() -> None:
    """Dot products of the sketches are near the cosines, exactly one on the diagonal or near."""
    texts = [f"{a} {b} {c}".split() for a in "abcdef" for b in "ghijk" for c in "lmnop"]
    index = CosineIndex(texts, _words)
    sketch = index.sketch(256)
    exact = np.array([index.cosines(text) for text in texts])
    assert sketch.shape == (len(texts), 256)
    assert np.abs(sketch @ sketch.T - exact).mean() < 0.02


def test_a_sketch_is_the_same_each_time() -> None:
    """Two indexes of the same texts give the same sketch, so that answers don't change."""
    first, second = (CosineIndex(TEXTS, _words).sketch(64) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_character_grams_are_bounded_by_spaces() -> None:
    """A word gives its runs of two to five characters, its ends marked by spaces."""
    assert sorted(character_grams(["ab"])) == sorted([" a", "ab", "b ", " ab", "ab ", " ab "])


def test_character_grams_of_nothing_are_none() -> None:
    """No words, no grams; an empty word gives its bounds alone."""
    assert list(character_grams([])) == []
    assert list(character_grams([""])) == ["  "]
