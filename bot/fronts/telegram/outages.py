"""When Telegram goes away and comes back: one log line a change, and few if it keeps changing."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable

from telegram.error import Conflict, TelegramError

from bot.fronts.telegram.logs import masked

_LOG = logging.getLogger(__name__)
_QUIET = 60.0  # seconds for each line that is logged about the same trouble
_CONFLICT = (
    "Another program uses this bot token: stop it, or give this one a token of its own. Trying on."
)


class Outages:
    """Log when Telegram goes away and comes back, in two minutes at most twice.

    `clock` counts seconds.
    """

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._clock = clock
        self._told: set[str] = set()
        self._logged = {
            "network": deque([-math.inf] * 2, maxlen=2),
            "conflict": deque([-math.inf], maxlen=1),
        }

    def failed(self, error: TelegramError) -> None:
        """Log a failure of a kind that isn't known yet."""
        kind = "conflict" if isinstance(error, Conflict) else "network"
        logged = self._logged[kind]
        if kind in self._told or self._clock() - logged[0] < _QUIET * len(logged):
            return
        self._told.add(kind)
        logged.append(self._clock())
        if kind == "conflict":
            _LOG.error("%s (%s)", _CONFLICT, masked(error.message, self._token))
        else:
            reason = masked(str(error), self._token)
            _LOG.warning("Telegram can't be reached (%s). Trying on.", reason)

    def over(self) -> None:
        """Log that Telegram is back if the log says that it is away."""
        if "network" in self._told:
            _LOG.info("Telegram can be reached again.")
        self._told.clear()
