"""Long polling: updates into the journal, through outages and second pollers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest

from bot.errors import FrontError, StorageError
from bot.fronts.telegram.floods import asked_pause
from bot.fronts.telegram.intake import Busy, Intake
from bot.fronts.telegram.logs import masked
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.received import HANDLED, received
from bot.fronts.telegram.transport import Unreadable
from bot.logs import Trouble

_LOG = logging.getLogger(__name__)
_POLL, _LATE = 30, 20  # seconds that a poll lasts, and that it may come late
_AT_ONCE = 1.0  # seconds within which a poll doesn't end without an update
_MOST = 100  # updates in one answer
_LONGEST_WAIT = 5.0
_REFUSALS = 3  # in a row, as something in between may refuse a call, too
_NO_LIST = "Telegram sends something else than updates"
_NUMBERLESS = "Telegram sends updates without a number"
_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')
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
        self._trouble = Trouble(_LOG)

    async def until(
        self, call: Callable[[], Awaitable[_Result]], stop: asyncio.Event, *, refusals: int = 1
    ) -> _Result | None:
        """Repeat a call until it works and return its result, or None if told to stop.

        Raises FrontError if Telegram refuses the token or the call, so many times in a row.
        """
        wait, refused = self._first_wait, 0
        while not stop.is_set():
            try:
                result = await _unless_stopped(call(), stop)
            except TelegramError as error:
                refused = refused + 1 if isinstance(error, InvalidToken | BadRequest) else 0
                if refused == refusals:
                    raise FrontError(_remedy(error, self._bot.token)) from None
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

        Raises FrontError if Telegram keeps refusing the token or the call.
        """
        offset, loop = 0, asyncio.get_running_loop()
        while not stop.is_set():
            await _unless_stopped(intake.room(), stop)
            asked = loop.time()
            updates = await self.until(partial(self._fetch, offset), stop, refusals=_REFUSALS)
            if updates and await self._store(intake, updates, stop):
                offset = max(each.number for raw in updates if (each := received(raw))) + 1
            elif loop.time() - asked < _AT_ONCE:
                await _pause(self._first_wait, stop)

    async def _fetch(self, offset: int) -> list[object]:
        """Return what Telegram has, as it came; it forgets the updates below the offset.

        Of an update that can't be read at all, only the number is returned.
        """
        try:
            return await self._ask(offset, _MOST)
        except Unreadable as error:
            if _number_in(error.body) is None:
                raise
        try:
            return await self._ask(offset, 1)
        except Unreadable as error:
            number = _number_in(error.body)
            if number is None:
                raise
        _LOG.error("Update %d can't be read at all; passed over.", number)
        return [{"update_id": number}]

    async def _ask(self, offset: int, most: int) -> list[object]:
        """Return at most so many updates.

        The library would read them all at once, so that an odd one kept it from the others.
        """
        asked = {
            "offset": offset,
            "limit": most,
            "timeout": _POLL,
            "allowed_updates": json.dumps(HANDLED),
        }
        updates: object = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=_POLL + _LATE
        )
        if not isinstance(updates, list):
            raise NetworkError(_NO_LIST)
        if updates and not any(map(received, updates)):
            raise NetworkError(_NUMBERLESS)
        return updates

    async def _store(self, intake: Intake, updates: Iterable[object], stop: asyncio.Event) -> bool:
        """Put updates into the journal, again and again while it fails or is full."""
        while not stop.is_set():
            # There was room when they were asked for, but a poll takes its time.
            await _unless_stopped(intake.room(), stop)
            try:
                await intake.take(updates)
            except Busy:
                continue
            except StorageError as error:
                self._trouble.log(
                    logging.ERROR, "Messages stay with Telegram, as they can't be stored: %s", error
                )
                await _pause(_LONGEST_WAIT, stop)
            else:
                self._trouble.over("Messages can be stored again.")
                return True
        return False


def _remedy(error: TelegramError, token: str) -> str:
    """Return what to do about a refusal."""
    if isinstance(error, InvalidToken):
        return REFUSED
    return (
        f"Telegram refuses a call ({masked(error.message, token)}): check MAJLIS_WEBHOOK_URL, and "
        "TELEGRAM_API_URL if it is set."
    )


def _number_in(body: bytes) -> int | None:
    """Return the number of the first update in an answer, or None if there is none.

    Nor is there one in an answer that broke off: it is whole when it comes again.
    """
    found = _NUMBER.search(body) if body.rstrip().endswith(b"]}") else None
    return int(found[1]) if found else None


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
