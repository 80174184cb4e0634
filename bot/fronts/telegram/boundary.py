"""The boundary at which the handling of an update ends, well or not."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.errors import BotError
from bot.fronts.telegram.forms import is_well_formed
from bot.fronts.telegram.handlers import LIMITED, PASSED_OVER, Handlers
from bot.fronts.telegram.logs import masked
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.verdicts import Done, Later, Verdict, verdict_on
from bot.storage.journal import Claimed

_LOG = logging.getLogger(__name__)
_ILL_FORMED = (
    *(ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError),
    RecursionError,
)
_DEADLY = 10
_AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class Boundary:
    """Have updates handled, and turn whatever comes of it into a verdict."""

    bot: Bot
    handlers: Handlers
    metrics: Metrics
    outages: Outages
    clock: Callable[[], dt.datetime]

    async def __call__(self, claimed: Claimed) -> Verdict:
        """Return what becomes of an update; raises nothing."""
        if claimed.deaths > _DEADLY:
            _LOG.error("Update %d is given up: the program ended over it.", claimed.number)
            return Done("undeliverable")
        update = self._read(claimed)
        if update is None:
            return Done(PASSED_OVER)
        verdict: Verdict
        try:
            verdict = done = await self.handlers.handle(update, claimed.taken.timestamp())
        except (BadRequest, Forbidden) as error:
            verdict = self._undelivered(error, claimed)
            if isinstance(error, BadRequest):
                await self._apologise(update, claimed.number)
        except TelegramError as error:
            verdict = self._undelivered(error, claimed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person gets a reply
            named = isinstance(error, BotError)
            shown = f": {error}" if named else ""
            _LOG.error(
                *("Update %d could not be handled%s", claimed.number, shown),
                exc_info=None if named else error,
            )
            verdict = await self._apologise(update, claimed.number)
        else:
            self._handled(done)
        return verdict

    def _read(self, claimed: Claimed) -> Update | None:
        """Return the update, or None for one of a form that can't be read."""
        reason = "its form"
        try:
            if is_well_formed(claimed.content):
                return Update.de_json(dict(claimed.content), self.bot)
        except _ILL_FORMED as error:
            reason = type(error).__name__
        _LOG.warning("Update %d can't be read (%s); passed over.", claimed.number, reason)
        return None

    def _handled(self, verdict: Done) -> None:
        if verdict.kind == LIMITED:
            self.metrics.limited()
        elif verdict.kind != PASSED_OVER:
            self.outages.over()

    def _undelivered(self, error: TelegramError, claimed: Claimed) -> Verdict:
        """Return the verdict on an error of Telegram's, counted and logged."""
        self.metrics.failed(type(error).__name__)
        age = (self.clock() - claimed.taken).total_seconds()
        verdict = verdict_on(error, age)
        if isinstance(verdict, Done):
            self.metrics.undeliverable()
            reason = masked(str(error), self.bot.token)
            _LOG.warning("The reply to update %d can't be delivered: %s", claimed.number, reason)
        elif not verdict.flood:
            self.outages.failed(error)
        return verdict

    async def _apologise(self, update: Update, number: int) -> Verdict:
        """Give the fallback in place of a reply that came to nothing."""
        try:
            await self.handlers.fail(update)
        except (BadRequest, Forbidden) as error:
            reason = masked(str(error), self.bot.token)
            _LOG.warning("Nor can the fallback for update %d be delivered: %s", number, reason)
        except TelegramError:
            return Later(_AGAIN)
        except _ILL_FORMED:
            _LOG.warning("Update %d is of no known form; passed over.", number)
        return Done("failed")
