"""Splitting a message into its questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.questions import Splitter
from tests.bot.conversation.library import make_phrases

SPLIT = Splitter(make_phrases())


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Where is it? When is it open?", ("Where is it?", "When is it open?")),
        ("where is it and when is it open", ("where is it", "when is it open")),
        ("where is it, when is it open", ("where is it", "when is it open")),
        ("where is it & how do I get there?", ("where is it", "how do I get there?")),
        ("where is it\nwhen is it open", ("where is it", "when is it open")),
        ("Where is it?When is it open?", ("Where is it?", "When is it open?")),
        ("Where is it. When is it open.", ("Where is it", "When is it open")),
        ("please tell me the way. where is it?", ("please tell me the way", "where is it?")),
        ("Where?? When??", ("Where?", "When?")),
        ("where is it ALSO when is it open", ("where is it", "when is it open")),
        (
            "\u0623\u064a\u0646\u061f \u0645\u062a\u0649\u061f",
            ("\u0623\u064a\u0646\u061f", "\u0645\u062a\u0649\u061f"),
        ),
    ],
)
def test_two_questions_are_told_apart(text: str, questions: tuple[str, ...]) -> None:
    """Question marks, new lines, full stops and joints before a question word divide."""
    assert SPLIT(text) == questions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "???",
        "where is it?",
        "where are the books and the films",
        "the books and where they are",
        "I came by bus. It was late. Where is it?",
        "Mr. Oak asks where it is",
        "tell me",
        "10:30",
        "where? where? where? where? where?",
        "  where  is  it ",
    ],
)
def test_one_question_or_none_or_many_stays_whole(text: str) -> None:
    """A message is not divided unless several parts are questions, unlike each other."""
    assert SPLIT(text) == (text,)


def test_what_is_no_question_is_left_out() -> None:
    """Between two questions, what only tells something goes."""
    text = "Where is it? I come from afar. When is it open?"
    assert SPLIT(text) == ("Where is it?", "When is it open?")


def test_question_words_are_known_with_their_marks() -> None:
    """A question word with accents or capitals begins a question."""
    spanish = Splitter(make_phrases(question_words=["D\u00f3nde", "cu\u00e1ndo"], joints=["y"]))
    assert spanish("d\u00f3nde est\u00e1 y cu\u00e1ndo abre") == (
        "d\u00f3nde est\u00e1",
        "cu\u00e1ndo abre",
    )


@pytest.mark.parametrize("text", [" ", "\t", "\n", ", ", "? ", " and ", "a.", "where ", ":"])
def test_the_longest_message_is_split_quickly(text: str) -> None:
    """4,096 characters of anything are split in a fraction of a second."""
    start = time.perf_counter()
    SPLIT("where" + (text * 4096)[:4096] + "when")
    assert time.perf_counter() - start < 1


@given(st.text(st.sampled_from("where and?.,\n&it")) | st.text())
def test_splitting_never_loses_the_message(text: str) -> None:
    """There is always a question, the whole text if it isn't divided, and none is empty."""
    questions = SPLIT(text)
    assert questions == (text,) or (len(questions) in range(2, 5) and all(questions))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "I came by bus. It was late. Where is it?",
            ("I came by bus. It was late", "Where is it?"),
        ),
        ("where is it? I am lost.", ("I am lost", "where is it?")),
        ("Where is it?", None),
        ("Where is it? When is it?", None),
        ("I came by bus. It was late.", None),
        ("", None),
    ],
)
def test_what_leads_up_to_the_only_question_is_told_apart(
    text: str, parts: tuple[str, str] | None
) -> None:
    """Background and question are divided where there is one of each."""
    assert SPLIT.background(text) == parts


def test_a_text_in_very_many_pieces_is_left_whole() -> None:
    """Hundreds of lines are no questions to be answered one by one."""
    text = "where\n" * 300
    assert SPLIT(text) == (text,)
    assert SPLIT.background(text) is None


def test_of_very_many_questions_the_first_are_asked() -> None:
    """Nobody loses all answers for having asked too much at once."""
    asked = [f"where is room {number}?" for number in range(9)]
    assert Splitter(make_phrases())(" ".join(asked)) == tuple(asked[:6])
