"""What becomes of an update once it was handled, or couldn't be."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.fronts.telegram.floods import asked_pause
from bot.storage.store import Memory

_SHORTEST, _LONGEST = 0.25, 5.0
_PATIENCE = 24 * 60 * 60.0
_PATIENCE_ALONE, _ALONE = 10 * 60.0, 20
_KNOWN = 10_000
# What a group's moderating bot did at once: each repetition would be sent, and deleted, again.
_DELETED = re.compile("message was immediately deleted", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Done:
    """Say that nothing is left to do; `kind` names what it was, for logs and figures.

    `memories` are kept together with the mark that the update is done. `replied` says whether
    Telegram took a reply. `also` are updates behind this one in its chat that are done with it.
    """

    kind: str
    memories: tuple[Memory, ...] = ()
    replied: bool = True
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Say that an update has to be handled again in so many seconds.

    Whether Telegram asked for the pause (`flood`) or couldn't be reached makes a difference.
    """

    seconds: float
    flood: bool = False


Verdict = Done | Later
UNDELIVERABLE = Done("undeliverable", replied=False)


class Setbacks:
    """Count how often the reply to an update failed although another's went through meanwhile.

    The 10,000 updates that failed last are remembered, in this process only.
    """

    def __init__(self) -> None:
        self._through = 0
        self._failed: OrderedDict[int, tuple[int, int]] = OrderedDict()

    def through(self, number: int) -> None:
        """Learn that a reply went through."""
        self._through += 1
        self._failed.pop(number, None)

    def failed(self, number: int) -> int:
        """Return how often an update, which failed again just now, was alone in that."""
        before, alone = self._failed.get(number, (self._through, 0))
        alone += self._through > before
        self._failed[number] = self._through, alone
        if len(self._failed) > _KNOWN:
            self._failed.popitem(last=False)
        return alone


def verdict_on(error: TelegramError, age: float, alone: int = 0) -> Verdict:
    """Return what to do about an update, `age` seconds old, whose reply Telegram didn't take.

    What can't be delivered is done with; everything else is tried again, the older the update the
    more rarely, and for a day, as long as Telegram itself would have kept it. One that failed 20
    times though others went through (`alone`) gets ten minutes: it is to blame, not the network.
    """
    hopeless = isinstance(error, BadRequest | Forbidden) or _DELETED.search(error.message)
    if hopeless or age > _PATIENCE:
        return UNDELIVERABLE
    if isinstance(error, RetryAfter):
        return Later(asked_pause(error), flood=True)
    if age > _PATIENCE_ALONE and alone >= _ALONE:
        return UNDELIVERABLE
    return Later(min(max(age / 4, _SHORTEST), _LONGEST))
