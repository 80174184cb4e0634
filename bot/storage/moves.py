"""Which groups were upgraded to supergroups, and the port through which it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Moves(Protocol):
    """Keep the new ids of groups; every method raises StorageError when the database fails."""

    async def keep(self, old: int, new: int) -> None:
        """Remember the new id of a group."""
        ...

    async def known(self) -> Mapping[int, int]:
        """Return the new ids of groups by their old ones."""
        ...


class MemoryMoves:
    """Keep the new ids of groups in memory."""

    def __init__(self) -> None:
        self._moves: dict[int, int] = {}

    async def keep(self, old: int, new: int) -> None:
        """Remember the new id of a group."""
        self._moves[old] = new

    async def known(self) -> Mapping[int, int]:
        """Return the new ids of groups by their old ones."""
        return self._moves
