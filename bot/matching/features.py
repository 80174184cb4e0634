"""TF-IDF features of short texts, and the cosines between them, without scipy.

Term frequency is sublinear (1 + ln tf), inverse document frequency smooth
(ln((1 + n) / (1 + df)) + 1), vectors of length one: the formulas of scikit-learn's TfidfVectorizer.
"""

from __future__ import annotations

from array import array
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
class _Postings:
    """Hold, feature by feature, which texts have it with which weight.

    Those of feature f stand at starts[f]:starts[f + 1].
    """

    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    weights: Floats


class CosineIndex:
    """Give the cosine of a text to each of n indexed texts, all given as lists of words."""

    def __init__(self, texts: Sequence[Sequence[str]], analyse: Analyser) -> None:
        self._analyse = analyse
        self._size = len(texts)
        self._features: dict[str, int] = {}
        owners, features, frequencies = self._count(texts)
        documents = np.bincount(features, minlength=len(self._features))
        self._idf = (np.log((1 + self._size) / (1 + documents)) + 1).astype(np.float32)
        weights = (1 + np.log(frequencies)) * self._idf[features]
        lengths = np.sqrt(np.bincount(owners, np.square(weights), minlength=self._size))
        weights /= lengths[owners]
        order = np.argsort(features, kind="stable")
        starts = np.concatenate([[0], np.cumsum(documents, dtype=np.int64)])
        self._postings = _Postings(starts, owners[order], weights[order].astype(np.float32))

    def cosines(self, text: Sequence[str]) -> Floats:
        """Return n cosines (0-1) of the text to the indexed ones, unknown features left out."""
        known = [
            (self._features[feature], frequency)
            for feature, frequency in Counter(self._analyse(text)).items()
            if feature in self._features
        ]
        out = np.zeros(self._size, np.float32)
        if not known:
            return out
        features, frequencies = (np.array(column) for column in zip(*known, strict=True))
        weights = (1 + np.log(frequencies)) * self._idf[features]
        weights = (weights / np.sqrt(np.square(weights).sum())).astype(np.float32)
        starts, texts, values = self._postings.starts, self._postings.texts, self._postings.weights
        for feature, weight in zip(features.tolist(), weights, strict=True):
            part = slice(starts[feature], starts[feature + 1])
            out[texts[part]] += weight * values[part]
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
        owners = np.repeat(np.arange(count), np.diff(self._postings.starts))
        values = self._postings.weights * signs[owners]
        np.add.at(out, (self._postings.texts, places[owners]), values)
        return out

    def _count(
        self, texts: Sequence[Sequence[str]]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Return text, feature and frequency of each pair that occurs, and number the features."""
        owners, features, frequencies = array("i"), array("i"), array("i")
        for owner, text in enumerate(texts):
            counts = Counter(self._analyse(text))
            owners.extend([owner] * len(counts))
            features.extend(self._features.setdefault(f, len(self._features)) for f in counts)
            frequencies.extend(counts.values())
        return (
            np.array(owners, np.int32),
            np.array(features, np.int32),
            np.array(frequencies, np.float64),
        )
