"""Stemming: the forms of a word come to one stem."""

from __future__ import annotations

import pytest

from bot.knowledge.stemming import Stemmer


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "conferences", "conference"),
        ("en", "participating", "participate"),
        ("de", "konferenzen", "konferenz"),
        ("tr", "konferanslar", "konferans"),
        ("es", "conferencias", "conferencia"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    """Plural and singular of a language meet."""
    stemmer = Stemmer(language)
    assert stemmer(one) == stemmer(other)


@pytest.mark.parametrize("language", ["fa", "xx", ""])
def test_a_language_without_stemmer_keeps_its_words(language: str) -> None:
    """A word comes back as it is where no algorithm is known."""
    assert Stemmer(language)("conferences") == "conferences"


@pytest.mark.parametrize("word", ["", "a", "2024", "\u0645\u0624\u062a\u0645\u0631", "x" * 600])
def test_any_word_has_a_stem(word: str) -> None:
    """Empty, short, foreign and endless words are survived, the same way twice."""
    stemmer = Stemmer("en")
    assert stemmer(word) == stemmer(word)
