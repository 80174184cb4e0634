"""TF-IDF features: the cosines are those of the textbook, the sketch is about the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import Analyser, CosineIndex, character_grams

Text = Sequence[str]
TEXTS: list[list[str]] = [
    ["where", "is", "the", "library"],
    ["when", "is", "the", "library", "open"],
    ["where", "where", "is", "my", "card"],
    ["renew", "a", "card"],
    [],
]
WORDS = st.lists(
    st.sampled_from(["where", "when", "is", "the", "library", "open", "card", "renew", "unheard"])
)


def whole(word: str) -> Iterable[str]:
    """Take a word as its only feature."""
    return (word,)


def twice(word: str) -> Iterable[str]:
    """Give a word's first letter twice and nothing for a word without one."""
    return word[:1] * 2


class CountingAnalyser:
    """Take a word as its only feature, and count how often each was asked for."""

    def __init__(self) -> None:
        self.asked = Counter[str]()

    def __call__(self, word: str) -> Iterable[str]:
        """Return the word."""
        self.asked[word] += 1
        return (word,)


def _reference(texts: Sequence[Text], query: Text, analyse: Analyser) -> list[float]:
    """Return the cosines worked out feature by feature in double precision."""
    indexed = [Counter(f for word in text for f in analyse(word)) for text in texts]
    frequency = Counter(feature for counts in indexed for feature in counts)

    def vector(counts: Counter[str]) -> dict[str, float]:
        weights = {
            f: (1 + math.log(count)) * (math.log((1 + len(texts)) / (1 + frequency[f])) + 1)
            for f, count in counts.items()
            if f in frequency
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {f: weight / length for f, weight in weights.items()}

    asked = vector(Counter(feature for word in query for feature in analyse(word)))
    return [sum(asked.get(f, 0.0) * weight for f, weight in vector(c).items()) for c in indexed]


def test_the_cosine_of_two_texts_is_that_worked_out_by_hand() -> None:
    """Two texts that share one of two words, each word's weight by the smooth formula."""
    index = CosineIndex([["oak", "tree"], ["pine", "tree"]], whole)
    rare, common = math.log(3 / 2) + 1, math.log(3 / 3) + 1
    expected = common**2 / (rare**2 + common**2)
    np.testing.assert_allclose(index.cosines(["oak", "tree"]), [1, expected], rtol=1e-6)


@pytest.mark.parametrize("analyse", [whole, character_grams, twice])
@given(query=WORDS)
def test_cosines_agree_with_the_reference(analyse: Analyser, query: list[str]) -> None:
    """Sublinear frequency, smooth idf and unit length give the textbook's cosines."""
    found = CosineIndex(TEXTS, analyse).cosines(query)
    np.testing.assert_allclose(found, _reference(TEXTS, query, analyse), atol=1e-5)


@given(st.lists(WORDS, max_size=6), WORDS)
def test_any_texts_agree_with_the_reference(texts: list[list[str]], query: list[str]) -> None:
    """Repeated, empty and equal texts are indexed like any others."""
    found = CosineIndex(texts, character_grams).cosines(query)
    np.testing.assert_allclose(found, _reference(texts, query, character_grams), atol=1e-5)


def test_a_word_is_analysed_once_however_many_texts_have_it() -> None:
    """Indexing takes a word apart the first time it comes."""
    analyse = CountingAnalyser()
    CosineIndex([*TEXTS, *TEXTS], analyse)
    assert analyse.asked == Counter({word for text in TEXTS for word in text})


def test_unknown_words_change_nothing() -> None:
    """A word that no indexed text has adds nothing and takes nothing away."""
    index = CosineIndex(TEXTS, whole)
    np.testing.assert_array_equal(index.cosines(["library", "unheard"]), index.cosines(["library"]))


@pytest.mark.parametrize("query", [[], ["unheard"]])
def test_nothing_known_is_near_to_nothing(query: list[str]) -> None:
    """A text without a known word has cosine 0 to all."""
    assert CosineIndex(TEXTS, whole).cosines(query).tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("texts", [[], [[], []], [[""], []]])
@pytest.mark.parametrize("analyse", [whole, character_grams, twice])
def test_texts_without_words_can_be_indexed(texts: list[list[str]], analyse: Analyser) -> None:
    """An index of nothing answers with zeros of the right shape."""
    index = CosineIndex(texts, analyse)
    assert index.cosines(["library"]).tolist() == [0] * len(texts)
    assert index.sketch(8).dense().shape == (len(texts), 8)


def test_an_empty_text_is_near_to_nothing_and_has_no_sketch() -> None:
    """A text without words has cosine 0 to any, and a sketch of zeros."""
    index = CosineIndex(TEXTS, whole)
    assert index.cosines(["where", "card"])[-1] == 0
    assert not index.sketch(8).dense()[-1].any()


@pytest.mark.parametrize("analyse", [whole, character_grams])
def test_a_sketch_keeps_about_the_cosines(analyse: Analyser) -> None:
    """Dot products of the sketches are near the cosines, of a text with itself near one."""
    texts = [
        [first, second, third]
        for first in ("when", "where", "who", "why", "how")
        for second in ("lake", "river", "oak", "pine", "moon", "stone")
        for third in ("library", "museum", "garden", "office")
    ]
    index = CosineIndex(texts, analyse)
    sketch = index.sketch(512).dense()
    exact = np.array([index.cosines(text) for text in texts])
    assert sketch.shape == (len(texts), 512)
    assert np.abs(sketch @ sketch.T - exact).mean() < 0.05
    np.testing.assert_allclose(np.square(sketch).sum(axis=1).mean(), 1, atol=0.05)


def test_a_sketch_is_the_same_each_time() -> None:
    """Two indexes of the same texts give the same sketch, so that answers don't change."""
    first, second = (CosineIndex(TEXTS, whole).sketch(64).dense() for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_rows_of_a_sketch_are_those_of_the_whole() -> None:
    """Any rows can be asked for, in any order, none and twice."""
    sketch = CosineIndex(TEXTS, character_grams).sketch(16)
    for numbers in ([], [4], [2, 0, 2, 3]):
        chosen = np.array(numbers, np.intp)
        np.testing.assert_array_equal(sketch[chosen], sketch.dense()[chosen])


def test_character_grams_are_bounded_by_spaces() -> None:
    """A word gives its runs of two to five characters, its ends marked by spaces."""
    assert sorted(character_grams("ab")) == sorted([" a", "ab", "b ", " ab", "ab ", " ab "])


def test_a_long_word_has_no_gram_of_more_than_five_characters() -> None:
    """A long word gives its parts, not itself."""
    grams = list(character_grams("library"))
    assert {len(gram) for gram in grams} == {2, 3, 4, 5}
    assert {" libr", "brary", "rary "} < set(grams)


@pytest.mark.parametrize("word", ["", "a", "abc", "abcd", "library"])
def test_each_run_of_characters_comes_once_for_each_place(word: str) -> None:
    """No gram is given twice for one place, not even the whole word."""
    bounded = f" {word} "
    runs = [
        bounded[start : start + size]
        for size in range(2, 6)
        for start in range(len(bounded) - size + 1)
    ]
    assert Counter(character_grams(word)) == Counter(runs)
