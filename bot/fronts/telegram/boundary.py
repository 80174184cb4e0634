"""The boundary at which the handling of an update ends, well or not."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Bot, Update
from telegram.error import BadRequest, TelegramError

from bot.errors import BotError, StorageError
from bot.fronts.telegram.forms import is_well_formed
from bot.fronts.telegram.handlers import LIMITED, PASSED_OVER, Handlers
from bot.fronts.telegram.languages import Languages
from bot.fronts.telegram.logs import masked
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.received import HANDLED
from bot.fronts.telegram.verdicts import (
    UNDELIVERABLE,
    Done,
    Later,
    Setbacks,
    Verdict,
    verdict_on,
)
from bot.logs import Trouble
from bot.storage.journal import Claimed

_LOG = logging.getLogger(__name__)
_ILL_FORMED = (
    *(ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError),
    RecursionError,
)
FAILED = "failed"
"""The kind of updates whose reply came to nothing."""

_DEADLY = 20
_AGAIN, _PATIENCE = 1.0, 10 * 60.0  # seconds, with the database


@dataclass(frozen=True, slots=True)
class Boundary:
    """Have updates handled, and turn whatever comes of it into a verdict."""

    bot: Bot
    handlers: Handlers
    metrics: Metrics
    outages: Outages
    clock: Callable[[], dt.datetime]
    languages: Languages | None = None
    _setbacks: Setbacks = field(default_factory=Setbacks)
    _trouble: Trouble = field(default_factory=lambda: Trouble(_LOG))

    async def __call__(self, claimed: Claimed) -> Verdict:
        """Return what becomes of an update; raises nothing."""
        update = None if claimed.content.keys().isdisjoint(HANDLED) else self._read(claimed)
        if update is None:
            return Done(PASSED_OVER, replied=False)
        if self.languages:
            update = await self.languages.as_chosen(update, claimed.content)
        if claimed.deaths > _DEADLY:
            return await self._give_up(update, claimed)
        return await self._handle(update, claimed)

    async def _handle(self, update: Update, claimed: Claimed) -> Verdict:
        try:
            verdict = await self.handlers.handle(update, claimed.taken.timestamp())
        except BadRequest as error:
            self._undelivered(error, claimed)
            return await self._apologise(update, claimed)
        except TelegramError as error:
            return self._undelivered(error, claimed)
        except StorageError as error:
            return await self._without_database(update, claimed, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person gets a reply
            named = isinstance(error, BotError)
            shown = f": {error}" if named else ""
            _LOG.error(
                *("Update %d could not be handled%s", claimed.number, shown),
                exc_info=None if named else error,
            )
            return await self._apologise(update, claimed)
        self._handled(verdict, claimed)
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

    def _handled(self, verdict: Done, claimed: Claimed) -> None:
        self._trouble.over("The database can be read again.")
        if verdict.kind == LIMITED:
            self.metrics.limited()
        if verdict.replied:
            self.outages.over()
            self._setbacks.through(claimed.number)

    async def _give_up(self, update: Update, claimed: Claimed) -> Verdict:
        """Apologise once for an update over which the program ended again and again."""
        _LOG.error("Update %d is given up: the program ended over it.", claimed.number)
        self.metrics.undeliverable()
        if claimed.deaths > _DEADLY + 1:
            return UNDELIVERABLE
        return await self._apologise(update, claimed)

    async def _without_database(
        self, update: Update, claimed: Claimed, error: StorageError
    ) -> Verdict:
        """Try again what the database didn't allow, for ten minutes."""
        self._trouble.log(logging.ERROR, "Messages wait for the database: %s", error)
        if self._age(claimed) < _PATIENCE:
            return Later(_AGAIN)
        return await self._apologise(update, claimed)

    def _undelivered(self, error: TelegramError, claimed: Claimed) -> Verdict:
        """Return the verdict on an error of Telegram's, counted and logged."""
        self.metrics.failed(type(error).__name__)
        alone = self._setbacks.failed(claimed.number)
        verdict = verdict_on(error, self._age(claimed), alone)
        if isinstance(verdict, Done):
            self.metrics.undeliverable()
            reason = masked(str(error), self.bot.token)
            _LOG.warning("The reply to update %d can't be delivered: %s", claimed.number, reason)
        elif not verdict.flood:
            self.outages.failed(error)
        return verdict

    async def _apologise(self, update: Update, claimed: Claimed) -> Verdict:
        """Give the fallback in place of a reply that came to nothing."""
        try:
            await self.handlers.fail(update)
        except TelegramError as error:
            return self._undelivered(error, claimed)
        except StorageError:
            return Later(_AGAIN)
        except _ILL_FORMED:
            _LOG.warning("Update %d is of no known form; passed over.", claimed.number)
            return Done(FAILED, replied=False)
        return Done(FAILED)

    def _age(self, claimed: Claimed) -> float:
        """Return how many seconds ago an update was taken."""
        return (self.clock() - claimed.taken).total_seconds()
