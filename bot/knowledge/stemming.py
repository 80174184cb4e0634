"""Reduce words to their stems by language, remembering what was already reduced."""

from __future__ import annotations

from functools import lru_cache

from Stemmer import Stemmer as Snowball

_REMEMBERED = 8192
_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


class Stemmer:
    """Stem the words of one language by Snowball; languages it lacks keep their words.

    Source: https://snowballstem.org/algorithms/
    """

    def __init__(self, language: str) -> None:
        name = _SNOWBALL.get(language)
        self._stem = lru_cache(_REMEMBERED)(Snowball(name, 0).stemWord if name else str)

    def __call__(self, word: str) -> str:
        """Return the stem of a normalised word."""
        return str(self._stem(word))
