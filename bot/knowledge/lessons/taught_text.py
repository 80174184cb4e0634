"""What a taught text must be like to live in a knowledge file: cleaned, or refused by name."""

from __future__ import annotations

import re

from bot.errors import BotError
from bot.knowledge.check import MAX_ANSWER
from bot.knowledge.documents import LIST_ITEM
from bot.knowledge.markdown import plain
from bot.knowledge.words import phrase_key
from bot.knowledge.yaml_file import CONTROL

ANSWERS = "answers.md"
"""The document that taught answers become paragraphs of."""
MAX_LINE = 500
_BULLET = re.compile(r"^•\s+")
_MARKUP = "#`~ "
"""What would make the first line of a paragraph a heading or begin fenced code."""


class LessonError(BotError):
    """Report a text that can't be taught, and what to do about it."""


def clean_phrase(text: str, name: str) -> str:
    """Return a text in one line of up to 500 characters that holds a word.

    `name` is what the LessonError calls a text that isn't like that.
    """
    line = clean_line(text, name, MAX_LINE)
    if not phrase_key(line):
        message = f"The {name} has no letters or digits. Write it in words."
        raise LessonError(message)
    return line


def clean_line(text: str, name: str, limit: int) -> str:
    """Return a text in one line of up to `limit` characters; raises LessonError for others."""
    line = " ".join(CONTROL.sub(" ", text).split())
    if not line:
        message = f"The {name} is empty. Write it in words."
        raise LessonError(message)
    if len(line) > limit:
        message = f"The {name} has {len(line):,} characters. Keep it to {limit:,}."
        raise LessonError(message)
    return line


def clean_answer(markdown: str) -> str:
    """Return Markdown without blank lines at its ends, or more than one in a row.

    Raises LessonError for an answer without a word, or over 4,096 UTF-16 code units as shown.
    """
    lines = (CONTROL.sub(" ", line.expandtabs(1)).rstrip() for line in markdown.splitlines())
    answer = re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not answer:
        message = "The answer is empty. Write it in words."
        raise LessonError(message)
    if not as_paragraph(answer):
        message = "The answer has no letters or digits. Write it in words."
        raise LessonError(message)
    length = len(plain(answer).encode("utf-16-le")) // 2
    if length > MAX_ANSWER:
        message = f"The answer has {length:,} characters as shown. Keep it to {MAX_ANSWER:,}."
        raise LessonError(message)
    return answer


def as_paragraph(answer: str) -> str:
    """Return an answer as text that parse_document() reads as one paragraph, just as it stands.

    List items keep lines of their own; what else stands in several lines is joined. Lines without
    letters or digits are left out. Of an answer without any nothing is left.
    """
    lines: list[str] = []
    for line in filter(None, map(str.strip, plain(answer).splitlines())):
        if LIST_ITEM.match(line) or not lines:
            lines.append(_BULLET.sub("- ", line))
        else:
            lines[-1] += f" {line}"
    worded = [line for line in lines if any(letter.isalnum() for letter in line)]
    return "\n".join([*(line.lstrip(_MARKUP) for line in worded[:1]), *worded[1:]])
