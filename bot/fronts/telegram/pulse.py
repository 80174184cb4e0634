"""The pulse: once a second, how the journal fares, and that this process is alive."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from bot.errors import StorageError
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.worker import Worker
from bot.storage.journal import Journal

_LOG = logging.getLogger(__name__)
_EVERY = 1.0
_RENEWALS = 3
"""How often a lease is prolonged before it would end."""


class Pulse:
    """Measure the journal, prolong the leases, and tell whether the bot can answer people.

    `lease` is in seconds.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of the bot, each once
        self,
        journal: Journal,
        intake: Intake,
        worker: Worker,
        metrics: Metrics,
        clock: Callable[[], dt.datetime],
        lease: float,
    ) -> None:
        self._journal = journal
        self._intake = intake
        self._worker = worker
        self._metrics = metrics
        self._clock = clock
        self._renewal = lease / _RENEWALS
        self._reason: str | None = "starting"
        self._stage: str | None = "starting"

    def ready(self) -> str | None:
        """Return None if the bot can answer people, else a short reason."""
        return self._stage or self._reason

    def started(self) -> None:
        """Be ready as soon as the journal is."""
        self._stage = None

    def stopping(self) -> None:
        """Be ready no more, however the journal fares."""
        self._stage = "stopping"

    async def run(self) -> None:
        """Beat until cancelled."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            try:
                await self._measure()
                numbers = self._worker.numbers
                if numbers and loop.time() - renewed >= self._renewal:
                    await self._journal.renew(numbers)
                    renewed = loop.time()
            except StorageError as error:
                if self._reason is None:
                    _LOG.error("The bot isn't ready: %s", error)
                self._reason = "the database fails"
            else:
                self._reason = None
            await asyncio.sleep(min(_EVERY, self._renewal))

    async def _measure(self) -> None:
        backlog = await self._journal.backlog()
        age = (self._clock() - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        self._metrics.waiting(backlog.count, max(age, 0.0))
        self._intake.measured(backlog.count)
