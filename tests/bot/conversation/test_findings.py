"""Finding the entry of one question, given the answer before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from bot.conversation.findings import Finder, Finding
from bot.knowledge.entry import Entry
from tests.bot.conversation.library import CARD, CHILDREN, HOURS, PLACE, make_edition, make_library

Script = Mapping[str, Mapping[str, float]]


def find(
    text: str,
    last: Entry | None = None,
    script: Script | None = None,
    given: tuple[str, ...] = (),
    strange: Collection[str] = (),
) -> Finding:
    """Return what is found for a text after `last` was answered."""
    return Finder(make_edition(None, script, strange), "en").find(text, last, given)


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [(0.9, "answer"), (0.6, "answer"), (0.59, "suggest"), (0.3, "suggest"), (0.29, "unknown")],
)
def test_confidence_decides_between_answer_suggestions_and_silence(
    confidence: float, outcome: str
) -> None:
    """From each threshold upwards, and not below it, the bot does more."""
    finding = find("reading room", script={"reading room": {"place": confidence}})
    assert finding.outcome == outcome
    assert finding.confidence == confidence
    assert finding.entry == (PLACE if outcome == "answer" else None)
    assert [match.entry for match in finding.matches] == [PLACE]


def test_nothing_alike_is_unknown() -> None:
    """A text that matches nothing is unknown, with confidence 0."""
    finding = find("parrots")
    assert (finding.outcome, finding.confidence, finding.matches) == ("unknown", 0.0, ())


def test_a_phrase_word_for_word_is_told() -> None:
    """A question that is a phrase of an entry is known as one, another isn't."""
    assert find("when is the library open").is_phrase
    assert not find("reading room", script={"reading room": {"place": 0.9}}).is_phrase


@pytest.mark.parametrize("text", ["where is it?", "why?", "tell me more", "another one"])
def test_a_bare_follow_up_without_an_answer_before_is_unclear(text: str) -> None:
    """With nothing to lean on the bot asks back instead of guessing."""
    finding = find(text)
    assert finding.outcome == "unclear"
    assert finding.entry is None


def test_a_bare_follow_up_takes_the_subject_of_the_last_answer() -> None:
    """Where is it, after the opening hours of the library, is where the library is."""
    finding = find("and where is it?", HOURS)
    assert (finding.outcome, finding.entry, finding.wish) == ("answer", PLACE, "where")


def test_the_same_follow_up_depends_on_the_last_answer() -> None:
    """The answer before decides, not the words."""
    assert find("where", HOURS).entry == PLACE
    assert find("where", CHILDREN).entry == CHILDREN


def test_more_than_there_is_is_exhausted() -> None:
    """When everything near was given, more finds no more."""
    finding = find("more", HOURS, given=("card", "place", "tour", "hours"))
    assert finding.outcome == "exhausted"


def test_a_follow_up_that_has_no_entry_is_unknown() -> None:
    """Who goes there isn't known of a subject that has no such entry."""
    assert find("who goes there", HOURS).outcome == "unknown"


def test_a_pronoun_without_an_answer_before_is_unclear() -> None:
    """A pronoun that stands for nothing makes the bot ask back, if nothing else suggests itself."""
    assert find("how does it look").outcome == "unclear"


def test_a_pronoun_without_an_answer_before_is_never_answered() -> None:
    """What the other words alone would find is offered, however sure it is."""
    found = find("how does it look", script={"how does it look": {"place": 0.9}})
    assert (found.outcome, found.entry) == ("suggest", None)


def test_a_pronoun_with_the_subject_named_stands_alone() -> None:
    """A message that names a subject needs no answer before it."""
    text = "is it the library card"
    assert find(text, script={text: {"card": 0.9}}).entry == CARD


def test_a_pronoun_is_read_as_the_last_subject() -> None:
    """The words are matched with the subject in the pronoun's place, among its entries."""
    script = {
        "how cosy is it inside": {"lost": 0.2},
        "how cosy is the library inside": {"hours": 0.7, "lost": 0.9},
        "how cosy is a library card inside": {"lost": 0.7},
    }
    finding = find("how cosy is it inside", PLACE, script)
    assert finding.entry == HOURS
    assert finding.read_as == "how cosy is the library inside"


def test_words_the_entry_does_not_know_are_not_answered_from_context() -> None:
    """A pronoun doesn't carry a question to an entry that lacks its other words."""
    script = {"how loud does the library sound": {"hours": 0.9}}
    finding = find("how loud does it sound", PLACE, script, strange={"loud"})
    assert finding.outcome == "unknown"


def test_what_about_another_thing_is_of_the_last_kind() -> None:
    """And children, after where the library is, is where children read."""
    script = {
        "and children": {"card": 0.5, "children": 0.4},
        "children": {"card": 0.5, "children": 0.4},
    }
    finding = find("and children?", PLACE, script)
    assert (finding.outcome, finding.entry) == ("answer", CHILDREN)


def test_what_about_something_unheard_is_not_answered() -> None:
    """An opener doesn't make an answer out of nothing."""
    finding = find("and parrots?", PLACE)
    assert (finding.outcome, finding.entry) == ("unknown", None)


def test_a_clear_question_ignores_the_last_answer() -> None:
    """A question that says what it is about is answered alike after any answer."""
    text = "how do i get a library card"
    assert find(text, PLACE).entry == find(text).entry == CARD


def test_a_short_unclear_message_is_helped_by_the_last_subject() -> None:
    """A few words that say too little are read with the subject beside them."""
    script = {
        "opening times": {"hours": 0.4, "lost": 0.45},
        "opening times the library": {"hours": 0.8},
    }
    assert find("opening times", None, script).outcome == "suggest"
    assert find("opening times", PLACE, script).entry == HOURS


def test_a_long_unclear_message_is_not_helped() -> None:
    """Many words that match nothing don't become an answer by the subject alone."""
    text = "one two three four five six seven"
    script = {f"{text} the library": {"hours": 0.9}}
    assert find(text, PLACE, script).outcome == "unknown"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("I went to the Library yesterday", HOURS),
        ("my library card is blue", HOURS),
        ("the room of the children's", CHILDREN),
        ("a card", None),
        ("", None),
    ],
)
def test_a_subject_is_known_where_it_is_named_in_full(text: str, entry: Entry | None) -> None:
    """The first entry with all content words of its subject in the text, or none."""
    assert Finder(make_edition(), "en").subject_of(text) == entry


def test_a_subject_is_known_by_its_abbreviation() -> None:
    """What stands in brackets after a subject names it too."""
    fair = replace(PLACE, subject="the Great Book Fair (GBF)")
    finder = Finder(make_edition(make_library((CARD, fair))), "en")
    assert finder.subject_of("we were at the GBF") == fair
    assert finder.subject_of("a great fair for each book") == fair
    assert finder.subject_of("a great fair") is None


def test_a_pronoun_makes_a_clear_match_elsewhere_a_suggestion() -> None:
    """If the subject's entries don't fit, what the words alone would find is only offered."""
    script = {"how cosy is it inside": {"children": 0.9}}
    finding = find("how cosy is it inside", PLACE, script)
    assert (finding.outcome, finding.entry) == ("suggest", None)
