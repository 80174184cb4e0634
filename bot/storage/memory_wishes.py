"""The wishes of tests and of a bot that remembers nothing once it stops."""

from __future__ import annotations

from bot.storage.wishes import Wish


class MemoryWishes:
    """Keep wishes in memory, by the same rules as SqlWishes."""

    def __init__(self) -> None:
        self._wishes: dict[int, Wish] = {}
        self._granted: set[int] = set()
        self._count = 0

    async def add(self, chat: int, language: str, text: str) -> None:
        """Keep a wish of a private chat; the same one twice is one."""
        open_ones = [(wish.chat, wish.text) for wish in await self.open()]
        if (chat, text) not in open_ones:
            self._count += 1
            self._wishes[self._count] = Wish(self._count, chat, language, text)

    async def open(self) -> tuple[Wish, ...]:
        """Return the wishes that nobody has claimed, oldest first."""
        return tuple(w for number, w in self._wishes.items() if number not in self._granted)

    async def grant(self, number: int) -> bool:
        """Claim to tell a person of the answer to a wish."""
        if number not in self._wishes or number in self._granted:
            return False
        self._granted.add(number)
        return True

    async def ungrant(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        self._granted.discard(number)

    async def granted(self, number: int) -> None:
        """Let go of the person's chat in a wish: they have been told, or can't be any more."""
        self._wishes.pop(number, None)
