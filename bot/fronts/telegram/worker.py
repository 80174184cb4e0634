"""Work through the journal: in a chat one update after the other, chats side by side."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import assert_never

from bot.errors import StorageError
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.pressure import Pressure
from bot.fronts.telegram.verdicts import Done, Later, Verdict
from bot.logs import Trouble
from bot.storage.journal import Claimed, Journal
from bot.storage.store import Memory

_LOG = logging.getLogger(__name__)
_SIDE_BY_SIDE = 256
_LOOK_AGAIN = 1.0  # seconds, for what other processes left
_RETRY = 0.5  # seconds, when the database fails
_TRIES = 3
_LAST = 1.0  # seconds that giving back the leases may take at the stop
_UNHELD = (ArithmeticError, TypeError, ValueError)  # from drivers, for what no column holds
_NOT_KEPT = "The reply to update %d is given, but not kept: %s"
_LATE = 0.01  # seconds, so that an update is due for certain when it is looked for

Handle = Callable[[Claimed], Awaitable[Verdict]]


class Worker:
    """Claim updates, have them handled, and mark them as done or to be handled later.

    The journal gives only the first update of a chat, so the order within a chat holds, across
    processes too. At most `side_by_side` updates are handled at a time. `lease` is in seconds.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of the bot, each once
        self,
        journal: Journal,
        handle: Handle,
        metrics: Metrics,
        clock: Callable[[], dt.datetime],
        lease: float = 0.0,
        side_by_side: int = _SIDE_BY_SIDE,
    ) -> None:
        self._lease = lease
        self._journal = journal
        self._handle = handle
        self._metrics = metrics
        self._clock = clock
        self._pressure = Pressure(side_by_side)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._claiming: asyncio.Future[tuple[Claimed, ...]] | None = None
        self._awake = asyncio.Event()
        self._broken = False
        self._trusting = 0.0

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the updates that are being handled."""
        return tuple(self._running)

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
            await asyncio.wait(self._running.values(), timeout=patience)
        if self._running:
            _LOG.warning(
                "%d replies took longer than %g s; the next start gives them.",
                *(len(self._running), patience),
            )
            for task in self._running.values():
                task.cancel()
            await asyncio.wait(self._running.values())
        try:
            async with asyncio.timeout(_LAST):
                if self._claiming:
                    await asyncio.wait([self._claiming])
                await self._journal.release()
        except (StorageError, TimeoutError) as error:
            reason = str(error) or "the database takes too long"
            _LOG.error("What is left can't be given back before its lease ends: %s", reason)

    async def _claim(self, most: int) -> tuple[Claimed, ...]:
        loop = asyncio.get_running_loop()
        try:
            if self._broken:
                # Before others can take them for those of a process that died.
                await self._journal.renew(self.numbers)
            lost = not self._broken and loop.time() >= self._trusting
            self._claiming = asyncio.ensure_future(self._journal.claim(most, lost=lost))
            claimed = await asyncio.shield(self._claiming)
        except StorageError as error:
            if not self._broken:
                _LOG.error("Messages wait in the journal, which can't be read: %s", error)
            self._broken = True
            await asyncio.sleep(_RETRY)
            return ()
        if self._broken:
            _LOG.info("The journal can be read again.")
            self._broken = False
            # Leases ran out meanwhile though nobody died: their owners get time to renew them.
            self._trusting = loop.time() + self._lease
        return claimed

    def _start(self, claimed: Claimed) -> None:
        if claimed.number in self._running:
            return  # the lease ran out in a sleep of the whole machine, say, but it is in hand
        task = asyncio.create_task(self._work(claimed))
        self._running[claimed.number] = task
        task.add_done_callback(partial(self._ended, claimed.number))

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        del self._running[number]
        if not task.cancelled() and (error := task.exception()):
            _LOG.error("Update %d is left until its lease ends", number, exc_info=error)
        self._metrics.running(len(self._running))
        self.wake()

    async def _work(self, claimed: Claimed) -> None:
        verdict = await self._handle(claimed)
        match verdict:
            case Done(kind, memories, replied, also):
                await self._finish(claimed.number, memories, also)
                seconds = (self._clock() - claimed.taken).total_seconds()
                if replied:
                    self._pressure.eased()
                    self._metrics.replied(kind, seconds)
                _LOG.info("Update %d: %s, %.0f ms", claimed.number, kind, seconds * 1000)
            case Later(seconds, flood):
                self._pressure.failed(flood=flood)
                await self._defer(claimed.number, seconds)
            case _:
                assert_never(verdict)

    async def _finish(
        self, number: int, memories: tuple[Memory, ...], also: tuple[int, ...]
    ) -> None:
        """Mark as done, again and again: the reply is given and mustn't be given twice.

        If the memories are what the database refuses, it goes on without them.
        """
        refused, trouble = 0, Trouble(_LOG)
        while True:
            try:
                return await self._journal.finish(number, memories, also)
            except (StorageError, *_UNHELD) as error:
                reason = error if isinstance(error, StorageError) else type(error).__name__
                if not self._broken:
                    trouble.log(logging.ERROR, _NOT_KEPT, number, reason)
            await asyncio.sleep(_RETRY)
            refused += await self._is_reachable()
            if refused == _TRIES:
                trouble.log(logging.ERROR, _NOT_KEPT, number, reason)
                memories = ()

    async def _is_reachable(self) -> bool:
        try:
            await self._journal.backlog()
        except StorageError:
            return False
        return True

    async def _defer(self, number: int, seconds: float) -> None:
        until = self._clock() + dt.timedelta(seconds=seconds)
        try:
            await self._journal.defer(number, until)
        except StorageError as error:
            _LOG.error("Update %d is left until its lease ends: %s", number, error)
        asyncio.get_running_loop().call_later(seconds + _LATE, self.wake)
