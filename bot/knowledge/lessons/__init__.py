"""Lessons: what admins teach from the chat, kept apart from the files until it is exported."""

from bot.knowledge.lessons.content import (
    Content,
    Lesson,
    NewEntry,
    NewPhrase,
    OutOfScope,
)
from bot.knowledge.lessons.merge import with_lessons
from bot.knowledge.lessons.slugs import proposed_id
from bot.knowledge.lessons.standing import Conflict, ConflictKind, conflict, settled
from bot.knowledge.lessons.taught_text import ANSWERS, LessonError

__all__ = [
    "ANSWERS",
    "Conflict",
    "ConflictKind",
    "Content",
    "Lesson",
    "LessonError",
    "NewEntry",
    "NewPhrase",
    "OutOfScope",
    "conflict",
    "proposed_id",
    "settled",
    "with_lessons",
]
