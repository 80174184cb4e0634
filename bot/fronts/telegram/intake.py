"""The way in: an update is in the journal before Telegram hears that it arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.received import kind_of, received
from bot.storage.journal import Journal

_LOG = logging.getLogger(__name__)
_MOST_OPEN = 10_000


class Busy(Exception):  # noqa: N818 - nothing went wrong
    """Say that too many updates wait; Telegram sends this one again."""


class Intake:
    """Put updates into the journal and wake who handles them.

    Where `most` updates are open already, Telegram is left to keep the others for now.
    """

    def __init__(
        self,
        journal: Journal,
        metrics: Metrics,
        wake: Callable[[], None],
        most: int = _MOST_OPEN,
    ) -> None:
        self._journal = journal
        self._metrics = metrics
        self._wake = wake
        self._most = most
        self._room = asyncio.Event()
        self._room.set()

    def measured(self, count: int) -> None:
        """Learn how many updates are open."""
        if count < self._most:
            self._room.set()
        elif self._room.is_set():
            self._room.clear()
            _LOG.warning("%d messages wait for their replies; Telegram keeps the next ones.", count)

    async def room(self) -> None:
        """Wait until there is room for more updates."""
        await self._room.wait()

    async def take(self, updates: Iterable[object]) -> None:
        """Store updates durably; what has no number can't be, and is passed over.

        Raises StorageError if the journal fails, and Busy if too many updates are open.
        """
        if not self._room.is_set():
            raise Busy
        found = []
        for raw in updates:
            if (one := received(raw)) is None:
                _LOG.warning("Something without an update's number came and is passed over.")
            else:
                found.append(one)
        await self._journal.take(found)
        self._metrics.taken(kind_of(one.content) for one in found)
        self._wake()
