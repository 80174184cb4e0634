"""Reduce words to their stems by language, remembering what was already reduced."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

_SNOWBALL = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}


class Stemmer:
    """Stem the words of one language by Snowball; languages it lacks keep their words.

    Source: https://snowballstem.org/algorithms/
    """

    def __init__(self, language: str) -> None:
        name = _SNOWBALL.get(language)
        algorithm = snowballstemmer.stemmer(name) if name else None
        self._stem = lru_cache(maxsize=50_000)(algorithm.stemWord if algorithm else str)

    def __call__(self, word: str) -> str:
        """Return the stem of a normalised word."""
        return str(self._stem(word))
