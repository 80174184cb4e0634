"""What can be wrong with a knowledge base, as one value a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.errors import BotError

Severity = Literal["broken", "advice"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Name the place of a problem and how to mend it.

    `broken` problems keep a reload from going live; `advice` is for the author.
    `line` counts from 1; 0 stands for the whole file. `entry` is empty outside entries.
    """

    file: str
    line: int
    entry: str
    text: str
    severity: Severity = "broken"

    def __str__(self) -> str:
        """Return `file:line: entry: what and how to mend it`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.entry, self.text) if part)


class KnowledgeError(BotError):
    """Report a knowledge base that can't be built, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
