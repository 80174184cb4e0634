"""Waiting for the server's state to change, without sleeping."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `hears(timeout=1)`

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Pulse:
    """Wake whoever waits for the state to change: an `asyncio.Condition` that sync code can beat.

    A condition's lock would make every change of state `async`; in one event loop nothing
    can slip between a look and a wait, so the lock has nothing to protect.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def beat(self) -> None:
        """Tell everyone who waits that something has changed."""
        for event in self._waiting:
            event.set()

    async def until(
        self, find: Callable[[], Found | None], *, timeout: float | None, what: Callable[[], str]
    ) -> Found:
        """Wait until `find` finds something; say `what` was missed when time runs out."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout):
                while (found := find()) is None:
                    event.clear()
                    await event.wait()
        except TimeoutError:
            raise TimeoutError(what()) from None
        finally:
            self._waiting.discard(event)
        return found
