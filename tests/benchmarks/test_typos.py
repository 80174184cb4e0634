"""Hold the slips to what they promise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks.typos import Slip, slip, with_typos

QUESTION = "how do I replace a lost library card"


def test_slips_are_always_the_same() -> None:
    """One text has one set of slips, so that every subject meets the same."""
    assert with_typos(QUESTION) == with_typos(QUESTION)
    assert with_typos(QUESTION) != QUESTION


@pytest.mark.parametrize("text", ["", "is it on", "1234 5678", "a b c ?"])
def test_short_words_stay(text: str) -> None:
    """A text without a word of four letters stays as it is."""
    assert with_typos(text) == text


@given(st.lists(st.sampled_from(QUESTION.split()), min_size=1, max_size=9).map(" ".join))
def test_one_or_two_words_of_four_letters_change_a_little(text: str) -> None:
    """Each slip is one edit behind the first letter of a word of four letters or more."""
    changed = [
        (before, after)
        for before, after in zip(text.split(), with_typos(text).split(), strict=True)
        if before != after
    ]
    most = min(2, sum(len(word) > 3 for word in text.split()))
    assert min(1, most) <= len(changed) <= most
    for before, after in changed:
        assert len(before) > 3
        assert before[0] == after[0]
        assert OSA.distance(before, after) == 1


@pytest.mark.parametrize("kind", ["insert", "delete", "substitute", "swap"])
def test_each_kind_of_slip_is_one_edit(kind: Slip) -> None:
    """Every kind changes a word by one edit and never its first letter."""
    change = {"insert": 1, "delete": -1, "substitute": 0, "swap": 0}[kind]
    for seed in range(50):
        slipped = slip("library", kind, random.Random(seed))
        assert slipped[0] == "l"
        assert len(slipped) == 7 + change
        assert OSA.distance("library", slipped) == 1


def test_other_scripts_keep_their_letters() -> None:
    """A slip in another script brings no Latin letter."""
    for seed in range(20):
        assert not any(letter.isascii() for letter in slip("مكتبة", "insert", random.Random(seed)))
