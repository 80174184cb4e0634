"""What people asked and what they thought of the replies, read together to learn from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from bot.storage.store import Exchange, Feedback, Heard, Miss


@dataclass(frozen=True, slots=True)
class Settled:
    """Hold a miss that an admin answered; `decision` numbers what was answered in one go.

    `entry` is the one whose phrase the utterance became, "" where none had answered it.
    """

    decision: int
    user: int
    text: str
    entry: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Traffic:
    """Hold utterances, replies and votes, oldest first; people and chats by their pseudonyms.

    Exchanges are those of known utterances, without explanations; `dismissed` are the misses by
    "None of these".
    """

    heard: tuple[Heard, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    dismissed: tuple[Miss, ...] = ()
    settled: tuple[Settled, ...] = ()


class TrafficLog(Protocol):
    """Read what people asked; every method raises StorageError when the database fails."""

    async def traffic(self, since: dt.datetime | None = None) -> Traffic:
        """Return what came since an instant, or all."""
        ...
