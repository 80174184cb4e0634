"""The journal of a bot that remembers nothing once it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter

from bot.storage.journal import DONE_UPDATES_STAY, Backlog, Claimed, Received
from bot.storage.store import Memory, Store


@dataclass(slots=True)
class _Update:
    received: Received
    taken: dt.datetime
    free: dt.datetime
    claimed: bool = False


class MemoryJournal:
    """Keep updates in memory, by the same rules as SqlJournal; memories go to `store`.

    `clock` returns the present instant with its time zone.
    """

    def __init__(self, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock
        self._open: dict[int, _Update] = {}
        self._done: dict[int, dt.datetime] = {}

    async def take(self, received: Sequence[Received]) -> None:
        """Store updates; one that was stored before changes nothing."""
        now = self._clock()
        self._prune(now)
        for each in received:
            if each.number not in self._done:
                self._open.setdefault(each.number, _Update(each, now, now))

    async def claim(
        self,
        most: int,
        *,
        lost: bool = True,  # noqa: ARG002 - there is no other process
    ) -> tuple[Claimed, ...]:
        """Return at most so many updates that nobody handles, oldest first."""
        now = self._clock()
        lines = {each.received.line for each in self._open.values() if each.claimed} - {None}
        found: list[Claimed] = []
        for number, each in sorted(self._open.items(), key=itemgetter(0)):
            line = each.received.line
            if line not in lines and not each.claimed and each.free <= now and len(found) < most:
                each.claimed = True
                found.append(Claimed(number, each.received.content, each.taken))
            if line is not None:
                lines.add(line)
        return tuple(found)

    async def following(self, number: int, most: int) -> tuple[Claimed, ...]:
        """Return at most so many updates that wait behind one in its line, in their order."""
        first = self._open.get(number)
        line = first.received.line if first else None
        behind = [
            Claimed(later, each.received.content, each.taken)
            for later, each in sorted(self._open.items(), key=itemgetter(0))
            if later > number and line is not None and each.received.line == line
        ]
        return tuple(behind[:most])

    async def finish(
        self, number: int, memories: Sequence[Memory] = (), also: Sequence[int] = ()
    ) -> None:
        """Mark an update as done, with others behind it, and keep what follows from it."""
        if number in self._open:
            await self._store.keep(memories)
            for each in {number, *also} & self._open.keys():
                del self._open[each]
                self._done[each] = self._clock()

    async def defer(self, number: int, until: dt.datetime) -> None:
        """Give an update back, to be claimed again from an instant on."""
        if each := self._open.get(number):
            each.claimed, each.free = False, until

    async def renew(self, numbers: Sequence[int]) -> None:
        """Do nothing: there is no other process."""

    async def release(self) -> None:
        """Give back all that was claimed."""
        for each in self._open.values():
            each.claimed = False

    async def backlog(self) -> Backlog:
        """Return how much waits or is being handled."""
        taken = [each.taken for each in self._open.values()]
        return Backlog(len(taken), min(taken, default=None))

    def _prune(self, now: dt.datetime) -> None:
        oldest = now - DONE_UPDATES_STAY
        for number in tuple(takewhile(lambda each: self._done[each] < oldest, self._done)):
            del self._done[number]
