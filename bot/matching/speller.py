"""Correct spelling word by word against the knowledge base's own vocabulary."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.lexicon import Lexicon

_SHORTEST = 3
_LONG = 8
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class WordList:
    """Hold the words of a language: `common` ones to correct towards, `known` to leave alone.

    `others` are further words to leave alone, a few.
    """

    common: Lexicon = field(default_factory=Lexicon)
    known: Lexicon = field(default_factory=Lexicon)
    others: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        """Tell whether the language has the word."""
        return word in self.others or word in self.common or word in self.known


@lru_cache(maxsize=8)
def read_word_list(language: str) -> WordList:
    """Return the packaged word list of a language, empty where there is none."""
    resource = files("bot.matching") / "words" / f"{language}.txt.gz"
    if not resource.is_file():
        return WordList()
    common, _, known = gzip.decompress(resource.read_bytes()).decode().partition("\n\n")
    return WordList(Lexicon(f"{common}\n"), Lexicon(known))


class Speller:
    """Replace words that neither the knowledge base nor the language knows by the nearest one.

    Nearest is by optimal string alignment (an insertion, deletion, substitution or swap of
    neighbours costs 1): up to 1 for words of three to seven letters, up to 2 above. Ties go to the
    knowledge base's words, counted in `vocabulary`; then to those of the same letters (doubled or
    swapped), then to the more frequent. Three letters may be any abbreviation: they only get a
    letter back, or two in order, by a word of the knowledge base, where the language's words are
    known.
    """

    def __init__(self, vocabulary: Iterable[str], language_words: WordList) -> None:
        self._counts = Counter(vocabulary)
        self._language_words = language_words
        self._own = _Pool(Lexicon.of(self._counts))
        self._common = _pool(language_words.common)
        self.correct = lru_cache(_REMEMBERED)(self._correct)

    def __call__(self, words: Iterable[str]) -> list[str]:
        """Return the words with unknown ones corrected where a near word exists."""
        return [self.correct(word) for word in words]

    def knows(self, word: str) -> bool:
        """Tell whether a normalised word is left as it is."""
        return word in self._counts or word in self._language_words

    def _correct(self, word: str) -> str:
        if len(word) < _SHORTEST or self.knows(word) or not word.isalpha():
            return word
        reach = 2 if len(word) >= _LONG else 1
        candidates = [
            (distance, pool, set(near) != set(word), -self._counts[near], near)
            for pool, words in enumerate((self._own, self._common))
            for near, distance in words.near(word, reach)
            if len(word) > _SHORTEST or (pool == 0 and self._regains(word, near))
        ]
        return min(candidates)[-1] if candidates else word

    def _regains(self, word: str, near: str) -> bool:
        """Tell whether a word that the language surely lacks misses a letter or has two swapped."""
        lost = len(near) > len(word) or sorted(near) == sorted(word)
        return lost and bool(self._language_words.common)


class _Pool:
    """Find words by spelling among many.

    An edit changes at most two of the letters a word is made of, so that words with too different
    letters are passed over before any is compared.
    """

    def __init__(self, words: Lexicon) -> None:
        self._lines = words.lines
        codes = np.frombuffer(words.lines.encode("utf-32-le", "surrogatepass"), "<u4")
        ends = np.flatnonzero(codes == ord("\n"))
        starts = np.append(0, ends + 1)[:-1]
        self._starts = starts.astype(np.int32)
        self._lengths = (ends - starts).astype(np.int32)
        self._letters = np.bitwise_or.reduceat(_bits(codes), starts)

    def near(self, word: str, reach: int) -> Iterator[tuple[str, int]]:
        """Yield the nearest words and their distances, up to a reach."""
        letters = np.bitwise_or.reduce(_bits(np.array([ord(letter) for letter in word], np.uint32)))
        alike = np.bitwise_count(self._letters ^ letters) <= 2 * reach
        alike &= np.abs(self._lengths - len(word)) <= reach
        alike &= self._lengths >= _SHORTEST
        starts = self._starts[alike].tolist()
        ends = (self._starts + self._lengths)[alike].tolist()
        candidates = [self._lines[start:end] for start, end in zip(starts, ends, strict=True)]
        for near, distance, _ in process.extract(
            word, candidates, scorer=OSA.distance, score_cutoff=reach, limit=None
        ):
            yield near, int(distance)


def _bits(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a bit for each letter's code, none for a line feed."""
    bits: NDArray[np.uint32] = np.left_shift(np.uint32(1), codes % 32, dtype=np.uint32)
    bits[codes == ord("\n")] = 0
    return bits


@lru_cache(maxsize=8)
def _pool(words: Lexicon) -> _Pool:
    """Return a pool; the spellers of one language share that of its list."""
    return _Pool(words)
