"""TF-IDF features of short texts, and the cosines between them, without scipy.

Term frequency is sublinear (1 + ln tf), inverse document frequency smooth
(ln((1 + n) / (1 + df)) + 1), vectors of length one: the formulas of scikit-learn's TfidfVectorizer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.draws import draws

Floats = NDArray[np.float32]
Analyser = Callable[[str], Iterable[str]]

_LONGEST_GRAM = 5


def character_grams(word: str) -> Iterable[str]:
    """Yield the character 2-5-grams of a word with a space at either end."""
    bounded = f" {word} "
    for size in range(2, _LONGEST_GRAM + 1):
        if len(bounded) <= size:
            yield bounded
            break
        for start in range(len(bounded) - size + 1):
            yield bounded[start : start + size]


@dataclass(frozen=True, slots=True)
class _Postings:
    """Hold, feature by feature, which texts have it with which weight.

    Those of feature f stand at starts[f]:starts[f + 1].
    """

    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    weights: Floats


@dataclass(frozen=True, slots=True)
class Sketch:
    """Hold vectors of which few numbers aren't 0; those of vector v stand at starts[v]:starts[v+1].

    `places` are the dimensions of the values. One that occurs again adds to the first.
    """

    dimensions: int
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    values: Floats

    def __getitem__(self, numbers: NDArray[np.intp]) -> Floats:
        """Return m x d rows: the vectors with m numbers."""
        sizes = self.starts[numbers + 1] - self.starts[numbers]
        rows = np.repeat(np.arange(len(numbers)), sizes)
        firsts = self.starts[numbers] - np.cumsum(sizes) + sizes
        found = firsts[rows] + np.arange(len(rows))
        dense = np.zeros(len(numbers) * self.dimensions, np.float32)
        np.add.at(dense, rows * self.dimensions + self.places[found], self.values[found])
        return dense.reshape(len(numbers), self.dimensions)

    def dense(self) -> Floats:
        """Return all n x d rows."""
        return self[np.arange(len(self.starts) - 1)]


class CosineIndex:
    """Give the cosine of a text to each of n indexed texts, all given as lists of words.

    `analyse` gives the features of one word; a text has those of its words.
    """

    def __init__(self, texts: Sequence[Sequence[str]], analyse: Analyser) -> None:
        self._analyse = analyse
        self._size = len(texts)
        self._features: dict[str, int] = {}
        features, owners, frequencies = self._count(texts)
        documents = np.bincount(features, minlength=len(self._features))
        self._idf = (np.log((1 + self._size) / (1 + documents)) + 1).astype(np.float32)
        weights = (1 + np.log(frequencies)) * self._idf[features]
        weights /= np.sqrt(np.bincount(owners, np.square(weights), minlength=self._size))[owners]
        starts = np.concatenate([[0], np.cumsum(documents, dtype=np.int64)])
        self._postings = _Postings(starts, owners.astype(np.int32), weights.astype(np.float32))

    def cosines(self, text: Sequence[str]) -> Floats:
        """Return n cosines (0-1) of the text to the indexed ones, unknown features left out."""
        counts = Counter(
            number
            for word in text
            for feature in self._analyse(word)
            if (number := self._features.get(feature)) is not None
        )
        out = np.zeros(self._size, np.float32)
        if not counts:
            return out
        features = np.fromiter(counts, np.int64, len(counts))
        frequencies = np.fromiter(counts.values(), np.float32, len(counts))
        weights = (1 + np.log(frequencies)) * self._idf[features]
        weights /= np.sqrt(np.square(weights).sum())
        starts, texts, values = self._postings.starts, self._postings.texts, self._postings.weights
        for feature, weight in zip(features.tolist(), weights, strict=True):
            part = slice(starts[feature], starts[feature + 1])
            out[texts[part]] += weight * values[part]
        return out

    def sketch(self, dimensions: int) -> Sketch:
        """Return n vectors of d dimensions whose dot products are about the texts' cosines.

        Each feature goes to one random dimension with a random sign (a count sketch; Weinberger et
        al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009).
        """
        count = len(self._idf)
        drawn = draws(2 * count)
        places = (drawn[:count] * dimensions >> 32).astype(np.int32)
        signs = np.where(drawn[count:] >> 31, np.float32(1), np.float32(-1))
        order = np.argsort(self._postings.texts, kind="stable")
        features = np.repeat(np.arange(count), np.diff(self._postings.starts))[order]
        sizes = np.bincount(self._postings.texts, minlength=self._size)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        values = self._postings.weights[order] * signs[features]
        return Sketch(dimensions, starts, places[features], values)

    def _count(
        self, texts: Sequence[Sequence[str]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return feature, text and frequency of each pair that occurs, in order, and number all.

        A word is analysed once, however many texts have it.
        """
        words: dict[str, int] = {}
        tokens = np.array([words.setdefault(w, len(words)) for t in texts for w in t], np.int64)
        analysed = [list(self._analyse(word)) for word in words]
        for feature in (each for features in analysed for each in features):
            self._features.setdefault(feature, len(self._features))
        numbers = np.array([self._features[f] for each in analysed for f in each], np.int64)
        sizes = np.array([len(each) for each in analysed], np.int64)
        owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        ends = np.cumsum(sizes)
        counts = sizes[tokens] if words else tokens
        total = int(counts.sum())
        shifts = np.repeat((ends - sizes)[tokens] - (np.cumsum(counts) - counts), counts)
        pairs = numbers[shifts + np.arange(total)] * len(texts) + np.repeat(owners, counts)
        pairs.sort()
        firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
        features, found = np.divmod(pairs[firsts], max(len(texts), 1))
        return features, found, np.diff(firsts, append=total)
