"""Telling people things by oneself: once, whichever process does it, and never not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Once(Generic[Key]):
    """Claim what is to be told, tell it, and settle the claim.

    `claim` returns True to one of all processes; what one that died hasn't settled can be claimed
    again. What this process has told, but can't settle for now, it doesn't tell again.
    """

    claim: Callable[[Key], Awaitable[bool]]
    give_back: Callable[[Key], Awaitable[None]]
    settle: Callable[[Key], Awaitable[None]]
    _told: set[Key] = field(default_factory=set)

    async def tell(self, key: Key, send: Callable[[], Awaitable[object]]) -> bool:
        """Tell something by `send`; return False if another process does, or has done it.

        Raises StorageError and what `send` raises; then it is still to be told, or settled.
        """
        if key not in self._told:
            if not await self.claim(key):
                return False
            try:
                await send()
            except BaseException:
                await self.give_back(key)
                raise
            self._told.add(key)
        await self.settle(key)
        self._told.discard(key)
        return True
