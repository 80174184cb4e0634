"""Tests of whether messages that came right after one another say one thing."""

from __future__ import annotations

import pytest

from bot.conversation.bursts import is_better, is_fragment, is_open
from bot.conversation.messages import Answer, Answered, Fallback, Reply, SmallTalk, Suggestions
from tests.fakes import make_entry

LOST = Fallback("en", "", "unknown")
OFFER = Suggestions("en", "", ())
HELLO = SmallTalk("en", "", "greeting")
THANKS = SmallTalk("en", "", "thanks")


def answer(*names: str, sure: float = 0.9) -> Answer:
    """Return an answer with some entries, as sure as given."""
    return Answer("en", "", tuple(Answered(make_entry(name), sure) for name in names))


@pytest.mark.parametrize(
    ("whole", "parts", "better"),
    [
        (answer("oak"), [LOST, LOST], True),
        (answer("oak"), [HELLO, OFFER, LOST], True),
        (OFFER, [LOST, LOST], True),
        (OFFER, [HELLO, LOST], True),
        (LOST, [LOST, LOST], True),
        (LOST, [HELLO, LOST], False),
        (LOST, [LOST, OFFER], False),
        (OFFER, [LOST, answer("oak")], False),
        (answer("oak"), [LOST, answer("oak")], True),
        (answer("pine", sure=0.5), [LOST, answer("oak")], False),
        (answer("pine", sure=0.95), [LOST, answer("oak")], True),
        (answer("oak", "pine", sure=0.5), [LOST, answer("oak"), answer("pine")], True),
        (answer("oak", sure=0.5), [LOST, answer("oak"), answer("pine")], False),
    ],
)
def test_the_whole_counts_where_it_says_more(
    whole: Reply, parts: list[Reply], *, better: bool
) -> None:
    """No answer that a part would have got is lost for one that isn't as good."""
    assert is_better(whole, parts) is better


@pytest.mark.parametrize(
    ("reply", "opens"),
    [(LOST, True), (OFFER, True), (HELLO, True), (THANKS, False), (answer("oak"), False)],
)
def test_what_is_answered_waits_for_nothing(reply: Reply, *, opens: bool) -> None:
    """A greeting, an offer and a fallback may be the beginning of something."""
    assert is_open(reply) is opens


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("hi", True),
        ("about the media symposium", True),
        ("can you tell me ", True),
        ("", True),
        ("why?", False),
        ("متى؟", False),
        ("I have to know where that is", False),
    ],
)
def test_a_few_words_without_an_end_look_unfinished(text: str, *, goes_on: bool) -> None:
    """Whoever asks in full needn't wait to hear that there is no answer."""
    assert is_fragment(text) == goes_on
