"""Small talk: recognised word for word, alone or around a question."""

from __future__ import annotations

from typing import Literal

import pytest

from bot.matching.small_talk import Recognised, SmallTalkRecogniser
from bot.matching.speller import read_word_list

Kind = Literal["greeting", "thanks", "goodbye", "who_are_you", "praise"]
PHRASES: dict[Kind, list[str]] = {
    "greeting": ["hi", "hello", "good morning", "hi there", "\U0001f44b"],
    "thanks": ["thanks", "thank you", "thank you very much"],
    "goodbye": ["bye", "see you"],
    "who_are_you": ["who are you", "what's your name"],
    "praise": ["great"],
}


@pytest.fixture(scope="module")
def recognise() -> SmallTalkRecogniser[Kind]:
    """Return a recogniser that lets greetings and thanks stand around a question."""
    around: frozenset[Kind] = frozenset({"greeting", "thanks"})
    return SmallTalkRecogniser(PHRASES, around, around, read_word_list("en"), ["please", "friend"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi", "greeting"),
        ("HELLO!!!", "greeting"),
        ("Good morning.", "greeting"),
        ("thank you very much", "thanks"),
        ("thankyou", None),
        ("helo", "greeting"),
        ("Whats your name?", "who_are_you"),
        ("what\u2019s your name", "who_are_you"),
        ("hi, who are you?", "who_are_you"),
        ("hello, bye", "goodbye"),
        ("great, thanks", "praise"),
        ("hi friend", "greeting"),
        ("hi thanks", "thanks"),
        ("hello hello hello", "greeting"),
    ],
)
def test_nothing_but_small_talk_leaves_no_question(
    text: str, kind: Kind | None, recognise: SmallTalkRecogniser[Kind]
) -> None:
    """Small talk alone, misspelt or in a row, is named by its most telling kind."""
    expected = Recognised(kind, "") if kind else Recognised(None, text)
    assert recognise(text) == expected


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("hi, where is the library?", "where is the library?"),
        ("Good morning! Where's the Library?", "Where's the Library?"),
        ("where is the library? thanks", "where is the library?"),
        ("hi there where is the library, thank you very much", "where is the library"),
        ("hello _where_ is it", "_where_ is it"),
    ],
)
def test_small_talk_around_a_question_leaves_the_question(
    text: str, rest: str, recognise: SmallTalkRecogniser[Kind]
) -> None:
    """The question comes back as it was typed, without what stood around it."""
    found = recognise(text)
    assert found.kind in {"greeting", "thanks"}
    assert found.rest == rest


@pytest.mark.parametrize(
    "text",
    ["where is the library?", "bye laws of the library", "who are you open for", "great hall"],
)
def test_a_question_without_small_talk_stays_whole(
    text: str, recognise: SmallTalkRecogniser[Kind]
) -> None:
    """Words that only look like small talk, or may not stand around a question, stay."""
    assert recognise(text) == Recognised(None, text)


@pytest.mark.parametrize("text", ["", "?", "\U0001f600", "please", "\ud800"])
def test_what_says_nothing_is_no_small_talk(
    text: str, recognise: SmallTalkRecogniser[Kind]
) -> None:
    """Empty texts, symbols and fillers are left to the matcher, also if a phrase is a symbol."""
    assert recognise(text) == Recognised(None, text)


def test_without_phrases_everything_is_a_question() -> None:
    """A recogniser that knows nothing recognises nothing."""
    nothing: dict[Kind, list[str]] = {}
    recogniser = SmallTalkRecogniser(nothing, frozenset(), frozenset(), read_word_list("xx"), [])
    assert recogniser("hi") == Recognised(None, "hi")
