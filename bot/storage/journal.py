"""The journal of updates, and the port through which it is kept.

An update is in the journal before Telegram is told that it arrived, and marked as done together
with all that its handling keeps. Whatever dies in between is handled again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.storage.store import Memory

Json = Mapping[str, Any]

DONE_UPDATES_STAY = dt.timedelta(days=2)
"""How long the number of an update that is done is known: Telegram repeats one for a day."""


@dataclass(frozen=True, slots=True)
class Received:
    """Hold an update as it came: its number, unique for ever, and its content.

    Updates of one `line`, such as a chat, are handled one after the other, in the order of their
    numbers; None stands in no line.
    """

    number: int
    line: int | None
    content: Json


@dataclass(frozen=True, slots=True)
class Claimed:
    """Hold an update that only this process handles now.

    `deaths` counts the processes that died over it. `taken` is when it was received, in UTC.
    """

    number: int
    content: Json
    taken: dt.datetime
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """Count the updates that aren't done; `oldest` is when the first of them came, in UTC."""

    count: int
    oldest: dt.datetime | None = None


class Journal(Protocol):
    """Keep updates until they are done; any number of processes may share one journal.

    Every method raises StorageError when the database can't be reached or written.
    """

    async def take(self, received: Sequence[Received]) -> None:
        """Store updates durably; one that was stored before, done or not, changes nothing."""
        ...

    async def claim(self, most: int, *, lost: bool = True) -> tuple[Claimed, ...]:
        """Return at most so many updates that nobody handles, oldest first, and lease them.

        Without `lost` not those whose lease another process let run out.

        Of each line only the first that isn't done is given, and none while another is handled.
        """
        ...

    async def following(self, number: int, most: int) -> tuple[Claimed, ...]:
        """Return at most so many updates that wait behind one in its line, in their order.

        Nobody can claim them before that one is done.
        """
        ...

    async def finish(
        self, number: int, memories: Sequence[Memory] = (), also: Sequence[int] = ()
    ) -> None:
        """Mark an update as done and keep what follows from it, both or neither.

        `also` are updates behind it in its line that its reply has answered as well: they are done
        with it, unless it was done before.
        """
        ...

    async def defer(self, number: int, until: dt.datetime) -> None:
        """Give an update back, to be claimed again by anybody from an instant on."""
        ...

    async def renew(self, numbers: Sequence[int]) -> None:
        """Prolong this process's leases of some updates."""
        ...

    async def release(self) -> None:
        """Give back all that this process has claimed."""
        ...

    async def backlog(self) -> Backlog:
        """Return how much waits or is being handled."""
        ...
