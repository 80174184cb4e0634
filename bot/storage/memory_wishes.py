"""The wishes of tests and of a bot that remembers nothing once it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.storage.telling import TELLING_LEASE
from bot.storage.wishes import Wish


class MemoryWishes:
    """Keep wishes in memory, by the same rules as SqlWishes; `clock` gives the time in UTC."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._wishes: dict[int, Wish] = {}
        self._free_at: dict[int, dt.datetime] = {}
        self._count = 0

    async def add(self, chat: int, language: str, text: str) -> None:
        """Keep a wish of a private chat; the same one twice is one."""
        if (chat, text) not in [(wish.chat, wish.text) for wish in self._wishes.values()]:
            self._count += 1
            self._wishes[self._count] = Wish(self._count, chat, language, text)

    async def open(self) -> tuple[Wish, ...]:
        """Return the wishes that aren't granted, claimed or not, oldest first."""
        return tuple(self._wishes.values())

    async def grant(self, number: int) -> bool:
        """Claim to tell a person of the answer to a wish."""
        now = self._clock()
        if number not in self._wishes or self._free_at.get(number, now) > now:
            return False
        self._free_at[number] = now + TELLING_LEASE
        return True

    async def ungrant(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        self._free_at.pop(number, None)

    async def granted(self, number: int) -> None:
        """Note that a person has been told, or can't be any more, and let go of their chat."""
        self._wishes.pop(number, None)
