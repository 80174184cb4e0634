"""Reading: fillers go from both ends, slips are corrected and told of."""

from __future__ import annotations

import pytest

from bot.matching.reading import Correction, Reader, Reading
from bot.matching.speller import Speller, WordList

FILLERS = ("please", "can you tell me", "can you", "tell me", "Thanks in advance!", "...")


@pytest.fixture
def reader() -> Reader:
    """Return a reader with a few fillers and words."""
    return Reader(Speller(["where", "library", "please", "tell"], WordList()), FILLERS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("where is it", "where is it"),
        ("please where is it", "where is it"),
        ("where is it please", "where is it"),
        ("Please, can you tell me where is it, please? Thanks in advance", "where is it"),
        ("please please please where is it", "where is it"),
        ("where please is it", "where please is it"),
        ("can you see it", "see it"),
        ("can it", "can it"),
    ],
)
def test_fillers_at_either_end_are_left_out(text: str, words: str, reader: Reader) -> None:
    """The longest filler goes first, one after another; fillers inside stay."""
    assert " ".join(reader(text).words) == words


@pytest.mark.parametrize("text", ["please", "please please", "can you tell me please"])
def test_a_text_of_fillers_keeps_them(text: str, reader: Reader) -> None:
    """Where nothing else was said, the fillers are what was said."""
    assert " ".join(reader(text).words) == text


@pytest.mark.parametrize("text", ["", "   ", "?!", "\U0001f600"])
def test_a_text_without_words_reads_as_nothing(text: str, reader: Reader) -> None:
    """Nothing said is nothing read."""
    assert reader(text) == Reading(())


def test_corrections_are_told(reader: Reader) -> None:
    """A reading names each word that was read as another."""
    reading = reader("wher is the librry")
    assert reading.words == ("where", "is", "the", "library")
    assert reading.corrections == (Correction("wher", "where"), Correction("librry", "library"))


def test_a_filler_is_known_by_its_corrected_spelling(reader: Reader) -> None:
    """A misspelt filler goes like a well-spelt one."""
    assert reader("plese where").words == ("where",)


def test_a_reader_without_fillers_keeps_every_word() -> None:
    """No fillers means nothing is left out."""
    assert Reader(Speller((), WordList()), ())("please go").words == ("please", "go")


def test_a_reader_that_corrects_nothing_takes_words_as_they_are() -> None:
    """Phrases are read without a speller: their spelling is what others are corrected to."""
    reading = Reader(list, FILLERS)("Please, wher is the librry?")
    assert reading == Reading(("wher", "is", "the", "librry"))
