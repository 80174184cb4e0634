"""Watching the bot: the record of its calls, and waiting for what it does."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `called(…, timeout=1)`

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from .calls import Call
from .world import World

Found = TypeVar("Found")
SHOWN = 5


@dataclass(slots=True)
class Watch:
    """See everything and wait at most `patience` seconds for it."""

    world: World
    patience: float
    calls: list[Call] = field(default_factory=list)

    def record(self, call: Call) -> None:
        """Add a call to the record."""
        self.calls.append(call)
        self.world.pulse.beat()

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of a method so far."""
        return [call for call in self.calls if call.method == method]

    async def until(
        self, find: Callable[[], Found | None], wanted: str, *, timeout: float | None = None
    ) -> Found:
        """Wait until `find` finds something; when time runs out, say what was called instead."""
        limit = self.patience if timeout is None else timeout

        def missed() -> str:
            calls = [str(call) for call in self.calls if call.method != "getUpdates"]
            shown = ", ".join(calls[-SHOWN:]) or "none"
            return f"waited {limit} s for {wanted}; the bot's last calls: {shown}"

        return await self.world.pulse.until(find, timeout=limit, what=missed)
