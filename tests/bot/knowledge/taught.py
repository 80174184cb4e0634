"""Lessons for tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.knowledge.lessons import Content, Lesson, NewEntry
from bot.knowledge.lessons.taught_text import LessonError, clean_answer, clean_phrase

_TRICKY = st.sampled_from(
    [
        *("yes", "no", "12", "12:30", "0x1f", "2024-01-01", "null", "~", "=", "1e3", "- a", "? b"),
        *(
            "a: b",
            "a:b",
            "# x",
            "a #b",
            "'a",
            '"a"',
            "a, b",
            "[a]",
            "{a: b}",
            "&a",
            "*a",
            "!a",
            "%a",
        ),
        *("@a", "`a`", "| a", "> a", "a:", "--- a", "... a", "👍 a", "متى تفتحون؟", "«a»", "a\\b"),
        *("\ufeffa", "a\u200fb", "a\tb", "a\u2028b", "x\x85y", "a\x00b", "a\ud800b", "a\r\nb"),
        *(
            "- a\n- b",
            "a\n\nb",
            "# a\n---\nb",
            "```\na",
            "~~~ a",
            "a\n===\nb",
            "***\na",
            "1. a\n\n2. b",
        ),
        *(
            "\\- - -\n\na",
            "  a\n    b",
            "a\n- - -\n- b",
            "* * *\n\nb",
            "**a** _b_ [c](https://d.e)",
        ),
    ]
)


def _fits(text: str, clean: Any) -> bool:
    try:
        clean(text)
    except LessonError:
        return False
    return True


texts = _TRICKY | st.text(max_size=60) | st.lists(_TRICKY, max_size=4).map(" ".join)
phrases = texts.filter(lambda text: _fits(text, lambda each: clean_phrase(each, "question")))
answers = (texts | st.lists(texts, max_size=5).map("\n".join)).filter(
    lambda text: _fits(text, clean_answer)
)
titles = phrases.filter(lambda text: len(text) <= 60)


def lessons(*contents: Content) -> list[Lesson]:
    """Return lessons with these contents, numbered from 1."""
    return [Lesson(number, each) for number, each in enumerate(contents, 1)]


def new_entry(entry_id: str = "parking", **parts: Any) -> NewEntry:
    """Return a new entry that is right as it stands; `parts` replace its own."""
    whole: dict[str, Any] = {
        "language": "en",
        "topic": "office",
        "question": f"Where is {entry_id}?",
        "answer": f"The **{entry_id}** is behind the house.",
    }
    return NewEntry(id=entry_id, **(whole | parts))
