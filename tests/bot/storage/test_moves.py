"""The new ids of groups: alike in memory and in each database."""

from __future__ import annotations

import pytest

from bot.storage.moves import MemoryMoves, Moves
from bot.storage.sql import SqlStore
from bot.storage.sql_moves import SqlMoves
from tests.bot.storage.conftest import Room

OLD, NEW = -4_000_001, -1_001_234_567_890


@pytest.fixture
def moves(room: Room) -> Moves:
    """Keep the ids in each way in turn."""
    if isinstance(room.store, SqlStore):
        return SqlMoves(room.store._transactions)
    return MemoryMoves()


async def test_the_new_id_of_a_group_is_remembered(moves: Moves) -> None:
    """Once, however often it is learnt; the last one counts."""
    assert await moves.known() == {}
    for new in (NEW - 1, NEW, NEW):
        await moves.keep(OLD, new)
    await moves.keep(OLD - 1, NEW - 2)
    assert await moves.known() == {OLD: NEW, OLD - 1: NEW - 2}
