"""The mistakes that people make who never saw YAML, and what they read about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.yaml_file import YamlFile, read_yaml

_FILE = """\
topic: Library
entries:
  - id: place
    question: Where is the library?
    answer: It is in Oak Street.
    source: {document: library.txt, paragraph: 1}
    alternates:
      - where is it
      - how do I get there
  - id: hours
    question: When is it open?
    answer: |
      Daily.
      Also *on* Sundays.
    negatives: ["when is it", 'open']
"""
_MISTAKES = {
    "a tab": ("    question: Where", "\tquestion: Where", 4, "begins with a tab. Put plain spaces"),
    "a tab after spaces": ("      - where", "    \t- where", 8, "begins with a tab"),
    "a special space": ("    question: Where", "  \xa0 question: Where", 4, "special space"),
    "a colon": (
        "answer: It is",
        "answer: One thing: it's",
        5,
        'Put quotes around it: "One thing: it\'s in Oak Street."',
    ),
    "too many spaces": (
        "    answer: It",
        "      answer: It",
        5,
        "begins with 6 spaces, line 4 above it with 4.",
    ),
    "too few spaces": (
        "    answer: It",
        "   answer: It",
        5,
        "Lines that belong together begin with the same number of spaces.",
    ),
    "too few spaces right below an item": (
        "    question: Where",
        "  question: Where",
        4,
        "begins with 2 spaces, line 3 above it with 4, its '-' counted.",
    ),
    "an item too far left": ("      - how", "    - how", 9, "4 spaces, line 8 above it with 6"),
    "an item too far right": (
        "      - how",
        "       - how",
        9,
        "begins with '-', but counts as a part of the text above it",
    ),
    "no closing quote before another": (
        "question: Where",
        'question: "Where',
        4,
        "begins here and ends only in line 15",
    ),
    "no closing quote in the file": (
        "'open']",
        "'open]",
        15,
        "begins with a quote and never ends. Put one at its end",
    ),
    "an apostrophe in quotes": (
        "- where is it",
        "- 'where's it'",
        8,
        "goes on after its closing quote",
    ),
    "a word in quotes": (
        "question: Where is",
        'question: "Where" is',
        4,
        "Put quotes around the whole of it",
    ),
    "a path in quotes": ("- where is it", '- "C:\\library"', 8, "Put single quotes around"),
    "a key twice": ("    answer: It", "    question: Why?\n    answer: It", 5, "first in line 4"),
    "no space after a colon": ("question: Where", "question:Where", 4, "Write: question: Where is"),
    "no space after a hyphen": ("- id: place", "-id: place", 3, "Write: - id: place"),
    "no colon": ("question: Where", "question Where", 4, "no ': ' after its first word"),
    "a text that goes on too far left": (
        "      Also",
        "    Also",
        14,
        "as many spaces as the first line of that text",
    ),
    "a text behind its bar": ("answer: It", "answer: > It", 5, "Begin it on the next line"),
    "a list behind its key": (
        "answer: It",
        "answer: - It",
        5,
        "list begins on the line of its key",
    ),
    "an at sign": ("- where is it", "- @where", 8, "may not begin with @. Put quotes"),
    "a text in stars": (
        "answer: It is",
        "answer: **It** is",
        5,
        "Write: '**It** is in Oak Street.'",
    ),
    "a word in stars": ("answer: It is", "answer: *It* is", 5, "may not begin with *. Put quotes"),
    "a word in brackets": ("- where is it", "- [where] is it", 8, "Write: '[where] is it'"),
    "no closing brace": ("paragraph: 1}", "paragraph: 1", 6, "] or } at its end"),
    "no comma": ("library.txt, para", "library.txt para", 6, "Put a comma between its parts"),
}


def _read(tmp_path: Path, text: str) -> YamlFile:
    path = tmp_path / "library.yaml"
    path.write_bytes(text.encode())
    return read_yaml(path, "en/library.yaml")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", _MISTAKES)
def test_a_usual_mistake_is_named_at_its_line(case: str, line_end: str, tmp_path: Path) -> None:
    """The line is that of the mistake, not where the parser gave up; the remedy is in plain words.

    Files with the line ends of Windows are told the same.
    """
    right, wrong, line, remedy = _MISTAKES[case]
    assert right in _FILE
    text = _FILE.replace(right, wrong, 1).replace("\n", line_end)
    (problem,) = _read(tmp_path, text).problems
    assert str(problem).startswith(f"en/library.yaml:{line}: ")
    assert remedy in problem.text


def test_the_file_without_mistakes_is_read(tmp_path: Path) -> None:
    """It is the mistakes that are told of."""
    assert _read(tmp_path, _FILE).problems == ()


def test_what_is_no_usual_mistake_has_the_words_of_the_parser(tmp_path: Path) -> None:
    """Then the remedy names what is most often wrong."""
    (problem,) = _read(tmp_path, "a: 1\n...\nb: 2\n").problems
    assert "(did not find expected <document start>)" in problem.text
    assert "Check the spaces at the beginning of the line" in problem.text


def test_a_text_on_several_lines_is_one_text(tmp_path: Path) -> None:
    """Only a hyphen that begins a line is taken for an item."""
    file = _read(tmp_path, "answer: It is well-\n  known - and old.\n")
    assert file.value == {"answer": "It is well- known - and old."}
