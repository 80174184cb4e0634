"""Fuse the cosines by stemmed words, letters and meaning between utterances and phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bot.matching.encoder import Encoder
from bot.matching.features import CosineIndex, Floats, character_grams

WORDS, LETTERS, MEANING = 0.15, 0.15, 0.70
"""The shares of the three cosines; without an encoder the first two share what there is."""

_SKETCH = 256


class Similarity:
    """Compare utterances, given as normalised words, with the n phrases they may mean."""

    def __init__(
        self,
        texts: Sequence[Sequence[str]],
        stemmer: Callable[[str], str],
        encoder: Encoder | None,
    ) -> None:
        self._stemmer = stemmer
        self._encoder = encoder
        total = WORDS + LETTERS + (MEANING if encoder else 0)
        self._words, self._letters, self._meaning = WORDS / total, LETTERS / total, MEANING / total
        self._by_words = CosineIndex(texts, self.stems)
        self._by_letters = CosineIndex(texts, character_grams)
        self._meanings = encoder.encode([" ".join(text) for text in texts]) if encoder else None

    def stems(self, words: Iterable[str]) -> list[str]:
        """Return the stems of normalised words."""
        return [self._stemmer(word) for word in words]

    def cosines(self, words: Sequence[str]) -> Floats:
        """Return the n fused cosines (up to 1) of an utterance to the phrases."""
        fused: Floats = self._words * self._by_words.cosines(words)
        fused += self._letters * self._by_letters.cosines(words)
        if self._encoder is not None and self._meanings is not None:
            fused += self._meaning * (self._meanings @ self._encoder.encode([" ".join(words)])[0])
        return fused

    def vectors(self) -> Floats:
        """Return n vectors whose dot products are about the fused cosines between the phrases."""
        parts = [
            np.sqrt(self._words) * self._by_words.sketch(_SKETCH),
            np.sqrt(self._letters) * self._by_letters.sketch(_SKETCH),
        ]
        if self._meanings is not None:
            parts.append(np.sqrt(self._meaning) * self._meanings)
        return np.hstack(parts).astype(np.float32)
