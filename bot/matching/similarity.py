"""Fuse the cosines by words, letters and meaning between utterances and phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from bot.matching.corpus import Corpus, encode
from bot.matching.encoder import Encoder
from bot.matching.features import CosineIndex, Floats, character_grams
from bot.matching.reading import Words
from bot.matching.ridge import Numbers

MEANING = 0.85
"""The share of the meaning; the stemmed words have the rest."""

LETTERS = 0.5
"""The share of the letters where no encoder reads the language; beside one they add nothing."""

_SKETCH = 128


class Similarity:
    """Compare utterances, given as normalised words, with the n texts of a corpus.

    The corpus' meanings, if it has any, are the encoder's. They are taken over and changed: a copy
    would be megabytes.
    """

    def __init__(
        self, corpus: Corpus, stemmer: Callable[[str], str], encoder: Encoder | None
    ) -> None:
        self._stem = stemmer
        self._encoder = encoder if corpus.meanings is not None else None
        self._by_words = CosineIndex(corpus.texts, lambda word: (stemmer(word),))
        self._by_letters = None if self._encoder else CosineIndex(corpus.texts, character_grams)
        other = LETTERS if corpus.meanings is None else MEANING
        self._share, self._root = np.float32(1 - other), np.float32(np.sqrt(other))
        self._sketch = self._by_words.sketch(_SKETCH)
        self._rest = self._beside_words(corpus)
        self._rest *= self._root

    def __getitem__(self, numbers: Numbers) -> Floats:
        """Return a row for each of some texts; dot products are about the fused cosines between."""
        rows = np.empty((len(numbers), _SKETCH + self._rest.shape[1]), np.float32)
        np.multiply(self._sketch[numbers], np.sqrt(self._share), out=rows[:, :_SKETCH])
        rows[:, _SKETCH:] = self._rest[numbers]
        return rows

    @property
    def slow(self) -> bool:
        """Tell whether reading an utterance takes milliseconds."""
        return self._encoder is not None and not self._encoder.quick

    def stems(self, words: Iterable[str]) -> list[str]:
        """Return the stems of normalised words."""
        return [self._stem(word) for word in words]

    def cosines(self, words: Words) -> Floats:
        """Return the n fused cosines (up to 1) of an utterance to the texts."""
        fused: Floats = self._share * self._by_words.cosines(words)
        if self._encoder is not None:
            meaning = self._root * encode(self._encoder, [words])[0]
            fused += self._rest @ meaning
        elif self._by_letters is not None:
            fused += np.float32(LETTERS) * self._by_letters.cosines(words)
        return fused

    def _beside_words(self, corpus: Corpus) -> Floats:
        """Return n rows of the meanings or of the letters."""
        if corpus.meanings is not None:
            return corpus.meanings
        if self._by_letters is not None:
            return self._by_letters.sketch(2 * _SKETCH).dense()
        return np.zeros((len(corpus.texts), 0), np.float32)
