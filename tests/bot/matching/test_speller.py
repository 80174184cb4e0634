"""Spelling: unknown words are read as near known ones, and known words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.lexicon import Lexicon
from bot.matching.speller import Speller, WordList, read_word_list

OWN = ["library", "library", "card", "cards", "opening", "renew", "lending", "symposium"]
ENGLISH = WordList(Lexicon.of(["letter", "hours"]), Lexicon.of(["cart", "liberty"]))


@pytest.fixture(scope="module")
def speller() -> Speller:
    """Return a speller that knows a few words of its own and of English."""
    return Speller(OWN, ENGLISH)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("librry", "library", id="a letter left out"),
        pytest.param("librrary", "library", id="a letter too many"),
        pytest.param("libxary", "library", id="a wrong letter"),
        pytest.param("librayr", "library", id="neighbours swapped"),
        pytest.param("simposeum", "symposium", id="two slips in a long word"),
        pytest.param("houers", "hours", id="a common word of the language"),
        pytest.param("crd", "card", id="a letter of four left out"),
    ],
)
def test_a_slip_is_corrected(typed: str, read: str, speller: Speller) -> None:
    """A word one slip away, or two if it is long, is read as the known one."""
    assert speller([typed]) == [read]


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("cart", id="the language has it"),
        pytest.param("library", id="the knowledge has it"),
        pytest.param("caq", id="any abbreviation"),
        pytest.param("cd", id="too short to tell"),
        pytest.param("l1brary", id="not only letters"),
        pytest.param("libxxry", id="two slips in a short word"),
        pytest.param("zzzzzzzz", id="near to nothing"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_clear_slip_is_left_alone(word: str, speller: Speller) -> None:
    """Known, short, mixed and far words stay as typed."""
    assert speller([word]) == [word]


def test_the_own_word_wins_over_one_of_the_language() -> None:
    """Between two equally near words the knowledge base's own is read."""
    speller = Speller(["latter"], WordList(Lexicon.of(["letter"])))
    assert speller.correct("lotter") == "latter"


def test_the_more_frequent_own_word_wins() -> None:
    """Between two equally near own words the one that phrases use more is read."""
    speller = Speller(["letter", "latter", "latter"], WordList())
    assert speller.correct("lotter") == "latter"


def test_the_nearer_word_wins_over_the_own() -> None:
    """One slip to a common word beats two slips to an own one."""
    speller = Speller(["standards"], WordList(Lexicon.of(["standing"])))
    assert speller.correct("standings") == "standing"


@given(st.text(max_size=30))
def test_a_corrected_word_is_known_or_as_typed(word: str) -> None:
    """Correcting ends in the vocabulary or where it began."""
    speller = Speller(OWN, ENGLISH)
    read = speller.correct(word)
    assert read == word or speller.knows(read)


def test_the_packaged_list_knows_its_language() -> None:
    """English has its words; a language without a list has none."""
    english = read_word_list("en")
    assert "conference" in english
    assert "qzxv" not in english
    assert read_word_list("xx") == WordList()
