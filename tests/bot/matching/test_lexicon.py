"""The lexicon: it has the words it was given and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.lexicon import Lexicon
from bot.matching.speller import read_word_list

WORDS = st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=6)


@given(st.lists(WORDS), WORDS)
def test_it_has_what_it_was_given(words: list[str], other: str) -> None:
    """Every word given is found, in any order and script; another one isn't."""
    lexicon = Lexicon.of(words)
    assert all(word in lexicon for word in words)
    assert (other in lexicon) == (other in words)


@pytest.mark.parametrize("word", ["", "a", "card\n", "car", "cards", "\n"])
def test_parts_of_its_lines_are_no_words(word: str) -> None:
    """What begins or ends a line, or is more than one, isn't a word."""
    assert word not in Lexicon.of(["card", "scar", "a dog"])


def test_an_empty_one_is_false() -> None:
    """A language without a list is told from one with a list."""
    assert not Lexicon()
    assert "" not in Lexicon()
    assert Lexicon.of(["card"])


def test_the_packaged_lists_are_in_order() -> None:
    """Words are looked up by halves, which needs ascending lines."""
    english = read_word_list("en")
    for lexicon in (english.common, english.known):
        assert lexicon == Lexicon.of(lexicon.lines.split())
