"""Long polling: updates in, through outages and second pollers, one log line a change of state."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.errors import FrontError
from bot.fronts.telegram.floods import asked_pause
from bot.fronts.telegram.logs import masked

_LOG = logging.getLogger(__name__)
_POLL = dt.timedelta(seconds=30)
_LONGEST_WAIT = 30.0
_QUIET = 60.0  # seconds within which the same trouble isn't logged again
_Result = TypeVar("_Result")

REFUSED = (
    "Telegram refuses the bot token: check TELEGRAM_BOT_TOKEN, and TELEGRAM_TEST_ENVIRONMENT=1 "
    "if it is a token of the test environment. @BotFather shows the token of a bot."
)
_CONFLICT = (
    "Another program uses this bot token: stop it, or give this one a token of its own. Trying on."
)


class Outages:
    """Log when Telegram goes away and comes back; `clock` counts seconds."""

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._clock = clock
        self._current = ""
        self._logged: dict[str, float] = {}

    def failed(self, error: TelegramError) -> None:
        """Log a failure of a kind that isn't known yet."""
        kind = "conflict" if isinstance(error, Conflict) else "network"
        if kind == self._current:
            return
        self._current = kind
        if self._clock() - self._logged.get(kind, -_QUIET) < _QUIET:
            return
        self._logged[kind] = self._clock()
        if kind == "conflict":
            _LOG.error("%s (%s)", _CONFLICT, masked(error.message, self._token))
        else:
            reason = masked(str(error), self._token)
            _LOG.warning("Telegram can't be reached (%s). Trying on.", reason)

    def over(self) -> None:
        """Log that Telegram is back if it was away."""
        if self._current == "network":
            _LOG.info("Telegram can be reached again.")
            self._logged.pop("network", None)
        self._current = ""


class Poller:
    """Fetch the updates of one bot into a queue until told to stop.

    `first_wait` is the time in seconds before the first repetition of a failed call; it doubles up
    to half a minute.
    """

    def __init__(
        self,
        bot: Bot,
        queue: asyncio.Queue[object],
        kinds: Sequence[str],
        *,
        first_wait: float = 1.0,
    ) -> None:
        self._bot = bot
        self._queue = queue
        self._kinds = kinds
        self._first_wait = first_wait
        self._outages = Outages(bot.token)
        self._offset: int | None = None

    async def until(
        self, call: Callable[[], Awaitable[_Result]], stop: asyncio.Event
    ) -> _Result | None:
        """Repeat a call until it works and return its result, or None if told to stop.

        Raises FrontError if Telegram refuses the token.
        """
        wait = self._first_wait
        while not stop.is_set():
            try:
                result = await _unless_stopped(call(), stop)
            except InvalidToken:
                raise FrontError(REFUSED) from None
            except TelegramError as error:
                self._outages.failed(error)
                await _pause(asked_pause(error) or wait, stop)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                if not stop.is_set():
                    self._outages.over()
                return result
        return None

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch updates until told to stop; raises FrontError if Telegram refuses the token."""
        while not stop.is_set():
            updates = await self.until(self._fetch, stop)
            for update in updates or ():
                await self._queue.put(update)
                self._offset = update.update_id + 1

    async def confirm(self) -> None:
        """Tell Telegram that what was fetched is done, so that it doesn't come again."""
        if self._offset is not None:
            with contextlib.suppress(TelegramError):
                await self._bot.get_updates(
                    offset=self._offset, limit=1, timeout=0, allowed_updates=self._kinds
                )

    async def _fetch(self) -> tuple[Update, ...]:
        return await self._bot.get_updates(
            offset=self._offset, timeout=_POLL, allowed_updates=self._kinds
        )


async def _unless_stopped(call: Awaitable[_Result], stop: asyncio.Event) -> _Result | None:
    """Return the result of a call, or None as soon as the stop comes."""
    work, stopping = asyncio.ensure_future(call), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        for task in (work, stopping):
            task.cancel()
        await asyncio.wait({work, stopping})


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
