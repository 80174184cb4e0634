"""What can be counted: how a bot is used, and how well it answers. Nobody is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from bot.storage.store import ReplyKind, Vote


@dataclass(frozen=True, slots=True)
class Span:
    """Hold two instants in UTC: what is counted lies from `since` on and before `until`."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Replies:
    """Count the replies of a kind to messages in a language on one day (UTC)."""

    day: dt.date
    language: str
    kind: ReplyKind
    count: int


@dataclass(frozen=True, slots=True)
class Votes:
    """Count the votes of a kind on the answers of an entry on one day (UTC)."""

    day: dt.date
    entry: str
    vote: Vote
    count: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Count the cases that were opened, and those that were closed.

    `wait` is the median time until an operator's first answer to those opened in the span, None
    where there was no answer.
    """

    opened: int = 0
    closed: int = 0
    wait: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Hold what happened in a span; days without anything are left out."""

    replies: tuple[Replies, ...] = ()
    votes: tuple[Votes, ...] = ()
    handover: Handover = Handover()


@dataclass(frozen=True, slots=True)
class Asked:
    """Count how often people were answered with an entry."""

    entry: str
    count: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """Count how often an entry ranked first and was answered with or suggested.

    `confidence` is the matcher's mean (0-1); `suggested` counts when that was too low to answer.
    """

    entry: str
    count: int
    confidence: float
    suggested: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Name a text that a person asked in vain.

    `person` tells people apart without naming them; None where that isn't known.
    """

    text: str
    person: int | None


@dataclass(frozen=True, slots=True)
class Details:
    """Hold which entries were asked for, and what was asked in vain and isn't settled."""

    asked: tuple[Asked, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    wanted: tuple[Wanted, ...] = ()


class Figures(Protocol):
    """Count what was kept; every method raises StorageError when the database fails."""

    async def overview(self, span: Span) -> Overview:
        """Return what happened in a span."""
        ...

    async def details(self, span: Span) -> Details:
        """Return which entries and texts it was about; of `wanted` the latest 20,000."""
        ...


class NoFigures:
    """Count nothing: for bots that remember nothing once they stop."""

    async def overview(self, span: Span) -> Overview:  # noqa: ARG002 - the port's signature
        """Return that nothing happened."""
        return Overview()

    async def details(self, span: Span) -> Details:  # noqa: ARG002 - the port's signature
        """Return that there is nothing."""
        return Details()
