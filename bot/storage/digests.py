"""Which admin got the digest of which week, and the port through which it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from bot.storage.telling import TELLING_LEASE

Due = tuple[str, int]
"""A week, and the admin who is to get its digest."""


class Digests(Protocol):
    """Remember which digests were sent, for any number of processes.

    Every method raises StorageError when the database can't be reached or written.
    """

    async def claim(self, due: Due) -> bool:
        """Claim to send a digest: of all who ask, one gets True, until its lease is over."""
        ...

    async def give_back(self, due: Due) -> None:
        """Give such a claim back: the admin couldn't be told."""
        ...

    async def settle(self, due: Due) -> None:
        """Note that an admin has got a digest, or can't get any."""
        ...


class MemoryDigests:
    """Remember digests in memory, by the same rules; `clock` gives the time in UTC."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._free_at: dict[Due, dt.datetime] = {}
        self._sent: set[Due] = set()

    async def claim(self, due: Due) -> bool:
        """Claim to send a digest: of all who ask, one gets True, until its lease is over."""
        now = self._clock()
        if due in self._sent or self._free_at.get(due, now) > now:
            return False
        self._free_at[due] = now + TELLING_LEASE
        return True

    async def give_back(self, due: Due) -> None:
        """Give such a claim back: the admin couldn't be told."""
        self._free_at.pop(due, None)

    async def settle(self, due: Due) -> None:
        """Note that an admin has got a digest, or can't get any."""
        self._sent.add(due)
