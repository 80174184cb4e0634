"""The thresholds that admins chose over the fitted ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.storage.authors import Author


@dataclass(frozen=True, slots=True)
class Tuning:
    """Hold the thresholds chosen for a language; None takes the fitted ones again."""

    language: str
    answer: float | None
    suggest: float | None
    author: Author
    at: dt.datetime


class Tunings(Protocol):
    """Keep tunings; every method raises StorageError when the database fails."""

    async def chosen(self) -> tuple[Tuning, ...]:
        """Return the tuning that counts for each language that has one, by language."""
        ...

    async def choose(self, tunings: Sequence[Tuning]) -> None:
        """Store tunings, all or none; the last of a language counts."""
        ...
