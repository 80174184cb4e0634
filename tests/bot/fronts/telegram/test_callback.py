"""Tests of what buttons carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fronts.telegram.callback import (
    AskEntry,
    CastVote,
    NoneOfThese,
    OpenTopic,
    OpenTopics,
    PickSuggestion,
    Press,
    ShowSource,
    Stale,
    decode,
    encode,
)
from bot.knowledge.entry import KnowledgeBase
from tests.fakes import make_entry, make_knowledge

LONG = "a-very-long-id-" * 8
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=90)
PRESSES: st.SearchStrategy[Press] = st.one_of(
    st.builds(PickSuggestion, NAMES),
    st.builds(AskEntry, NAMES),
    st.just(NoneOfThese()),
    st.builds(ShowSource, NAMES),
    st.builds(CastVote, NAMES, st.sampled_from(["helpful", "not_helpful"])),
    st.builds(OpenTopic, NAMES, st.integers(0, 9999)),
    st.builds(OpenTopics, st.integers(0, 9999)),
)


def knowing(press: Press) -> KnowledgeBase:
    """Return a knowledge base that has the entry or topic of a press, and others."""
    name = getattr(press, "entry", None) or getattr(press, "topic", None) or "oak"
    return make_knowledge((make_entry(name, topic=name), make_entry("z" * 99, topic="y" * 99)))


@given(PRESSES)
def test_round_trip(press: Press) -> None:
    """What a button was made of comes back from its data, however long or odd the id."""
    assert decode(encode(press), knowing(press)) == press


@given(PRESSES)
def test_data_fit(press: Press) -> None:
    """Callback data have 1 to 64 bytes in UTF-8."""
    assert 1 <= len(encode(press).encode()) <= 64


@given(st.text(max_size=70))
def test_foreign_data_are_never_an_error(text: str) -> None:
    """Any text decodes to something; it takes a live id to be more than a list or a refusal."""
    found = decode(text, make_knowledge())
    assert isinstance(found, (Stale, NoneOfThese, OpenTopics)) or text.startswith("1")


@pytest.mark.parametrize(
    "text",
    [
        *(None, 7, "", "1", "1p", "p:oak", "0p:oak", "2p:oak", "1q:oak", "1lx"),
        *("1p:gone", "1p:#AAAAAAAAAAAA", "1t:gone", "1t9999999:trees"),
    ],
)
def test_unknown_data_are_stale(text: object) -> None:
    """Data of another version, of an entry that is gone or of another bot are stale."""
    assert decode(text, make_knowledge()) == Stale()


def test_long_ids_are_hashed_the_same_for_ever() -> None:
    """The hash of a long id never changes, as old buttons rely on it."""
    assert encode(AskEntry(LONG)) == "1a:#rDYpeFqXTg6U"


def test_pages_are_kept_in_reach() -> None:
    """A page below the first is the first."""
    assert encode(OpenTopics(-3)) == "1l"
