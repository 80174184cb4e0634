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

_FREQUENT = 0.02
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

    def pairwise(self) -> Floats:
        """Return the n x n cosines between the indexed texts.

        Frequent features are multiplied as a dense block; the others pair up few texts each.
        """
        columns = self._columns
        counts = np.diff(columns.starts)
        frequent = np.flatnonzero(counts > max(8, _FREQUENT * self._size))
        dense = np.zeros((self._size, len(frequent)), np.float32)
        for place, feature in enumerate(frequent):
            part = slice(columns.starts[feature], columns.starts[feature + 1])
            dense[columns.features[part], place] = columns.weights[part]
        out: Floats = dense @ dense.T
        is_rare = np.ones(len(counts), bool)
        is_rare[frequent] = False
        _add_rare_pairs(out, columns, is_rare)
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


def _add_rare_pairs(out: Floats, columns: _Rows, is_rare: NDArray[np.bool_]) -> None:
    counts = np.diff(columns.starts)
    for size in np.unique(counts[is_rare & (counts > 0)]):
        chosen = np.flatnonzero(is_rare & (counts == size))
        places = columns.starts[chosen][:, None] + np.arange(size)
        rows, weights = columns.features[places], columns.weights[places]
        products = weights[:, :, None] * weights[:, None, :]
        flat = rows[:, :, None].astype(np.int64) * len(out) + rows[:, None, :]
        np.add.at(out.reshape(-1), flat.ravel(), products.ravel())
