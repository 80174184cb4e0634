"""In what order updates are handled: one after the other in a chat, side by side across chats."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Awaitable
from dataclasses import dataclass, field

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_SIDE_BY_SIDE = 256


@dataclass(slots=True)
class _Line:
    """Hold the lock of one chat and how many updates stand in line for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class ChatOrder(BaseUpdateProcessor):
    """Keep the order of the updates of a chat; forget a chat when nothing of it is left.

    At most `side_by_side` updates are handled at a time. An update that stands in line for its
    chat isn't one of them, so that a busy chat holds up no other.
    """

    __slots__ = ("_given_up", "_lines", "_places", "_running")

    def __init__(self, side_by_side: int = _SIDE_BY_SIDE) -> None:
        super().__init__(sys.maxsize)  # the library would count those in line too
        self._places = asyncio.Semaphore(side_by_side)
        self._lines: dict[int, _Line] = {}
        self._running: set[asyncio.Task[object]] = set()
        self._given_up = False

    async def do_process_update(self, update: object, coroutine: Awaitable[None]) -> None:
        """Handle an update when those before it in its chat are done."""
        chat = update.effective_chat if isinstance(update, Update) else None
        task = asyncio.current_task()
        if task:
            self._running.add(task)
        try:
            await self._in_line(chat.id if chat else None, coroutine)
        finally:
            if task:
                self._running.discard(task)
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # it may not have begun

    def give_up(self) -> None:
        """Cancel what is being handled and let nothing more begin."""
        self._given_up = True
        for task in self._running:
            task.cancel()

    async def _in_line(self, chat: int | None, coroutine: Awaitable[None]) -> None:
        if self._given_up:
            return
        if chat is None:
            await self._in_place(coroutine)
            return
        line = self._lines.setdefault(chat, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                await self._in_place(coroutine)
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[chat]

    async def _in_place(self, coroutine: Awaitable[None]) -> None:
        async with self._places:
            await coroutine

    async def initialize(self) -> None:
        """Start with nothing to prepare."""

    async def shutdown(self) -> None:
        """Stop with nothing to release."""
