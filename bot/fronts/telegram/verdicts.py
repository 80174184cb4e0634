"""What becomes of an update once it was handled, or couldn't be."""

from __future__ import annotations

from dataclasses import dataclass

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.fronts.telegram.floods import asked_pause
from bot.storage.store import Memory

_SHORTEST, _LONGEST = 0.25, 5.0
_PATIENCE = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """Say that nothing is left to do; `kind` names what it was, for logs and figures.

    `memories` are kept together with the mark that the update is done.
    """

    kind: str
    memories: tuple[Memory, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Say that an update has to be handled again in so many seconds.

    Whether Telegram asked for the pause (`flood`) or couldn't be reached makes a difference.
    """

    seconds: float
    flood: bool = False


Verdict = Done | Later


def verdict_on(error: TelegramError, age: float) -> Verdict:
    """Return what to do about an update, `age` seconds old, whose reply Telegram didn't take.

    What can't be delivered is done with; everything else is tried again, the older the update the
    more rarely, and for a day, as long as Telegram itself would have kept it.
    """
    if isinstance(error, BadRequest | Forbidden) or age > _PATIENCE:
        return Done("undeliverable")
    if isinstance(error, RetryAfter):
        return Later(asked_pause(error), flood=True)
    return Later(min(max(age / 4, _SHORTEST), _LONGEST))
