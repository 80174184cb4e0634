"""What people asked lately, without who they are: the questions that new knowledge is tried on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.knowledge.words import phrase_key
from bot.storage.memory import MemoryStore

READ = 10
"""Utterances read for each that is wanted: many ask the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a question; `disliked` tells whether somebody found its answer unhelpful."""

    text: str
    language: str
    disliked: bool = False


class QuestionLog(Protocol):
    """Tell what was asked; raises StorageError when the database fails."""

    async def asked(self, most: int) -> tuple[Asked, ...]:
        """Return at most so many questions that differ in their words, the latest first."""
        ...


class MemoryQuestionLog:
    """Read the log of a store in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def asked(self, most: int) -> tuple[Asked, ...]:
        """Return at most so many questions that differ in their words, the latest first."""
        heard = [(each.text, each.language) for each in reversed(self._store.utterances)]
        misses = self._store.misses
        disliked = {(m.text, m.language) for m in misses if m.cause == "not_helpful"}
        return distinct(heard[: most * READ], disliked, most)


def distinct(
    heard: Iterable[tuple[str, str]], disliked: Collection[tuple[str, str]], most: int
) -> tuple[Asked, ...]:
    """Return at most so many of the texts, each with its language, that differ in their words."""
    unloved = {(language, phrase_key(text)) for text, language in disliked}
    found: dict[tuple[str, str], Asked] = {}
    for text, language in heard:
        key = (language, phrase_key(text))
        if key not in found:
            found[key] = Asked(text, language, disliked=key in unloved)
            if len(found) == most:
                break
    return tuple(found.values())
