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

Floats = NDArray[np.float32]
Analyser = Callable[[Sequence[str]], Iterable[str]]

_LONGEST_GRAM = 5


def character_grams(words: Sequence[str]) -> Iterable[str]:
    """Yield the character 2-5-grams of each word with a space at either end."""
    for word in words:
        bounded = f" {word} "
        for size in range(2, _LONGEST_GRAM + 1):
            if len(bounded) <= size:
                yield bounded
                break
            for start in range(len(bounded) - size + 1):
                yield bounded[start : start + size]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hold sparse rows: the features and weights of row i stand at starts[i]:starts[i + 1]."""

    starts: NDArray[np.int64]
    features: NDArray[np.int32]
    weights: Floats


class CosineIndex:
    """Give the cosine of a text to each of n indexed texts, all given as lists of words."""

    def __init__(self, texts: Sequence[Sequence[str]], analyse: Analyser) -> None:
        self._analyse = analyse
        self._size = len(texts)
        counted = [Counter(analyse(text)) for text in texts]
        documents = Counter(feature for counts in counted for feature in counts)
        self._features = {feature: number for number, feature in enumerate(sorted(documents))}
        frequencies = np.array([documents[feature] for feature in self._features], np.float32)
        self._idf = (np.log((1 + self._size) / (1 + frequencies)) + 1).astype(np.float32)
        rows = self._rows(counted)
        self._columns = _transposed(rows, len(self._features))

    def cosines(self, text: Sequence[str]) -> Floats:
        """Return n cosines (0-1) of the text to the indexed ones."""
        features, weights = self._vector(Counter(self._analyse(text)))
        out = np.zeros(self._size, np.float32)
        starts, rows, values = self._columns.starts, self._columns.features, self._columns.weights
        for feature, weight in zip(features, weights, strict=True):
            part = slice(starts[feature], starts[feature + 1])
            out[rows[part]] += weight * values[part]
        return out

    def sketch(self, dimensions: int) -> Floats:
        """Return n x d vectors whose dot products are about the cosines between the texts.

        Each feature goes to one random dimension with a random sign (a count sketch; Weinberger et
        al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009).
        """
        random = np.random.default_rng(seed=0)
        count = len(self._idf)
        places = random.integers(0, dimensions, count)
        signs = random.choice(np.array([-1, 1], np.float32), count)
        out = np.zeros((self._size, dimensions), np.float32)
        columns = self._columns
        owners = np.repeat(np.arange(count), np.diff(columns.starts))
        np.add.at(out, (columns.features, places[owners]), columns.weights * signs[owners])
        return out

    def _rows(self, counted: Sequence[Counter[str]]) -> _Rows:
        vectors = [self._vector(counts) for counts in counted]
        lengths = [len(features) for features, _ in vectors]
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        return _Rows(
            starts,
            np.concatenate([features for features, _ in vectors] or [np.zeros(0, np.int32)]),
            np.concatenate([weights for _, weights in vectors] or [np.zeros(0, np.float32)]),
        )

    def _vector(self, counts: Counter[str]) -> tuple[NDArray[np.int32], Floats]:
        """Return the known features of a text with weights; unknown ones only add to its length."""
        known = [(self._features[f], tf) for f, tf in counts.items() if f in self._features]
        if not known:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        features = np.array([feature for feature, _ in known], np.int32)
        frequencies = np.array([tf for _, tf in known], np.float32)
        weights = (1 + np.log(frequencies)) * self._idf[features]
        weights /= np.sqrt(np.square(weights).sum())
        return features, weights.astype(np.float32)


def _transposed(rows: _Rows, width: int) -> _Rows:
    order = np.argsort(rows.features, kind="stable")
    counts = np.bincount(rows.features, minlength=width)
    owners = np.repeat(np.arange(len(rows.starts) - 1, dtype=np.int32), np.diff(rows.starts))
    starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return _Rows(starts, owners[order], rows.weights[order])
