"""The errors that Majlis raises by name, each with its remedy in the message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.knowledge.problems import Problem


class BotError(Exception):
    """Say in one line what went wrong and what to do about it."""


class SettingsError(BotError):
    """Report a setting whose value can't be used."""


class StorageError(BotError):
    """Report a database that can't be opened or written."""


class FrontError(BotError):
    """Report a front that can't start or go on, such as a refused token."""


class KnowledgeError(BotError):
    """Report a knowledge base that can't be built, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
