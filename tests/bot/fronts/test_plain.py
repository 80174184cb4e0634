"""Replies as a person reads them without formatting and buttons."""

from __future__ import annotations

from bot.conversation.messages import Answer, Answered, Fallback, SmallTalk, Suggestions
from bot.fronts.plain import plain_text
from bot.knowledge.entry import Topic
from tests.fakes import make_entry

OAK, PINE = make_entry("oak"), make_entry("pine", question="Is *pine* a_tree?")


def test_an_answer_loses_its_markup() -> None:
    """Bold goes, bullets and links can be read."""
    text = "**Oak**:\n\n- is a [tree](https://oak.example)"
    reply = Answer("en", text, (Answered(OAK, 0.9),), (PINE,))
    assert plain_text(reply) == "Oak:\n\n\u2022 is a tree (https://oak.example)"


def test_suggestions_follow_by_number() -> None:
    """Questions stand below the text as they are written."""
    reply = Suggestions("en", "Did you *mean*?", (Answered(OAK, 0.5), Answered(PINE, 0.4)))
    assert plain_text(reply) == "Did you mean?\n1. What is oak?\n2. Is *pine* a_tree?"


def test_topics_of_a_fallback_follow_by_number() -> None:
    """The way forward is listed; without topics there is the text alone."""
    reply = Fallback("en", "Sorry.", "unknown", (Topic("trees", "en", "Trees"),))
    assert plain_text(reply) == "Sorry.\n1. Trees"
    assert plain_text(Fallback("en", "Sorry.", "unclear")) == "Sorry."


def test_small_talk_is_its_text() -> None:
    """A greeting reads as it is."""
    assert plain_text(SmallTalk("en", "I'm **Majlis**.", "who_are_you")) == "I'm Majlis."
