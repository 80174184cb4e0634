"""What admins taught and decided, and the misses that are still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.knowledge.lessons import Content, Lesson
from bot.storage.authors import Author
from bot.storage.store import Cause, Miss


@dataclass(frozen=True, slots=True)
class OpenMiss:
    """Hold a miss that nobody has dealt with; `person` tells people apart without naming them."""

    id: int
    text: str
    language: str
    person: int
    at: dt.datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold what an admin decided in one go: contents to teach, or none to ignore the misses.

    `token` names the press or message it came with: what is decided twice under one counts once.
    """

    token: str
    contents: tuple[Content, ...]
    author: Author
    misses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """Hold a decision that stands, with its number and when it was made."""

    number: int
    token: str
    contents: tuple[Content, ...]
    author: Author
    at: dt.datetime

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Return what it teaches."""
        return tuple(Lesson(self.number, each) for each in self.contents)


class LessonBook(Protocol):
    """Keep decisions; every method raises StorageError when the database fails."""

    async def open_misses(self, most: int) -> tuple[OpenMiss, ...]:
        """Return at most so many misses that nobody has dealt with, newest first."""
        ...

    async def decide(self, decision: Decision) -> int:
        """Store a decision and settle its misses; return its number, the first time's if again."""
        ...

    async def undo(self, number: int) -> bool:
        """Take a decision back, its misses open again; return False if it doesn't stand."""
        ...

    async def decided(self) -> tuple[Decided, ...]:
        """Return the decisions that stand, oldest first."""
        ...

    async def strike(self, numbers: Sequence[int]) -> None:
        """Forget decisions that the files have taken up; their misses stay settled."""
        ...


class MemoryLessonBook:
    """Keep decisions in memory, by the same rules; `misses` gives those recorded so far."""

    def __init__(
        self, misses: Callable[[], Sequence[Miss]], clock: Callable[[], dt.datetime]
    ) -> None:
        self._misses = misses
        self._clock = clock
        self._standing: dict[int, Decided] = {}
        self._numbers: dict[str, int] = {}
        self._settled: dict[int, int] = {}

    async def open_misses(self, most: int) -> tuple[OpenMiss, ...]:
        """Return at most so many misses that nobody has dealt with, newest first."""
        found = [
            OpenMiss(id(miss), miss.text, miss.language, miss.user, miss.at, miss.cause)
            for miss in reversed(self._misses())
            if id(miss) not in self._settled
        ]
        return tuple(found[:most])

    async def decide(self, decision: Decision) -> int:
        """Store a decision and settle its misses; return its number, the first time's if again."""
        if decision.token not in self._numbers:
            number = self._numbers[decision.token] = len(self._numbers) + 1
            contents, author = decision.contents, decision.author
            made = Decided(number, decision.token, contents, author, self._clock())
            self._standing[number] = made
            self._settled |= dict.fromkeys(decision.misses, number)
        return self._numbers[decision.token]

    async def undo(self, number: int) -> bool:
        """Take a decision back, its misses open again; return False if it doesn't stand."""
        self._settled = {miss: by for miss, by in self._settled.items() if by != number}
        return self._standing.pop(number, None) is not None

    async def decided(self) -> tuple[Decided, ...]:
        """Return the decisions that stand, oldest first."""
        return tuple(self._standing.values())

    async def strike(self, numbers: Sequence[int]) -> None:
        """Forget decisions that the files have taken up; their misses stay settled."""
        for number in numbers:
            self._standing.pop(number, None)
