"""Who wants to be told when there is an answer to what, and the port through which it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold who wants to be told when there is an answer to what."""

    number: int
    chat: int
    language: str
    text: str


class Wishes(Protocol):
    """Keep wishes, for any number of processes.

    Every method raises StorageError when the database can't be reached or written.
    """

    async def add(self, chat: int, language: str, text: str) -> None:
        """Keep a wish of a private chat; the same one twice is one."""
        ...

    async def open(self) -> tuple[Wish, ...]:
        """Return the wishes that aren't granted, claimed or not, oldest first."""
        ...

    async def grant(self, number: int) -> bool:
        """Claim to tell a person of the answer to a wish: of all who ask, one gets True.

        A claim that is neither settled nor given back lapses after a while.
        """
        ...

    async def ungrant(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        ...

    async def granted(self, number: int) -> None:
        """Note that a person has been told, or can't be any more, and let go of their chat."""
        ...
