"""Following: what other processes publish becomes live here, too."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt

import pytest

from bot.conversation.reload import following
from bot.storage.versions import MemoryVersionBook


class Follower:
    """Have version b live at first, and whatever `newest` is once it is rebuilt."""

    def __init__(self) -> None:
        self.version = "b"
        self.newest = "b"
        self.prepared = asyncio.Event()

    async def take_over(self, files: str) -> None:
        """Do nothing: no files are published."""

    async def rebuild(self) -> None:
        """Have the newest version live."""
        self.version = self.newest

    async def prepare(self) -> None:
        """Say that there was a look."""
        self.prepared.set()


async def test_what_was_published_between_two_looks_is_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slow process that publishes last, without what another taught meanwhile, takes that in."""
    monkeypatch.setattr(following, "_LOOK_AGAIN", 0)
    book, here = MemoryVersionBook(lambda: dt.datetime.now(dt.UTC)), Follower()
    await book.publish("a")
    seen = await book.published()
    here.newest = "b+c"
    await book.publish("b+c")  # by another process, while this one made version b
    await book.publish("b")
    task = asyncio.create_task(following.follow(here, book, seen))
    await here.prepared.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert here.version == "b+c"
