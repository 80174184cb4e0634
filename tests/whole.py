"""The whole bot in the loop of a test, on a database, as `majlis run` puts it together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot import bootstrap
from bot.fronts.telegram.parts import Pace
from bot.fronts.telegram.run import run_until
from bot.settings import Settings

HASTY = Pace(retry_after=0.01, attend_every=0.05)


@contextlib.asynccontextmanager
async def whole_bot(settings: Settings, pace: Pace = HASTY) -> AsyncIterator[None]:
    """Run the bot; at the end it is stopped and waited for."""
    stop = asyncio.Event()
    async with bootstrap.durable(settings) as made:
        parts = bootstrap.telegram_parts(made)
        task = asyncio.create_task(run_until(stop, settings, parts, pace))
        try:
            yield
        finally:
            stop.set()
            await task
