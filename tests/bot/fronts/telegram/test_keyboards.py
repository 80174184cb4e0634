"""Tests of the buttons under messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import InlineKeyboardMarkup

from bot.fronts.telegram.callback import AskEntry, OpenTopic, OpenTopics, PickSuggestion, encode
from bot.fronts.telegram.keyboards import (
    answer_keyboard,
    language_of,
    suggestions,
    topic_keyboard,
    topics_keyboard,
)
from bot.knowledge.entry import Entry, Topic
from bot.knowledge.markdown import plain
from tests.bot.fronts.telegram.test_buttons import BILINGUAL
from tests.fakes import make_entry, make_knowledge, make_wordings

WORDS = make_wordings().buttons
VOTES = ["<helpful>", "<not_helpful>"]


def labels(keyboard: InlineKeyboardMarkup) -> list[list[str]]:
    """Return the labels of a keyboard, row by row."""
    return [[button.text for button in row] for row in keyboard.inline_keyboard]


def test_answer_has_related_questions_above_source_and_votes() -> None:
    """Related questions have a row each; Source and Copy share one, and the votes the last."""
    keyboard = answer_keyboard([make_entry("oak")], [make_entry("pine")], WORDS)
    assert labels(keyboard) == [["What is pine?"], ["<source>", "<copy_text>"], VOTES]
    assert keyboard.inline_keyboard[0][0].callback_data == encode(AskEntry("pine"))


def test_answer_without_source_has_no_source_button() -> None:
    """What has no source doesn't offer one."""
    keyboard = answer_keyboard([make_entry("oak", sources=())], [], WORDS)
    assert labels(keyboard) == [["<copy_text>"], VOTES]


def test_two_answers_have_two_sources() -> None:
    """An answer to two questions offers the source of each."""
    keyboard = answer_keyboard([make_entry("oak"), make_entry("pine")], [], WORDS)
    assert labels(keyboard) == [["<source> 1", "<source> 2"], VOTES]


def test_long_questions_are_shortened() -> None:
    """A label has at most 60 characters."""
    keyboard = answer_keyboard([], [make_entry("oak", question="word " * 40)], WORDS)
    label = keyboard.inline_keyboard[0][0].text
    assert len(label) <= 60
    assert label.endswith("word…")


def test_suggestions_end_with_a_way_out() -> None:
    """Each candidate has a row, and None of these comes last."""
    listed, keyboard = suggestions([make_entry("oak")], WORDS)
    assert (listed, labels(keyboard)) == ("", [["What is oak?"], ["<none_of_these>"]])
    assert keyboard.inline_keyboard[0][0].callback_data == encode(PickSuggestion("oak"))


def test_suggestions_that_a_phone_would_cut_are_numbered() -> None:
    """If one doesn't fit on its button, the text lists all in full, and the buttons say which."""
    fitting, long = "x" * 34 + "?", "y_" * 17 + "y?"
    entries = [make_entry("oak", question=fitting), make_entry("pine", question=long)]
    assert suggestions(entries[:1], WORDS)[0] == ""
    listed, keyboard = suggestions(entries, WORDS)
    assert plain(listed) == f"1. {fitting}\n2. {long}"
    assert labels(keyboard) == [[f"1. {fitting}"], [f"2. {long}"], ["<none_of_these>"]]
    assert keyboard.inline_keyboard[1][0].callback_data == encode(PickSuggestion("pine"))


def test_topics_are_paged() -> None:
    """Topics come eight at a time, with the way forth and back."""
    topics = [Topic(f"t{number}", "en", f"T{number}") for number in range(17)]
    assert labels(topics_keyboard(topics, WORDS))[-1] == ["<next>"]
    middle = topics_keyboard(topics, WORDS, 1)
    assert labels(middle)[0] == ["T8"]
    assert labels(middle)[-1] == ["<previous>", "<next>"]
    assert middle.inline_keyboard[-1][1].callback_data == encode(OpenTopics(2))
    assert labels(topics_keyboard(topics, WORDS, 2)) == [["T16"], ["<previous>"]]


def _long(entries: Sequence[Entry]) -> list[Entry]:
    return [replace(each, question="word " * 40) for each in entries]


def test_page_beyond_the_end_is_the_last() -> None:
    """A page that a reload has taken away shows what is now the last one."""
    topics = [Topic("t", "en", "T")]
    assert labels(topics_keyboard(topics, WORDS, 9)) == [["T"]]


def test_topic_has_a_way_back() -> None:
    """The questions of a topic are paged too, above the way back to the topics."""
    entries = [make_entry(f"e{number}") for number in range(9)]
    keyboard = topic_keyboard("trees", entries, WORDS)
    assert labels(keyboard)[8:] == [["<next>"], ["<back>"]]
    assert keyboard.inline_keyboard[8][0].callback_data == encode(OpenTopic("trees", 1))
    assert keyboard.inline_keyboard[9][0].callback_data == encode(OpenTopics())


def test_language_of_a_keyboard_is_told_by_its_fixed_labels() -> None:
    """A German answer with English questions is German; equal labels tell nothing."""
    german = BILINGUAL.wordings["de"].buttons
    english = BILINGUAL.entries[:1]
    assert language_of(answer_keyboard(english * 2, english, german), BILINGUAL) == "de"
    assert language_of(topics_keyboard(BILINGUAL.topics[:1], german), BILINGUAL) == "en"
    assert language_of(topics_keyboard(BILINGUAL.topics, german), BILINGUAL) is None
    assert language_of(suggestions(_long(english * 2), german)[1], BILINGUAL) == "de"
    assert language_of(None, BILINGUAL) is None
    assert language_of(answer_keyboard(english, (), WORDS), make_knowledge()) is None
