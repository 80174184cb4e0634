"""Correct spelling word by word against the knowledge base's own vocabulary."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
_LONG = 8


@dataclass(frozen=True, slots=True)
class WordList:
    """Hold the words of a language: `common` ones to correct towards, `known` to leave alone."""

    common: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        """Tell whether the language has the word."""
        return word in self.common or word in self.known


def read_word_list(language: str) -> WordList:
    """Return the packaged word list of a language, empty where there is none."""
    resource = files("bot.matching") / "words" / f"{language}.txt.gz"
    if not resource.is_file():
        return WordList()
    common, _, known = gzip.decompress(resource.read_bytes()).decode().partition("\n\n")
    return WordList(frozenset(common.split()), frozenset(known.split()))


class Speller:
    """Replace words that neither the knowledge base nor the language knows by the nearest one.

    Nearest is by optimal string alignment (an insertion, deletion, substitution or swap of
    neighbours costs 1): up to 1 for words of four to seven letters, up to 2 above. Ties go to the
    knowledge base's words, counted in `vocabulary`; then to those of the same letters (doubled or
    swapped), then to the more frequent.
    """

    def __init__(self, vocabulary: Iterable[str], language_words: WordList) -> None:
        self._counts = Counter(vocabulary)
        self._language_words = language_words
        self._own = _by_length(frozenset(self._counts))
        self._common = _by_length(language_words.common)
        self.correct = lru_cache(maxsize=20_000)(self._correct)

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
            for near, distance in _near(word, words, reach)
        ]
        return min(candidates)[-1] if candidates else word


@lru_cache(maxsize=8)
def _by_length(words: frozenset[str]) -> Mapping[int, Sequence[str]]:
    """Return words by length; spellers of one language share the grouping of its list."""
    grouped: dict[int, list[str]] = {}
    for word in sorted(words):
        if len(word) >= _SHORTEST - 1:
            grouped.setdefault(len(word), []).append(word)
    return grouped


def _near(word: str, grouped: Mapping[int, Sequence[str]], reach: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for length in range(len(word) - reach, len(word) + reach + 1):
        hits = process.extract(
            word, grouped.get(length, ()), scorer=OSA.distance, score_cutoff=reach, limit=5
        )
        found += [(near, int(distance)) for near, distance, _ in hits]
    return found
