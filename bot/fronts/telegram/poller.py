"""Long polling: updates into the journal, through outages and second pollers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest

from bot.errors import FrontError, StorageError
from bot.fronts.telegram.floods import asked_pause
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.received import HANDLED, received
from bot.fronts.telegram.serving import Busy

_LOG = logging.getLogger(__name__)
_POLL, _LATE = 30, 20  # seconds that a poll lasts, and that it may come late
_LONGEST_WAIT = 5.0
_NUMBERLESS = "Telegram sends updates without a number"
_Result = TypeVar("_Result")

REFUSED = (
    "Telegram refuses the bot token: check TELEGRAM_BOT_TOKEN, and TELEGRAM_TEST_ENVIRONMENT=1 "
    "if it is a token of the test environment. @BotFather shows the token of a bot."
)


class Poller:
    """Fetch the updates of one bot until told to stop.

    `request` is the one of the bot that fetches updates. `first_wait` is the time in seconds before
    the first repetition of a failed call; it doubles up to five.
    """

    def __init__(
        self, bot: Bot, request: BaseRequest, outages: Outages, *, first_wait: float = 1.0
    ) -> None:
        self._bot = bot
        self._request = request
        self._outages = outages
        self._first_wait = first_wait

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

    async def run(self, intake: Intake, stop: asyncio.Event) -> None:
        """Fetch updates until told to stop; each is stored before the next are asked for.

        Raises FrontError if Telegram refuses the token.
        """
        offset = 0
        while not stop.is_set():
            await _unless_stopped(intake.room(), stop)
            updates = await self.until(partial(self._fetch, offset), stop)
            if updates and await self._store(intake, updates, stop):
                offset = max(each.number for raw in updates if (each := received(raw))) + 1

    async def _fetch(self, offset: int) -> list[object]:
        """Return what Telegram has, as it came; it forgets the updates below the offset.

        The library would read them all at once, so that an odd one kept it from the others.
        """
        asked = {"offset": offset, "timeout": _POLL, "allowed_updates": json.dumps(HANDLED)}
        found: object = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=_POLL + _LATE
        )
        updates = found if isinstance(found, list) else []
        if updates and not any(map(received, updates)):
            raise NetworkError(_NUMBERLESS)
        return updates

    async def _store(self, intake: Intake, updates: Iterable[object], stop: asyncio.Event) -> bool:
        """Put updates into the journal, again and again while it fails or is full."""
        broken = False
        while not stop.is_set():
            # There was room when they were asked for, but a poll takes its time.
            await _unless_stopped(intake.room(), stop)
            try:
                await intake.take(updates)
            except Busy:
                continue
            except StorageError as error:
                if not broken:
                    _LOG.error("Messages stay with Telegram, as they can't be stored: %s", error)
                broken = True
                await _pause(_LONGEST_WAIT, stop)
            else:
                if broken:
                    _LOG.info("Messages can be stored again.")
                return True
        return False


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
