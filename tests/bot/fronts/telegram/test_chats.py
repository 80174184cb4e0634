"""Which chats are answered, also after a group got another id and while the database fails."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.errors import StorageError
from bot.fronts.telegram.chats import Chats
from bot.storage.moves import MemoryMoves

GROUP, UPGRADED, STRANGER = -5, -1_000_000_000_005, -1_000_000_000_777


class Moves(MemoryMoves):
    """Count the looks; with an error they fail."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.error: StorageError | None = None

    async def known(self) -> Mapping[int, int]:
        """Return the new ids."""
        self.looks += 1
        if self.error:
            raise self.error
        return await super().known()


@pytest.fixture
def moves() -> Moves:
    """Return moves in memory."""
    return Moves()


async def test_an_open_bot_answers_everybody_through_an_outage(moves: Moves) -> None:
    """Whether a chat is that of the operators, it learns later."""
    moves.error = StorageError("down")
    chats = Chats(GROUP, frozenset(), moves)
    assert await chats.allows(STRANGER)
    assert await chats.allows(7)


async def test_an_open_bot_looks_a_stranger_up_now_and_then_only(moves: Moves) -> None:
    """A busy group of others costs no query a message."""
    chats = Chats(GROUP, frozenset(), moves)
    for _ in range(100):
        assert await chats.allows(STRANGER)
    assert moves.looks == 1


async def test_a_closed_bot_waits_to_know_whose_a_group_is(moves: Moves) -> None:
    """It may be an allowed one by its new id, which must not be passed over."""
    chats = Chats(0, frozenset({GROUP}), moves)
    moves.error = StorageError("down")
    with pytest.raises(StorageError):
        await chats.allows(UPGRADED)
    moves.error = None
    assert not await chats.allows(STRANGER)
    await moves.keep(GROUP, UPGRADED)
    assert await chats.allows(UPGRADED)
    assert not await chats.allows(STRANGER)
