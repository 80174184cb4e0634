"""What an admin can teach; whatever has been built is fit to be written to a knowledge file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.folders import language_fault
from bot.knowledge.lessons.taught_text import LessonError, clean_answer, clean_line, clean_phrase

_MAX_TITLE = 64
_ID = re.compile(r"(?=.{2,60}$)[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class NewPhrase:
    """Teach another way of asking an entry; raises LessonError for a text that can't be one."""

    language: str
    entry: str
    text: str

    def __post_init__(self) -> None:
        _check_language(self.language)
        object.__setattr__(self, "text", clean_phrase(self.text, "question"))


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Teach a question and its answer in Markdown; raises LessonError for what can't be one.

    `topic` is the id or the title of a topic; any other title begins a new topic.
    """

    language: str
    id: str
    topic: str
    question: str
    answer: str
    alternates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_language(self.language)
        if not _ID.fullmatch(self.id):
            message = f"The id {self.id!r} can't be used. Use 2 to 60 small letters, digits, "
            raise LessonError(message + "hyphens: office-hours.")
        alternates = tuple(clean_phrase(each, "alternate") for each in self.alternates)
        object.__setattr__(self, "topic", clean_line(self.topic, "topic", _MAX_TITLE))
        object.__setattr__(self, "question", clean_phrase(self.question, "question"))
        object.__setattr__(self, "answer", clean_answer(self.answer))
        object.__setattr__(self, "alternates", alternates)


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """Teach that nobody answers a question; raises LessonError for a text that can't be one."""

    language: str
    text: str

    def __post_init__(self) -> None:
        _check_language(self.language)
        object.__setattr__(self, "text", clean_phrase(self.text, "question"))


Content = NewPhrase | NewEntry | OutOfScope


@dataclass(frozen=True, slots=True)
class Lesson:
    """Hold what was taught; lessons are merged in the order of `number`."""

    number: int
    content: Content


def _check_language(code: str) -> None:
    if fault := language_fault(code):
        message = f"The language {code!r} can't be used: {fault}"
        raise LessonError(message)
