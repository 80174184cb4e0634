"""The loop as a whole, over HTTP: from a question in vain to knowledge in the files."""

from __future__ import annotations

from pathlib import Path

from tests.botapi import BotApiServer
from tests.week import Week


async def test_bot_gets_better_in_a_week(tmp_path: Path) -> None:
    """An operator answers, an admin teaches, others are answered, the files have it in the end."""
    async with BotApiServer(username="majlis_bot", patience=15) as server:
        await Week.of(server, tmp_path).play()
