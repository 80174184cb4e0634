"""Work through the journal: in a chat one update after the other, chats side by side."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import assert_never

from bot.errors import StorageError
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.pressure import Pressure
from bot.fronts.telegram.verdicts import Done, Later, Verdict
from bot.storage.journal import Claimed, Journal
from bot.storage.store import Memory

_LOG = logging.getLogger(__name__)
_SIDE_BY_SIDE = 256
_LOOK_AGAIN = 1.0  # seconds, for what other processes left
_RETRY = 0.5  # seconds, when the database fails
_TRIES = 3
_LATE = 0.01  # seconds, so that an update is due for certain when it is looked for

Handle = Callable[[Claimed], Awaitable[Verdict]]


class Worker:
    """Claim updates, have them handled, and mark them as done or to be handled later.

    The journal gives only the first update of a chat, so the order within a chat holds, across
    processes too. At most `side_by_side` updates are handled at a time.
    """

    def __init__(
        self,
        journal: Journal,
        handle: Handle,
        metrics: Metrics,
        clock: Callable[[], dt.datetime],
        side_by_side: int = _SIDE_BY_SIDE,
    ) -> None:
        self._journal = journal
        self._handle = handle
        self._metrics = metrics
        self._clock = clock
        self._pressure = Pressure(side_by_side)
        self._running: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._broken = False

    @property
    def busy(self) -> bool:
        """Return whether any update is being handled."""
        return bool(self._running)

    def wake(self) -> None:
        """Look for work at once."""
        self._awake.set()

    async def run(self) -> None:
        """Work until cancelled; what is being handled then goes on."""
        while True:
            self._awake.clear()
            room = self._pressure.room - len(self._running)
            claimed = await self._claim(room) if room > 0 else ()
            for each in claimed:
                self._start(each)
            # A full hand means that more may wait; a task's end wakes in any case.
            if not 0 < room == len(claimed):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_AGAIN):
                        await self._awake.wait()
            if self._pressure.pause:
                await asyncio.sleep(self._pressure.pause)

    async def finish(self, patience: float) -> None:
        """Wait for what is being handled, at most `patience` seconds, and give back the rest."""
        if self._running:
            await asyncio.wait(self._running, timeout=patience)
        if self._running:
            _LOG.warning(
                "%d replies took longer than %g s; the next start gives them.",
                *(len(self._running), patience),
            )
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running)
        try:
            await self._journal.release()
        except StorageError as error:
            _LOG.error("What is left can't be given back before its lease ends: %s", error)

    async def _claim(self, most: int) -> tuple[Claimed, ...]:
        try:
            claimed = await self._journal.claim(most)
        except StorageError as error:
            if not self._broken:
                _LOG.error("Messages wait in the journal, which can't be read: %s", error)
            self._broken = True
            await asyncio.sleep(_RETRY)
            return ()
        if self._broken:
            _LOG.info("The journal can be read again.")
            self._broken = False
        return claimed

    def _start(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._work(claimed))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._metrics.running(len(self._running))
        self.wake()

    async def _work(self, claimed: Claimed) -> None:
        verdict = await self._handle(claimed)
        match verdict:
            case Done(kind, memories):
                self._pressure.eased()
                await self._finish(claimed.number, memories)
                seconds = (self._clock() - claimed.taken).total_seconds()
                self._metrics.replied(kind, seconds)
                _LOG.info("Update %d: %s, %.0f ms", claimed.number, kind, seconds * 1000)
            case Later(seconds, flood):
                self._pressure.failed(flood=flood)
                await self._defer(claimed.number, seconds)
            case _:
                assert_never(verdict)

    async def _finish(self, number: int, memories: tuple[Memory, ...]) -> None:
        """Mark as done, again and again: the reply is given and mustn't be given twice.

        If the memories could be what the database refuses, it goes on without them.
        """
        for attempt in range(_TRIES):
            try:
                return await self._journal.finish(number, memories)
            except StorageError as error:
                _LOG.error("The reply to update %d is given, but not kept: %s", number, error)
                await asyncio.sleep(_RETRY * attempt)
        while True:
            try:
                return await self._journal.finish(number)
            except StorageError:
                await asyncio.sleep(_RETRY)

    async def _defer(self, number: int, seconds: float) -> None:
        until = self._clock() + dt.timedelta(seconds=seconds)
        try:
            await self._journal.defer(number, until)
        except StorageError as error:
            _LOG.error("Update %d is left until its lease ends: %s", number, error)
        asyncio.get_running_loop().call_later(seconds + _LATE, self.wake)
