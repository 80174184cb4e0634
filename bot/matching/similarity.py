"""Fuse the cosines by stemmed words, letters and meaning between utterances and phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bot.matching.encoder import Encoder
from bot.matching.features import CosineIndex, Floats, character_grams

WORDS, LETTERS, MEANING = 0.15, 0.15, 0.70
"""The shares of the three cosines; without an encoder the first two share what there is."""

_SKETCH = 256
_TASTE = 200


class Similarity:
    """Compare utterances, given as normalised words, with the n phrases they may mean."""

    def __init__(
        self,
        texts: Sequence[Sequence[str]],
        stemmer: Callable[[str], str],
        encoder: Encoder | None,
    ) -> None:
        self._stemmer = stemmer
        self._encoder = encoder if encoder and _reads(encoder, texts) else None
        total = WORDS + LETTERS + (MEANING if self._encoder else 0)
        self._words, self._letters, self._meaning = WORDS / total, LETTERS / total, MEANING / total
        self._by_words = CosineIndex(texts, self.stems)
        self._by_letters = CosineIndex(texts, character_grams)
        self.vectors = self._fused_vectors(texts)
        """n rows whose dot products are about the fused cosines between the phrases."""

    def stems(self, words: Iterable[str]) -> list[str]:
        """Return the stems of normalised words."""
        return [self._stemmer(word) for word in words]

    def cosines(self, words: Sequence[str]) -> Floats:
        """Return the n fused cosines (up to 1) of an utterance to the phrases."""
        fused: Floats = self._words * self._by_words.cosines(words)
        fused += self._letters * self._by_letters.cosines(words)
        if self._encoder is not None:
            meanings = self.vectors[:, 2 * _SKETCH :]
            meaning = self._encoder.encode([" ".join(words)])[0]
            fused += np.sqrt(self._meaning) * (meanings @ meaning)
        return fused

    def _fused_vectors(self, texts: Sequence[Sequence[str]]) -> Floats:
        size = 2 * _SKETCH + (self._encoder.dimensions if self._encoder else 0)
        vectors = np.empty((len(texts), size), np.float32)
        vectors[:, :_SKETCH] = np.sqrt(self._words) * self._by_words.sketch(_SKETCH)
        letters = np.sqrt(self._letters) * self._by_letters.sketch(_SKETCH)
        vectors[:, _SKETCH : 2 * _SKETCH] = letters
        if self._encoder is not None:
            meanings = self._encoder.encode([" ".join(text) for text in texts])
            vectors[:, 2 * _SKETCH :] = np.sqrt(self._meaning) * meanings
        return vectors


def _reads(encoder: Encoder, texts: Sequence[Sequence[str]]) -> bool:
    """Tell whether an encoder knows the language: it reads most of a sample of the texts."""
    sample = [" ".join(text) for text in texts[:_TASTE]]
    return bool(np.count_nonzero(encoder.encode(sample).any(axis=1)) * 2 >= len(sample))
