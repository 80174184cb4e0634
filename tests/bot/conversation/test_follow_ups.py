"""Follow-ups: how a message leans on the answer before it, and which entry it then wants."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.conversation.follow_ups import FollowUps, Wish, target
from bot.knowledge.entry import Entry, Facet
from bot.matching.speller import WordList
from tests.bot.conversation.library import (
    CARD,
    CHILDREN,
    HOURS,
    LOST,
    PLACE,
    TOUR,
    make_library,
    make_phrases,
)
from tests.fakes import make_entry

LIBRARY = make_library()


@pytest.fixture(scope="module")
def follow_ups() -> FollowUps:
    """Return the follow-ups of the library's phrases."""
    return FollowUps(make_phrases(), WordList())


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("where is it?", "where"),
        ("Why", "why"),
        ("and who goes there", "who"),
        ("and what about who goes there", "who"),
        ("please tell me more", "more"),
        ("more please", "more"),
        ("another one", "another"),
        ("give me an exampel", "example"),
        ("how often", "when"),
        ("how", "how"),
        ("so what?", "effect"),
        ("what do they learn", "gain"),
        ("what is it", "what"),
    ],
)
def test_a_bare_follow_up_is_a_wish(text: str, wish: Wish, follow_ups: FollowUps) -> None:
    """With openers, fillers and slips around it, a follow-up phrase says what is wished."""
    assert follow_ups.read(text).wish == wish


@pytest.mark.parametrize("text", ["where is the museum", "why not", "", "?", "\U0001f600", "and"])
def test_anything_more_is_no_bare_follow_up(text: str, follow_ups: FollowUps) -> None:
    """A message with words of its own, or none at all, wishes nothing."""
    assert follow_ups.read(text).wish is None


def test_a_message_tells_how_it_leans(follow_ups: FollowUps) -> None:
    """Opener, pronoun and question word are told, and the rest comes without the opener."""
    leaning = follow_ups.read("And what about where it ends?")
    assert leaning.opened
    assert leaning.pronouns
    assert leaning.asks
    assert leaning.rest == ("where", "it", "ends")


def test_a_message_of_its_own_leans_on_nothing(follow_ups: FollowUps) -> None:
    """Without opener and pronoun the message stands alone."""
    leaning = follow_ups.read("the opening hours")
    assert not leaning.opened
    assert not leaning.pronouns
    assert not leaning.asks
    assert leaning.rest == ("the", "opening", "hours")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("when does it open", "when does the library open"),
        ("who likes that place now", "who likes the library now"),
        ("it", "the library"),
        ("opening hours", "opening hours the library"),
        ("it and it", "the library and it"),
    ],
)
def test_the_subject_takes_the_place_of_the_first_pronoun(
    said: str, expected: str, follow_ups: FollowUps
) -> None:
    """The subject stands for the pronoun, and at the end where there is none."""
    assert follow_ups.with_subject(tuple(said.split()), "the library") == expected


def test_phrases_without_words_match_nothing() -> None:
    """A phrase of signs alone in a list is as if it weren't there."""
    phrases = make_phrases(more=["\u2026"], pronouns=["?"], openers=["+", "and"])
    leaning = FollowUps(phrases, WordList()).read("and the hours?")
    assert (leaning.wish, leaning.pronouns, leaning.rest) == (None, False, ("the", "hours"))


def test_question_words_with_marks_are_known() -> None:
    """A question word is known however its accents are written."""
    follow_ups = FollowUps(make_phrases(question_words=["d\u00f3nde"]), WordList())
    assert follow_ups.read("d\u00f3nde est\u00e1").asks


@pytest.mark.parametrize(
    ("last", "wish", "expected"),
    [
        pytest.param(HOURS, "where", PLACE, id="the subject's own entry of that kind"),
        pytest.param(HOURS, "example", TOUR, id="the subject's example"),
        pytest.param(HOURS, "when", HOURS, id="what was just answered, again"),
        pytest.param(HOURS, "how", CARD, id="a loose kind from a related entry"),
        pytest.param(CARD, "why", LOST, id="why about the same subject"),
        pytest.param(PLACE, "who", CARD, id="the entry's own follow-up goes first"),
        pytest.param(CARD, "where", None, id="a place belongs to its subject"),
        pytest.param(HOURS, "who", None, id="nothing of that kind"),
        pytest.param(HOURS, "more", CARD, id="more: the first related"),
        pytest.param(TOUR, "more", HOURS, id="more: about the subject where nothing is related"),
        pytest.param(CHILDREN, "more", CARD, id="more: of the topic at last"),
        pytest.param(CARD, "another", LOST, id="another: what is near where the kind is alone"),
        pytest.param(PLACE, "another", HOURS, id="another: not of the kind in another topic"),
    ],
)
def test_a_wish_finds_its_entry(last: Entry, wish: Wish, expected: Entry | None) -> None:
    """Each kind of wish after each kind of answer leads where it should."""
    assert target(LIBRARY, last, wish, ()) == expected


@pytest.mark.parametrize("facet", get_args(Facet))
def test_each_kind_of_question_finds_the_entry_of_that_kind(facet: Facet) -> None:
    """A subject with an entry of every kind answers every bare question with its entry."""
    entries = tuple(
        make_entry(f"the-{each}", subject="oaks", facet=each) for each in get_args(Facet)
    )
    last = make_entry("oaks", subject="oaks")
    found = target(make_library((last, *entries)), last, facet, ())
    assert found is not None
    assert found.id == f"the-{facet}"


def test_more_goes_past_what_was_given() -> None:
    """Each "more" finds an entry not yet answered, until there is none."""
    given = ["hours"]
    while (entry := target(LIBRARY, HOURS, "more", given)) is not None:
        assert entry.id not in given
        given.append(entry.id)
    assert given == ["hours", "card", "place", "tour"]


def test_another_is_of_the_kind_first() -> None:
    """Another example is an example not yet given; after the last one, whatever else is near."""
    oak = make_entry("oak", facet="example", related=("beech", "pine"))
    beech, pine = make_entry("beech", facet="why"), make_entry("pine", facet="example")
    elm = make_entry("elm", facet="example")
    knowledge = make_library((oak, beech, pine, elm))
    assert target(knowledge, oak, "another", ()) == pine
    assert target(knowledge, oak, "another", ["pine"]) == elm
    assert target(knowledge, oak, "another", ["pine", "elm"]) == beech
    assert target(knowledge, oak, "another", ["pine", "elm", "beech"]) is None


def test_of_two_entries_of_a_kind_the_one_not_given_comes() -> None:
    """Asked for an example again, the other example is told; then the first again."""
    oak = make_entry("oak", subject="trees", facet="what")
    first = make_entry("first", subject="trees", facet="example")
    second = make_entry("second", subject="trees", facet="example")
    knowledge = make_library((oak, first, second))
    assert target(knowledge, oak, "example", ["first"]) == second
    assert target(knowledge, oak, "example", ["first", "second"]) == first
    assert target(knowledge, first, "example", ["first", "second"]) == second


def test_a_follow_up_to_an_entry_that_is_gone_finds_nothing() -> None:
    """An id that no entry has any more leads nowhere."""
    last = make_entry("oak", follow_ups=(("why", "no-such-entry"),))
    assert target(make_library((last,)), last, "why", ()) is None


def test_what_people_gain_is_told_by_what_it_is_for() -> None:
    """Where no entry says what is gained, the subject's purpose does."""
    oak, why = make_entry("oak", subject="trees"), make_entry("why", subject="trees", facet="why")
    assert target(make_library((oak, why)), oak, "gain", ()) == why


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("is there a shower", False),
        ("and is there a shower?", False),
        ("is there a shower in it", True),
        ("who is there", True),
        ("a shower there", True),
    ],
)
def test_a_word_that_stands_for_nothing_points_at_nothing(text: str, *, points: bool) -> None:
    """So "is there a…" asks in full; the same words elsewhere lean on what was said."""
    phrases = make_phrases(pronouns=["there", "it"], expletives=["is there"])
    assert FollowUps(phrases, WordList()).read(text).pronouns == points
