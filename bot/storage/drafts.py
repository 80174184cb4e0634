"""What somebody is in the middle of writing, kept as long as a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bot.storage.ages import cutoff

State = Mapping[str, Any]
"""What the front needs to go on, in JSON's types."""


class Drafts(Protocol):
    """Keep one draft a person and chat; every method raises StorageError if the database fails."""

    async def draft(self, chat: int, user: int) -> State | None:
        """Return what a person is writing in a chat, or None if there is nothing or it expired."""
        ...

    async def keep(self, chat: int, user: int, state: State) -> None:
        """Keep a draft in the place of the one before."""
        ...

    async def drop(self, chat: int, user: int) -> None:
        """Forget a draft, if there is one."""
        ...


class MemoryDrafts:
    """Keep drafts in memory, by the same rules."""

    def __init__(self, expiry: dt.timedelta, clock: Callable[[], dt.datetime]) -> None:
        self._expiry = expiry
        self._clock = clock
        self._drafts: dict[tuple[int, int], tuple[State, dt.datetime]] = {}

    async def draft(self, chat: int, user: int) -> State | None:
        """Return what a person is writing in a chat, or None if there is nothing or it expired."""
        state, at = self._drafts.get((chat, user), (None, None))
        return state if at and at >= cutoff(self._clock(), self._expiry) else None

    async def keep(self, chat: int, user: int, state: State) -> None:
        """Keep a draft in the place of the one before."""
        self._drafts[chat, user] = state, self._clock()

    async def drop(self, chat: int, user: int) -> None:
        """Forget a draft, if there is one."""
        self._drafts.pop((chat, user), None)
