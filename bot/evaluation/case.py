"""What is asked in an evaluation, and what keeps it from being asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BotError
from bot.knowledge.problems import Problem

OUT_OF_SCOPE = frozenset({"__oos__", "out_of_scope"})
"""The names that stand for "no entry answers this" in the place of an entry's id."""

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Case:
    """Hold an utterance and the id of the entry that should answer it.

    `entry` is None out of scope: no entry should. `language` is that of the person, as an IETF tag
    or None. `split` is the part of a data set it belongs to, None for all of them. `file` and
    `line` (from 1) say where it stands.
    """

    text: str
    entry: str | None
    file: str
    line: int
    language: str | None = None
    split: str | None = None


class EvaluationError(BotError):
    """Report what can't be measured, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"… and {len(self.problems) - _SHOWN} more problems like these.")
        super().__init__("\n".join(lines))
