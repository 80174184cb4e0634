"""When Telegram goes away and comes back: one log line a change."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from telegram.error import Conflict, TelegramError

from bot.fronts.telegram.logs import masked

_LOG = logging.getLogger(__name__)
_QUIET = 60.0  # seconds within which the same trouble isn't logged again
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
